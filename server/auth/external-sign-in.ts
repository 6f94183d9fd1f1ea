import { fail, ok, type Result } from '../../shared/result.ts';
import type { Role } from '../../shared/role.ts';
import type { Change, Witness } from '../store/state/change.ts';
import type { UserRow } from '../store/state/schema.ts';
import { dueOf } from './identity.ts';
import { oneTimePassword } from './passwords.ts';
import type { ProviderSession } from './provider-sessions.ts';
import type { Room } from './room.ts';
import { sessionCookie } from './session-cookie.ts';
import type { SessionOrigin } from './sessions.ts';
import { allUsers, establishedAdmins, maxUsers } from './users.ts';

/** A person as a provider that we believe describes them. */
export interface ExternalPerson {
  /** `issuer subject`: what a user is bound by, and nothing else. */
  readonly externalId: string;
  /** Taken at the first sign-in only. */
  readonly name: string;
  readonly role: Role;
  readonly agency: string;
}

export interface ExternalOrigin extends Pick<SessionOrigin, 'address' | 'userAgent'> {
  /** The session that the browser had when it left for the provider. */
  readonly oldSessionKey: string | null;
  readonly provider: ProviderSession;
}

/** What a provider says of a user that Siaga keeps. */
export type ExternalStanding = Pick<ExternalPerson, 'role' | 'agency'>;

export interface ExternalSignedIn extends ExternalStanding {
  /** Of the user in Siaga. */
  readonly name: string;
  /** The `Set-Cookie` to answer with. */
  readonly cookie: string;
  /** `created`; what the user was before, when that changed; `null` when nothing did. */
  readonly change: 'created' | ExternalStanding | null;
}

/** What a sign-in from elsewhere did: it let somebody in, or ended the sessions of who may no longer be what they were. */
export type ExternalAct =
  | { readonly kind: 'entered'; readonly signedIn: ExternalSignedIn }
  | { readonly kind: 'shut-out'; readonly name: string; readonly agency: string };

export type ExternalCode = 'name-taken' | 'disabled' | 'last-admin' | 'limit-reached' | 'busy';

/** Letting in who has signed in elsewhere. */
export function createExternalSignIn(room: Room) {
  return {
    async signInExternal(
      person: ExternalPerson,
      origin: ExternalOrigin,
      witness?: Witness<ExternalAct>,
    ): Promise<Result<ExternalSignedIn, ExternalCode>> {
      // A password that nobody knows, so that the row is like any other; hashed only when it is needed, and not in turn.
      const known = await findExternal(room, person.externalId);
      const hashed = known ? ok('') : await room.passwords.hash(oneTimePassword(room.random));
      if (!hashed.ok) return hashed;
      return room.change(async (change) => {
        const user = await findExternal(change, person.externalId);
        const settled = user
          ? await follow(room, change, { user, person, witness })
          : await create(change, person, { hash: hashed.value, at: room.now() });
        if (!settled.ok) return settled;
        const signedIn = await enter(room, change, settled.value, origin);
        await witness?.(change.db, { kind: 'entered', signedIn });
        return ok(signedIn);
      });
    },
  };
}

interface Settled {
  readonly user: UserRow;
  readonly change: ExternalSignedIn['change'];
}

const findExternal = ({ db }: Pick<Change, 'db'>, externalId: string) =>
  db.selectFrom('users').selectAll().where('external_id', '=', externalId).executeTakeFirst();

async function create(
  { db }: Change,
  { externalId, name, role, agency }: ExternalPerson,
  { hash, at }: { readonly hash: string; readonly at: number },
): Promise<Result<Settled, ExternalCode>> {
  const users = await allUsers(db);
  if (users.some((user) => user.name === name))
    return fail('name-taken', 'another user of Siaga has that name');
  if (users.length >= maxUsers) return fail('limit-reached', `at most ${maxUsers} users`);
  const user: UserRow = {
    name,
    password_hash: hash,
    role,
    agency,
    disabled: 0,
    must_change_password: 0,
    password_expires_at: null,
    created_at: at,
    last_sign_in: null,
    totp_secret: null,
    totp_since: null,
    totp_last_step: null,
    recovery_codes: null,
    external_id: externalId,
    password_changed_at: null,
  };
  await db.insertInto('users').values(user).execute();
  return ok({ user, change: 'created' });
}

/** The user as the provider says now; what was open by other rights ends. */
async function follow(
  { sessions }: Room,
  change: Change,
  told: { user: UserRow; person: ExternalPerson; witness: Witness<ExternalAct> | undefined },
): Promise<Result<Settled, ExternalCode>> {
  const { user, person, witness } = told;
  const { role, agency } = person;
  const { db } = change;
  if (user.disabled === 1) return fail('disabled', 'the user is disabled');
  if (role === user.role && agency === user.agency) return ok({ user, change: null });
  await sessions.endAllOf(change, user.name, 'revoked');
  const admins = role === 'admin' ? [] : await establishedAdmins(db);
  if (admins.length === 1 && admins[0] === user.name) {
    await witness?.(db, { kind: 'shut-out', name: user.name, agency: user.agency });
    return fail('last-admin', 'the last admin can be neither disabled nor demoted');
  }
  const before = { role: user.role as Role, agency: user.agency };
  await db.updateTable('users').set({ role, agency }).where('name', '=', user.name).execute();
  return ok({ user: { ...user, role, agency }, change: before });
}

async function enter(
  { now, rules, limits, secure, sessions, tokenSeal }: Room,
  entering: Change,
  { user, change }: Settled,
  { oldSessionKey, address, userAgent, provider: { id: sid, idToken } }: ExternalOrigin,
): Promise<ExternalSignedIn> {
  if (oldSessionKey !== null) await sessions.end(entering, oldSessionKey, 'signed-out');
  await entering.db.updateTable('users').set({ last_sign_in: now() }).where('name', '=', user.name).execute();
  const { name, agency } = user;
  const role = user.role as Role;
  const { id } = await sessions.begin(
    entering,
    { name, role, agency, due: dueOf(user, rules) },
    { address, userAgent, factor: 'oidc' },
    { id: sid, idToken: idToken === null ? null : tokenSeal.close(idToken, name) },
  );
  return { name, role, agency, cookie: sessionCookie(id, limits.absoluteMs, secure), change };
}
