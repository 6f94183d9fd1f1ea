import type { World } from '../world.ts';
import type { Attack } from './attack.ts';
import { bruteForce } from './brute-force.ts';
import { directoryScan } from './directory-scan.ts';
import { injectionProbes } from './injection-probes.ts';
import { passwordSpraying } from './password-spraying.ts';
import { unknownParty } from './unknown-party.ts';
import { userEnumeration } from './user-enumeration.ts';

const firstAfterMs = 45_000;
const waitMs = { least: 120_000, most: 240_000 };

const usual: readonly Attack[] = [
  bruteForce,
  passwordSpraying,
  userEnumeration,
  directoryScan,
  injectionProbes,
];

/**
 * Attacks one after another: a brute force 45 s after the start, then each two to four minutes another, in an order that
 * changes, each kind once in five; the account of an unknown party once in ten.
 */
export function startAttacks(world: World): void {
  const { random, startedAt, population } = world;
  if (population.present.length === 0) return;
  let rounds = 0;
  let left: Attack[] = [];
  const next = (): Attack => {
    if (left.length === 0) {
      left = random.shuffle(rounds % 2 === 0 ? usual : [...usual, unknownParty]);
      rounds += 1;
    }
    return left.pop() ?? bruteForce;
  };
  const turn = (at: number, attack: Attack): void => {
    attack(world, at);
    world.schedule(at + random.between(waitMs.least, waitMs.most), (when) => turn(when, next()));
  };
  world.schedule(startedAt + firstAfterMs, (at) => turn(at, bruteForce));
}
