import type { User } from '../../shared/api/schemas.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Role } from '../../shared/role.ts';
import type { UserRow } from '../store/state/schema.ts';
import { oneTimePassword } from './passwords.ts';
import { noFactor } from './second-factor.ts';
import type { Room } from './room.ts';
import { allUsers, establishedAdmins, findUser, maxUsers, toUser } from './users.ts';

/** A one-time password that nobody used by then is dead. */
export const oneTimePasswordMs = 72 * 3_600_000;

export interface FirstAdmin {
  readonly name: 'admin';
  readonly oneTimePassword: string;
}

export interface OneTime {
  readonly user: User;
  readonly oneTimePassword: string;
}

/** A user before and after a change. */
export interface ChangedUser {
  readonly before: User;
  readonly user: User;
}

export type UserCode = 'unknown-agency' | 'not-found' | 'conflict' | 'last-admin' | 'limit-reached' | 'busy';

/** What an admin may change of a user. */
export interface UserChanges {
  readonly role?: Role | undefined;
  readonly agency?: string | undefined;
  readonly disabled?: boolean | undefined;
}

const firstAdminName = 'admin';

/** What admins do with users. */
export function createUserDesk(room: Room) {
  return { ...createEntries(room), ...createChanges(room) };
}

async function issue(room: Room) {
  const password = oneTimePassword(room.random);
  const hashed = await room.passwords.hash(password);
  if (!hashed.ok) return hashed;
  const columns = {
    password_hash: hashed.value,
    must_change_password: 1,
    password_expires_at: room.now() + oneTimePasswordMs,
  };
  return ok({ password, columns });
}

const newRow = (name: string, role: Role, agency: string, at: number) => ({
  name,
  role,
  agency,
  disabled: 0,
  created_at: at,
  last_sign_in: null,
  totp_secret: null,
  totp_since: null,
  totp_last_step: null,
  recovery_codes: null,
  external_id: null,
  password_changed_at: null,
});

const isAgency = ({ rules }: Room, id: string): boolean => rules.agencies.some((agency) => agency.id === id);
const ownAgency = ({ rules }: Room): string => rules.agencies[0]?.id ?? '';
const noSuchAgency = () => fail('unknown-agency', 'no agency of the configuration has that id');

function createEntries(room: Room) {
  const { db, now, sessions, inTurn } = room;
  return {
    async listUsers(): Promise<User[]> {
      return (await allUsers(db)).map(toUser);
    },
    async findUser(name: string): Promise<User | null> {
      const row = await findUser(db, name);
      return row === undefined ? null : toUser(row);
    },
    createUser: async (user: {
      readonly name: string;
      readonly role: Role;
      readonly agency?: string | undefined;
    }): Promise<Result<OneTime, UserCode>> => {
      const agency = user.agency ?? ownAgency(room);
      if (!isAgency(room, agency)) return noSuchAgency();
      const issued = await issue(room);
      if (!issued.ok) return issued;
      return inTurn(async () => {
        const users = await allUsers(db);
        if (users.some(({ name }) => name === user.name)) return fail('conflict', 'the name is taken');
        if (users.length >= maxUsers) return fail('limit-reached', `at most ${maxUsers} users`);
        const row = { ...newRow(user.name, user.role, agency, now()), ...issued.value.columns };
        await db.insertInto('users').values(row).execute();
        return ok({ user: toUser(row), oneTimePassword: issued.value.password });
      });
    },
    /**
     * While `admin` has no password of its own and no other admin has one, each start gives it a new one-time password and
     * ends what the old one opened; so a first password that was lost or has expired costs a restart, nothing more.
     */
    async ensureFirstAdmin(): Promise<FirstAdmin | null> {
      const known = await findUser(db, firstAdminName);
      if ((await establishedAdmins(db)).length > 0) return null;
      if (known ? !isUnclaimedAdmin(known) : (await allUsers(db)).length > 0) return null;
      const issued = await issue(room);
      if (!issued.ok) throw new Error('too many passwords are being hashed');
      return inTurn(async () => {
        const columns = issued.value.columns;
        await db
          .insertInto('users')
          .values({ ...newRow(firstAdminName, 'admin', ownAgency(room), now()), ...columns })
          .onConflict((conflict) => conflict.column('name').doUpdateSet(columns))
          .execute();
        await sessions.endAllOf(firstAdminName, 'revoked');
        return { name: firstAdminName, oneTimePassword: issued.value.password };
      });
    },
  };
}

const isUnclaimedAdmin = (user: UserRow) =>
  user.role === 'admin' && user.disabled === 0 && user.must_change_password === 1;

const changedBy = (user: UserRow, { role, agency, disabled }: UserChanges) => ({
  role: role ?? user.role,
  agency: agency ?? user.agency,
  disabled: Number(disabled ?? user.disabled === 1),
});

function createChanges(room: Room) {
  const { db, sessions, inTurn } = room;
  const isLastAdmin = async (name: string) => {
    const admins = await establishedAdmins(db);
    return admins.length === 1 && admins[0] === name;
  };
  const noSuchUser = () => fail('not-found', 'no such user');
  const change = (name: string, columns: Partial<UserRow>) =>
    db.updateTable('users').set(columns).where('name', '=', name).returningAll().executeTakeFirstOrThrow();

  return {
    updateUser: (name: string, changes: UserChanges): Promise<Result<ChangedUser, UserCode>> =>
      inTurn(async () => {
        const user = await findUser(db, name);
        if (!user) return noSuchUser();
        const { role, agency, disabled } = changedBy(user, changes);
        if (!isAgency(room, agency) && agency !== user.agency) return noSuchAgency();
        if (role === user.role && agency === user.agency && disabled === user.disabled)
          return ok({ before: toUser(user), user: toUser(user) });
        if ((role !== 'admin' || disabled === 1) && (await isLastAdmin(name))) {
          return fail('last-admin', 'the last admin can be neither disabled nor demoted');
        }
        const changed = await change(name, { role, agency, disabled });
        await sessions.endAllOf(name, 'revoked');
        return ok({ before: toUser(user), user: toUser(changed) });
      }),
    /** Takes a lost second factor away; the user's sessions end. */
    resetFactor: (name: string): Promise<Result<ChangedUser, UserCode>> =>
      inTurn(async () => {
        const user = await findUser(db, name);
        if (!user) return noSuchUser();
        const changed = await change(name, noFactor);
        await sessions.endAllOf(name, 'revoked');
        return ok({ before: toUser(user), user: toUser(changed) });
      }),
    async resetPassword(name: string): Promise<Result<OneTime, UserCode>> {
      const issued = await issue(room);
      if (!issued.ok) return issued;
      return inTurn(async () => {
        const user = await findUser(db, name);
        if (!user) return noSuchUser();
        if (user.external_id !== null) return fail('conflict', 'the user signs in elsewhere');
        if (await isLastAdmin(name)) {
          return fail('last-admin', 'the last admin changes the password, and does not reset it');
        }
        const changed = await change(name, issued.value.columns);
        await sessions.endAllOf(name, 'revoked');
        return ok({ user: toUser(changed), oneTimePassword: issued.value.password });
      });
    },
  };
}
