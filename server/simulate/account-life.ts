import type { AccountAction } from '../../shared/event/fields.ts';
import type { Account } from './population.ts';
import { again, type World } from './world.ts';

const waitMs = { least: 20_000, most: 50_000 };
/** An account outside the register comes this long after the last one is gone, and is found this long after it came. */
const strayAfterMs = { least: 360_000, most: 600_000 };
const strayForMs = { least: 120_000, most: 180_000 };

/** What happens to an account, told by the application; `actor` is the account that did it. */
export function reportAccount(
  world: World,
  at: number,
  change: { readonly action: AccountAction; readonly actor: Account; readonly target: string },
): void {
  const { action, actor, target } = change;
  world.report(at, {
    'event.kind': 'event',
    'event.category': 'iam',
    'event.type': action === 'account-created' ? 'creation' : 'change',
    'event.action': action,
    'event.outcome': 'success',
    'user.name': actor.name,
    'user.target.name': target,
    'organization.id': actor.party.id,
    'source.ip': actor.address,
  });
}

/**
 * Now and then a password is changed or reset, a second factor enrolled. Each ten minutes or so somebody creates an account that
 * the commission's register doesn't have, and minutes later it is found and disabled.
 */
export function startAccountLife(world: World): void {
  const { random, startedAt, population } = world;
  if (population.present.length === 0) return;
  const wait = (): number => random.between(waitMs.least, waitMs.most);
  again(world, startedAt + wait(), wait, (at) => {
    const actor = random.pick(population.present);
    const roll = random.next();
    if (roll < 0.5) reportAccount(world, at, { action: 'password-changed', actor, target: actor.name });
    else if (roll < 0.9) reportAccount(world, at, { action: 'mfa-enrolled', actor, target: actor.name });
    else {
      const colleagues = population.present.filter(({ party }) => party === actor.party);
      const action = roll < 0.96 ? 'password-reset' : 'role-changed';
      reportAccount(world, at, { action, actor, target: random.pick(colleagues).name });
    }
  });
  world.schedule(startedAt + random.between(strayAfterMs.least, strayAfterMs.most), (at) =>
    createStray(world, at),
  );
}

/** Its name is the same each time in a party, so that the list of accounts stays bounded. */
function createStray(world: World, at: number): void {
  const { random, population } = world;
  const admins = population.present.filter(({ role }) => role === 'admin');
  const actor = random.pick(admins);
  const target = actor.name.replace('admin', 'saksi');
  reportAccount(world, at, { action: 'account-created', actor, target });
  world.schedule(at + random.between(5_000, 20_000), (when) =>
    reportAccount(world, when, { action: 'account-activated', actor, target }),
  );
  world.schedule(at + random.between(strayForMs.least, strayForMs.most), (when) => {
    reportAccount(world, when, { action: 'account-disabled', actor, target });
    world.schedule(when + random.between(strayAfterMs.least, strayAfterMs.most), (next) =>
      createStray(world, next),
    );
  });
}
