import type { Wall } from '../../shared/api/tokens.ts';
import type { Role } from '../../shared/role.ts';
import type { UserRow } from '../store/state/schema.ts';
import type { StateDb } from '../store/state/state-store.ts';
import { grantsIn, type AuthRules } from './identity.ts';

type Made = Pick<Wall, 'owner' | 'agency'>;
type Maker = Pick<UserRow, 'role' | 'agency' | 'disabled'>;

function becameOf({ agency }: Made, user: Maker | undefined, rules: AuthRules): Wall['maker'] {
  if (!user || user.disabled === 1) return 'gone';
  const reach = grantsIn(user.role as Role, user.agency, rules)['walls:manage'];
  return reach === 'all' || (reach === 'agency' && user.agency === agency) ? 'in-charge' : 'without-rights';
}

/** Reads what has become of those who made walls, to be asked wall by wall; as of now. */
export async function readMakers(db: StateDb, rules: AuthRules): Promise<(wall: Made) => Wall['maker']> {
  const rows = await db.selectFrom('users').select(['name', 'role', 'agency', 'disabled']).execute();
  const users = new Map(rows.map(({ name, ...user }) => [name, user]));
  return (wall) => becameOf(wall, users.get(wall.owner), rules);
}
