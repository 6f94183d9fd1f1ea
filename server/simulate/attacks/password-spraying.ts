import { attemptLogin } from '../login.ts';
import { oneByOne } from '../world.ts';
import { attackerAddress, toolAgents, type Attack } from './attack.ts';

const accounts = 15;
const everyMs = 4_500;

/** One password tried on fifteen accounts of many parties, from one address, in about a minute. */
export const passwordSpraying: Attack = (world, at) => {
  const { random, population } = world;
  const address = attackerAddress(random);
  const agent = random.pick(toolAgents);
  const items = random.shuffle(population.present).slice(0, accounts);
  oneByOne(world, { at, everyMs, items }, (when, { name, party }) =>
    attemptLogin(world, when, {
      user: name,
      party: party.id,
      address,
      agent,
      result: 'failure',
      reason: 'bad-password',
    }),
  );
};
