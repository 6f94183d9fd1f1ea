import type { User } from '../../shared/api/schemas.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Role } from '../../shared/role.ts';
import type { Change, Witness } from '../store/state/change.ts';
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
  const { db, now, sessions } = room;
  return {
    async listUsers(): Promise<User[]> {
      return (await allUsers(db)).map(toUser);
    },
    async findUser(name: string): Promise<User | null> {
      const row = await findUser(db, name);
      return row === undefined ? null : toUser(row);
    },
    createUser: async (
      user: { readonly name: string; readonly role: Role; readonly agency?: string | undefined },
      witness?: Witness<OneTime>,
    ): Promise<Result<OneTime, UserCode>> => {
      const agency = user.agency ?? ownAgency(room);
      if (!isAgency(room, agency)) return noSuchAgency();
      const issued = await issue(room);
      if (!issued.ok) return issued;
      return room.change(async (change) => {
        const users = await allUsers(change.db);
        if (users.some(({ name }) => name === user.name)) return fail('conflict', 'the name is taken');
        if (users.length >= maxUsers) return fail('limit-reached', `at most ${maxUsers} users`);
        const row = { ...newRow(user.name, user.role, agency, now()), ...issued.value.columns };
        await change.db.insertInto('users').values(row).execute();
        const created = { user: toUser(row), oneTimePassword: issued.value.password };
        await witness?.(change.db, created);
        return ok(created);
      });
    },
    /**
     * While `admin` has no password of its own and no other admin has one, each start gives it a new one-time password and
     * ends what the old one opened; so a first password that was lost or has expired costs a restart, nothing more.
     */
    async ensureFirstAdmin(witness?: Witness<OneTime>): Promise<FirstAdmin | null> {
      const known = await findUser(db, firstAdminName);
      if ((await establishedAdmins(db)).length > 0) return null;
      if (known ? !isUnclaimedAdmin(known) : (await allUsers(db)).length > 0) return null;
      const issued = await issue(room);
      if (!issued.ok) throw new Error('too many passwords are being hashed');
      return room.change(async (change) => {
        const { columns, password } = issued.value;
        const row = await change.db
          .insertInto('users')
          .values({ ...newRow(firstAdminName, 'admin', ownAgency(room), now()), ...columns })
          .onConflict((conflict) => conflict.column('name').doUpdateSet(columns))
          .returningAll()
          .executeTakeFirstOrThrow();
        await sessions.endAllOf(change, firstAdminName, 'revoked');
        await witness?.(change.db, { user: toUser(row), oneTimePassword: password });
        return { name: firstAdminName, oneTimePassword: password };
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

async function isLastAdmin({ db }: Change, name: string): Promise<boolean> {
  const admins = await establishedAdmins(db);
  return admins.length === 1 && admins[0] === name;
}

const noSuchUser = () => fail('not-found', 'no such user');

function createChanges(room: Room) {
  /** Writes the columns and ends the user's sessions. */
  const write = async (change: Change, name: string, columns: Partial<UserRow>): Promise<User> => {
    const changed = await change.db
      .updateTable('users')
      .set(columns)
      .where('name', '=', name)
      .returningAll()
      .executeTakeFirstOrThrow();
    await room.sessions.endAllOf(change, name, 'revoked');
    return toUser(changed);
  };

  return {
    updateUser: (
      name: string,
      changes: UserChanges,
      witness?: Witness<ChangedUser>,
    ): Promise<Result<ChangedUser, UserCode>> =>
      room.change(async (change) => {
        const user = await findUser(change.db, name);
        if (!user) return noSuchUser();
        const { role, agency, disabled } = changedBy(user, changes);
        if (!isAgency(room, agency) && agency !== user.agency) return noSuchAgency();
        const isSame = role === user.role && agency === user.agency && disabled === user.disabled;
        if (!isSame && (role !== 'admin' || disabled === 1) && (await isLastAdmin(change, name))) {
          return fail('last-admin', 'the last admin can be neither disabled nor demoted');
        }
        const before = toUser(user);
        const after = isSame ? before : await write(change, name, { role, agency, disabled });
        await witness?.(change.db, { before, user: after });
        return ok({ before, user: after });
      }),
    /** Takes a lost second factor away; the user's sessions end. */
    resetFactor: (name: string, witness?: Witness<ChangedUser>): Promise<Result<ChangedUser, UserCode>> =>
      room.change(async (change) => {
        const user = await findUser(change.db, name);
        if (!user) return noSuchUser();
        const changed = { before: toUser(user), user: await write(change, name, noFactor) };
        await witness?.(change.db, changed);
        return ok(changed);
      }),
    async resetPassword(name: string, witness?: Witness<OneTime>): Promise<Result<OneTime, UserCode>> {
      const issued = await issue(room);
      if (!issued.ok) return issued;
      return room.change(async (change) => {
        const user = await findUser(change.db, name);
        if (!user) return noSuchUser();
        if (user.external_id !== null) return fail('conflict', 'the user signs in elsewhere');
        if (await isLastAdmin(change, name)) {
          return fail('last-admin', 'the last admin changes the password, and does not reset it');
        }
        const { columns, password } = issued.value;
        const reset = { user: await write(change, name, columns), oneTimePassword: password };
        await witness?.(change.db, reset);
        return ok(reset);
      });
    },
  };
}
