import { fail, ok, type Result } from '../../shared/result.ts';
import type { Change, Witness } from '../store/state/change.ts';
import type { UserRow } from '../store/state/schema.ts';
import { addressGroup, createAttemptLimiter } from './attempt-limiter.ts';
import {
  attemptWindowMs,
  begin,
  createPasswordCheck,
  gone,
  maxLimitKeys,
  sessionOf,
  tooMany,
  type PasswordCheckCode,
  type SignedIn,
} from './begin-session.ts';
import type { Identity } from './identity.ts';
import { passwordWeakness, type WeaknessCode } from './password-weakness.ts';
import { proveFactor } from './prove-factor.ts';
import type { Room } from './room.ts';
import { endedCookie } from './session-cookie.ts';
import type { SessionFactor, SessionOrigin } from './sessions.ts';
import { findUser } from './users.ts';

/** Failed attempts of one address on one name. */
export const maxAttemptsOnName = 10;
/** Failed attempts of one address on any name. */
export const maxAttemptsOfAddress = 50;
/** Wrong codes behind a right password, of all addresses that no session of the user is from. */
export const maxWrongCodes = 20;
/** They are counted over this long. */
export const wrongCodeWindowMs = 3_600_000;
/** Of the refusals of one address by a limit, one in this time is news. */
const newsWindowMs = 60_000;

export type SignInCode = 'wrong-credentials' | 'code-required' | 'wrong-code' | 'rate-limited' | 'busy';
export type PasswordCode = PasswordCheckCode | WeaknessCode;

/** Signing in, out, and changing one's own password. */
export function createSignIn(room: Room) {
  const news = createAttemptLimiter({
    limit: 1,
    windowMs: newsWindowMs,
    maxKeys: maxLimitKeys,
    now: room.now,
  });
  return {
    sessionOf,
    signIn: createDoor(room),
    isNews: (address: string): boolean => news.take(addressGroup(address)) === 0,
    ...createOwnAffairs(room),
  };
}

/** By a password; who signs in elsewhere has none. */
const mayEnter = (user: UserRow, at: number) =>
  user.disabled === 0 &&
  user.external_id === null &&
  (user.password_expires_at === null || user.password_expires_at > at);

interface Entry {
  readonly name: string;
  readonly password: string;
  readonly code?: string | undefined;
  readonly address: string;
  readonly userAgent: string;
  readonly cookieHeader: string | undefined;
}

function createDoor(room: Room) {
  const { db, now, passwords, sessions } = room;
  const limits = createLimits(now);
  const secondStep = createSecondStep(room);

  return async (request: Entry, witness?: Witness<SignedIn>): Promise<Result<SignedIn, SignInCode>> => {
    const attempt = limits.take(request.address, request.name);
    if (attempt.waitMs > 0) return tooMany(attempt.waitMs);
    const user = await findUser(db, request.name);
    const verified = await passwords.verify(request.password, user?.password_hash ?? null);
    if (!verified.ok) {
      attempt.giveBack();
      return verified;
    }
    return room.change(async (change) => {
      // Read again: the user may have been disabled, or the password changed, while it was being checked.
      const fresh = user && verified.value ? await findUser(change.db, user.name) : undefined;
      if (!fresh || fresh.password_hash !== user?.password_hash || !mayEnter(fresh, now())) {
        return fail('wrong-credentials', 'name or password is wrong');
      }
      const factor = await secondStep(change, fresh, request);
      if (!factor.ok) {
        if (factor.code === 'code-required') attempt.giveBack();
        return factor;
      }
      attempt.giveBack();
      const old = sessions.resolve(request.cookieHeader);
      if (old) await sessions.end(change, old.sessionKey, 'signed-out');
      await stampSignIn(change, fresh, now());
      const { address, userAgent } = request;
      const signedIn = await begin(room, change, fresh, { address, userAgent, factor: factor.value });
      await witness?.(change.db, signedIn);
      return ok(signedIn);
    });
  };
}

const stampSignIn = ({ db }: Change, { name }: UserRow, at: number) =>
  db.updateTable('users').set({ last_sign_in: at }).where('name', '=', name).execute();

/**
 * The second factor, once the password was right: who doesn't know the password learns nothing of it. Codes are few, so wrong
 * ones are limited by name as well; only who has the password can reach that limit, and not for the places that the user
 * is signed in from.
 */
function createSecondStep(room: Room) {
  const { now, sessions } = room;
  const wrongCodes = createAttemptLimiter({
    limit: maxWrongCodes,
    windowMs: wrongCodeWindowMs,
    maxKeys: maxLimitKeys,
    now,
  });
  const isKnownPlace = (name: string, address: string) =>
    sessions.listOf(name).some((session) => addressGroup(session.address) === addressGroup(address));
  return async (
    { db }: Change,
    user: UserRow,
    { code, address }: Entry,
  ): Promise<Result<SessionFactor, 'code-required' | 'wrong-code' | 'rate-limited'>> => {
    if (user.totp_since === null) return ok('password');
    if (code === undefined) return fail('code-required', 'a code of the second factor is needed');
    const isLimited = !isKnownPlace(user.name, address);
    const waitMs = isLimited ? wrongCodes.take(user.name) : 0;
    if (waitMs > 0) return tooMany(waitMs);
    const factor = await proveFactor({ ...room, db }, user, code);
    if (factor === null) return fail('wrong-code', 'the code is wrong, too old or used up');
    if (isLimited) wrongCodes.giveBack(user.name);
    return ok(factor);
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

function createOwnAffairs(room: Room) {
  const { passwords, sessions } = room;
  const check = createPasswordCheck(room);

  return {
    async signOut({ sessionKey }: Identity, witness?: Witness<void>): Promise<string> {
      await room.change(async (change) => {
        await sessions.end(change, sessionKey, 'signed-out');
        await witness?.(change.db);
      });
      return endedCookie(room.secure);
    },
    async changePassword(
      identity: Identity,
      { current, next }: { readonly current: string; readonly next: string },
      { address, userAgent }: Pick<SessionOrigin, 'address' | 'userAgent'>,
      witness?: Witness<SignedIn>,
    ): Promise<Result<SignedIn, PasswordCode>> {
      const checked = await check(identity, current);
      if (!checked.ok) return checked;
      const user = checked.value;
      if (current === next) return fail('weak-password', 'expected a new password');
      const judged = await passwordWeakness(next, user, room.rules);
      if (!judged.ok) return judged;
      const hashed = await passwords.hash(next);
      if (!hashed.ok) return hashed;
      return room.change(async (change) => {
        const factor = sessions.listOf(user.name).find(({ key }) => key === identity.sessionKey)?.factor;
        if (factor === undefined) return gone();
        const changed = await setPassword(change, user, { hash: hashed.value, at: room.now() });
        if (!changed) return gone();
        await sessions.endAllOf(change, user.name, 'revoked');
        const signedIn = await begin(room, change, changed, { address, userAgent, factor });
        await witness?.(change.db, signedIn);
        return ok(signedIn);
      });
    },
  };
}

/** `undefined` when the user was disabled, or the password changed, while the new one was being hashed. */
const setPassword = (
  { db }: Change,
  { name, password_hash: before }: UserRow,
  { hash, at }: { readonly hash: string; readonly at: number },
): Promise<UserRow | undefined> =>
  db
    .updateTable('users')
    .set({
      password_hash: hash,
      must_change_password: 0,
      password_expires_at: null,
      password_changed_at: at,
    })
    .where('name', '=', name)
    .where('password_hash', '=', before)
    .where('disabled', '=', 0)
    .returningAll()
    .executeTakeFirst();
