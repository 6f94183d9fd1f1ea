import { attemptLogin } from '../login.ts';
import { oneByOne } from '../world.ts';
import { attackerAddress, toolAgents, type Attack } from './attack.ts';

const everyMs = 2_200;
const guesses =
  'admin administrator root superadmin sipol kpu operator user test guest ketua sekretaris bendahara admin1 admin123 webmaster helpdesk verifikator operatorpusat adminpusat sysadmin backup oracle postgres'.split(
    ' ',
  );

/** Two dozen account names guessed from one address within a minute; none of them exists, and the application says so. */
export const userEnumeration: Attack = (world, at) => {
  const { random } = world;
  const address = attackerAddress(random);
  const agent = random.pick(toolAgents);
  oneByOne(world, { at, everyMs, items: random.shuffle(guesses) }, (when, user) =>
    attemptLogin(world, when, {
      user,
      party: null,
      address,
      agent,
      result: 'failure',
      reason: 'user-unknown',
    }),
  );
};
