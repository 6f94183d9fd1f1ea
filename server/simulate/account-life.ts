import type { AccountAction } from '../../shared/event/fields.ts';
import type { Account } from './population.ts';
import { again, type World } from './world.ts';

const waitMs = { least: 20_000, most: 50_000 };
/** New accounts a party may get; names repeat after that, so that the list of accounts stays bounded. */
const newPerParty = 3;

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

/** Now and then an account is created and activated, a password changed or reset, a second factor enrolled. */
export function startAccountLife(world: World): void {
  const { random, startedAt, population } = world;
  if (population.present.length === 0) return;
  const wait = (): number => random.between(waitMs.least, waitMs.most);
  again(world, startedAt + wait(), wait, (at) => {
    const actor = random.pick(population.present);
    const roll = random.next();
    if (roll < 0.2) create(world, at, actor);
    else if (roll < 0.6) reportAccount(world, at, { action: 'password-changed', actor, target: actor.name });
    else if (roll < 0.9) reportAccount(world, at, { action: 'mfa-enrolled', actor, target: actor.name });
    else {
      const colleagues = population.present.filter(({ party }) => party === actor.party);
      const action = roll < 0.96 ? 'password-reset' : 'role-changed';
      reportAccount(world, at, { action, actor, target: random.pick(colleagues).name });
    }
  });
}

function create(world: World, at: number, colleague: Account): void {
  const { random, population } = world;
  const actor =
    population.present.find(({ party, role }) => party === colleague.party && role === 'admin') ?? colleague;
  const target = `${actor.name.replace('admin', 'saksi')}${random.whole(1, newPerParty)}`;
  reportAccount(world, at, { action: 'account-created', actor, target });
  world.schedule(at + random.between(5_000, 20_000), (when) =>
    reportAccount(world, when, { action: 'account-activated', actor, target }),
  );
}
