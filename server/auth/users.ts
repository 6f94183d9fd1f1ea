import type { User } from '../../shared/api/schemas.ts';
import type { Role } from '../../shared/role.ts';
import type { UserRow } from '../store/state/schema.ts';
import type { StateDb } from '../store/state/state-store.ts';

/** Users in all, disabled ones too. */
export const maxUsers = 1_000;

/** What anyone may be told of a user. */
export const toUser = (row: UserRow): User => ({
  name: row.name,
  role: row.role as Role,
  agency: row.agency,
  secondFactor: row.totp_since !== null,
  disabled: row.disabled === 1,
  createdAt: row.created_at,
  lastSignIn: row.last_sign_in,
});

/** The user of that name, exactly. */
export const findUser = (db: StateDb, name: string): Promise<UserRow | undefined> =>
  db.selectFrom('users').selectAll().where('name', '=', name).executeTakeFirst();

/** All users by name. */
export const allUsers = (db: StateDb): Promise<UserRow[]> =>
  db.selectFrom('users').selectAll().orderBy('name').execute();

/** Admins who can sign in and have a password of their own: there must always be one. */
export async function establishedAdmins(db: StateDb): Promise<string[]> {
  const rows = await db
    .selectFrom('users')
    .select('name')
    .where('role', '=', 'admin')
    .where('disabled', '=', 0)
    .where('must_change_password', '=', 0)
    .execute();
  return rows.map((row) => row.name);
}
