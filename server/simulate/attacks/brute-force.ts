import { reportAccount } from '../account-life.ts';
import { attemptLogin } from '../login.ts';
import type { Account } from '../population.ts';
import { oneByOne, type World } from '../world.ts';
import { attackerAddress, toolAgents, type Attack } from './attack.ts';

const tries = { least: 28, most: 34 };
const everyMs = 1_300;
const lockMs = 180_000;

/** Some thirty passwords tried on one operator in forty seconds; the site ends it by a lock, or the attacker by giving up, or by luck. */
export const bruteForce: Attack = (world, at) => {
  const { random, population } = world;
  const target = random.pick(population.present);
  const attempt = {
    user: target.name,
    party: target.party.id,
    address: attackerAddress(random),
    agent: random.pick(toolAgents),
  };
  const count = random.whole(tries.least, tries.most);
  const roll = random.next();
  oneByOne(world, { at, everyMs, items: Array.from({ length: count }) }, (when) =>
    attemptLogin(world, when, { ...attempt, result: 'failure', reason: 'bad-password' }),
  );
  const end = at + (count + 1) * everyMs;
  if (roll < 0.5) {
    world.schedule(end, (when) => lock(world, target, when));
    oneByOne(world, { at: end + everyMs, everyMs, items: Array.from({ length: 5 }) }, (when) =>
      attemptLogin(world, when, { ...attempt, result: 'blocked', reason: 'account-locked' }),
    );
  } else if (roll < 0.65)
    world.schedule(end, (when) => attemptLogin(world, when, { ...attempt, result: 'success' }));
};

function lock(world: World, target: Account, at: number): void {
  target.lockedUntil = at + lockMs;
  const change = { actor: target, target: target.name };
  reportAccount(world, at, { ...change, action: 'account-locked' });
  world.schedule(target.lockedUntil, (when) =>
    reportAccount(world, when, { ...change, action: 'account-activated' }),
  );
}
