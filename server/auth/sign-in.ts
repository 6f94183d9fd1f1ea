import type { Session } from '../../shared/api/schemas.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Role } from '../../shared/role.ts';
import type { UserRow } from '../store/state/schema.ts';
import { addressGroup, createAttemptLimiter } from './attempt-limiter.ts';
import { passwordWeakness } from './passwords.ts';
import type { Room } from './room.ts';
import { endedCookie, sessionCookie } from './session-cookie.ts';
import { dueOf, type Identity } from './identity.ts';
import { sessionMaxAgeMs, type SessionOrigin } from './sessions.ts';
import { findUser } from './users.ts';

/** Attempts are counted over this long. */
export const attemptWindowMs = 15 * 60_000;
/** Failed attempts of one address on one name. */
export const maxAttemptsOnName = 10;
/** Failed attempts of one address on any name. */
export const maxAttemptsOfAddress = 50;
/** Wrong current passwords of one session. */
export const maxPasswordAttempts = 10;
/** Addresses and names remembered for these limits. */
export const maxLimitKeys = 20_000;

export interface SignedIn {
  readonly session: Session;
  /** The `Set-Cookie` to answer with. */
  readonly cookie: string;
}

export type SignInCode = 'wrong-credentials' | 'rate-limited' | 'busy';
export type PasswordCode = 'wrong-password' | 'weak-password' | 'rate-limited' | 'busy' | 'unauthenticated';

/** A session as the API tells it. */
const sessionOf = ({ name, role, agency, grants, due, expiresAt }: Identity): Session => ({
  user: { name, role, agency },
  grants,
  due,
  expiresAt,
});

/** Signing in, out, and changing one's own password. */
export function createSignIn(room: Room) {
  return { sessionOf, signIn: createDoor(room), ...createOwnAffairs(room) };
}

async function begin(room: Room, user: UserRow, origin: SessionOrigin): Promise<SignedIn> {
  const { name, agency } = user;
  const due = dueOf(user, room.rules);
  const { id, identity } = await room.sessions.begin({ name, role: user.role as Role, agency, due }, origin);
  return { session: sessionOf(identity), cookie: sessionCookie(id, sessionMaxAgeMs, room.secure) };
}

/** By a password; who signs in elsewhere has none. */
const mayEnter = (user: UserRow, at: number) =>
  user.disabled === 0 &&
  user.external_id === null &&
  (user.password_expires_at === null || user.password_expires_at > at);

function createDoor(room: Room) {
  const { db, now, passwords, sessions, inTurn } = room;
  const limits = createLimits(now);

  return async (request: {
    readonly name: string;
    readonly password: string;
    readonly address: string;
    readonly userAgent: string;
    readonly cookieHeader: string | undefined;
  }): Promise<Result<SignedIn, SignInCode>> => {
    const attempt = limits.take(request.address, request.name);
    if (attempt.waitMs > 0) return tooMany(attempt.waitMs);
    const user = await findUser(db, request.name);
    const verified = await passwords.verify(request.password, user?.password_hash ?? null);
    if (!verified.ok) {
      attempt.giveBack();
      return verified;
    }
    return inTurn(async () => {
      // Read again: the user may have been disabled, or the password changed, while it was being checked.
      const fresh = user && verified.value ? await findUser(db, user.name) : undefined;
      if (!fresh || fresh.password_hash !== user?.password_hash || !mayEnter(fresh, now())) {
        return fail('wrong-credentials', 'name or password is wrong');
      }
      attempt.giveBack();
      const old = sessions.resolve(request.cookieHeader);
      if (old) await sessions.end(old.sessionKey, 'signed-out');
      await db.updateTable('users').set({ last_sign_in: now() }).where('name', '=', fresh.name).execute();
      const { address, userAgent } = request;
      return ok(await begin(room, fresh, { address, userAgent, factor: 'password' }));
    });
  };
}

/**
 * Limits by address, and by address and name. There is none by name alone: with it anyone could lock anyone else out.
 * Attempts are counted before they are made, so that many at once are no way round.
 */
function createLimits(now: () => number) {
  const common = { windowMs: attemptWindowMs, maxKeys: maxLimitKeys, now };
  const byAddress = createAttemptLimiter({ ...common, limit: maxAttemptsOfAddress });
  const byName = createAttemptLimiter({ ...common, limit: maxAttemptsOnName });
  return {
    take(address: string, name: string) {
      const group = addressGroup(address);
      const named = `${group}\n${name}`;
      const nameWait = byName.take(named);
      const waitMs = nameWait > 0 ? nameWait : byAddress.take(group);
      return {
        waitMs,
        giveBack() {
          byName.giveBack(named);
          byAddress.giveBack(group);
        },
      };
    },
  };
}

function tooMany(waitMs: number) {
  return fail('rate-limited', `too many attempts; try again in ${Math.ceil(waitMs / 60_000)} min`);
}

function createOwnAffairs(room: Room) {
  const { db, now, passwords, sessions, inTurn } = room;
  const limiter = createAttemptLimiter({
    limit: maxPasswordAttempts,
    windowMs: attemptWindowMs,
    maxKeys: maxLimitKeys,
    now,
  });
  const gone = () => fail('unauthenticated', 'the session has ended');

  return {
    async signOut(identity: Identity): Promise<string> {
      await sessions.end(identity.sessionKey, 'signed-out');
      return endedCookie(room.secure);
    },
    async changePassword(
      identity: Identity,
      { current, next }: { readonly current: string; readonly next: string },
      { address, userAgent }: Pick<SessionOrigin, 'address' | 'userAgent'>,
    ): Promise<Result<SignedIn, PasswordCode>> {
      const waitMs = limiter.take(identity.sessionKey);
      if (waitMs > 0) return tooMany(waitMs);
      const user = await findUser(db, identity.name);
      if (!user) return gone();
      const verified = await passwords.verify(current, user.password_hash);
      if (!verified.ok) return verified;
      if (!verified.value) return fail('wrong-password', 'the current password is wrong');
      limiter.giveBack(identity.sessionKey);
      const weakness = current === next ? 'expected a new password' : passwordWeakness(next, user.name);
      if (weakness !== null) return fail('weak-password', weakness);
      const hashed = await passwords.hash(next);
      if (!hashed.ok) return hashed;
      return inTurn(async () => {
        const changed = await db
          .updateTable('users')
          .set({
            password_hash: hashed.value,
            must_change_password: 0,
            password_expires_at: null,
            password_changed_at: now(),
          })
          .where('name', '=', user.name)
          .where('password_hash', '=', user.password_hash)
          .where('disabled', '=', 0)
          .returningAll()
          .executeTakeFirst();
        if (!changed || !sessions.isLive(identity.sessionKey)) return gone();
        await sessions.endAllOf(user.name, 'revoked');
        return ok(await begin(room, changed, { address, userAgent, factor: 'password' }));
      });
    },
  };
}
