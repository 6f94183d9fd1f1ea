import { attemptLogin } from '../login.ts';
import { browsers } from '../site.ts';
import { attackerAddress, type Attack } from './attack.ts';

const user = 'operator99a';

/** An account appears, and signs in, for a party that the register doesn't know. */
export const unknownParty: Attack = (world, at) => {
  const { random, population } = world;
  const known = new Set(population.byParty.map(({ party }) => party.id));
  const party = ['P99', 'X99'].find((id) => !known.has(id)) ?? 'tak-terdaftar';
  const address = attackerAddress(random);
  const agent = random.pick(browsers);
  world.report(at, {
    'event.kind': 'event',
    'event.category': 'iam',
    'event.type': 'creation',
    'event.action': 'account-created',
    'event.outcome': 'success',
    'user.name': 'admin99',
    'user.target.name': user,
    'organization.id': party,
    'source.ip': address,
  });
  world.schedule(at + 20_000, (when) =>
    attemptLogin(world, when, { user, party, address, agent, result: 'success' }),
  );
};
