import type { Session } from '../../shared/api/schemas.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Role } from '../../shared/role.ts';
import type { Change } from '../store/state/change.ts';
import type { UserRow } from '../store/state/schema.ts';
import { createAttemptLimiter } from './attempt-limiter.ts';
import { dueOf, type Identity } from './identity.ts';
import type { Room } from './room.ts';
import { sessionCookie } from './session-cookie.ts';
import type { SessionOrigin } from './sessions.ts';
import { findUser } from './users.ts';

/** Attempts are counted over this long. */
export const attemptWindowMs = 15 * 60_000;
/** Wrong current passwords, or wrong codes, of one session. */
export const maxPasswordAttempts = 10;
/** Addresses and names remembered for these limits. */
export const maxLimitKeys = 20_000;

export interface SignedIn {
  readonly session: Session;
  /** The `Set-Cookie` to answer with. */
  readonly cookie: string;
}

/** A session as the API tells it. */
export const sessionOf = ({ name, role, agency, grants, due, expiresAt }: Identity): Session => ({
  user: { name, role, agency },
  grants,
  due,
  expiresAt,
});

/** Begins a session of that user, with the change. */
export async function begin(
  room: Room,
  change: Change,
  user: UserRow,
  origin: SessionOrigin,
): Promise<SignedIn> {
  const { name, agency } = user;
  const due = dueOf(user, room.rules);
  const who = { name, role: user.role as Role, agency, due };
  const { id, identity } = await room.sessions.begin(change, who, origin);
  return { session: sessionOf(identity), cookie: sessionCookie(id, room.limits.absoluteMs, room.secure) };
}

export const gone = () => fail('unauthenticated', 'the session has ended');

export function tooMany(waitMs: number) {
  return fail('rate-limited', `too many attempts; try again in ${Math.ceil(waitMs / 60_000)} min`);
}

export type PasswordCheckCode = 'wrong-password' | 'rate-limited' | 'busy' | 'unauthenticated';

type Refusal<C extends string> = { readonly ok: false; readonly code: C; readonly message: string };

/** Asks a signed-in user for the password again; a session may be wrong so often. */
export interface PasswordCheck {
  /** The user, when the password is right. */
  (identity: Identity, password: string): Promise<Result<UserRow, PasswordCheckCode>>;
  /** Counts another attempt of the session, as of a code; a refusal when there were too many. */
  readonly attempt: (identity: Identity) => Refusal<'rate-limited'> | null;
  readonly giveBack: (identity: Identity) => void;
}

/** A check with a limit of its own. */
export function createPasswordCheck({ db, now, passwords }: Room): PasswordCheck {
  const limiter = createAttemptLimiter({
    limit: maxPasswordAttempts,
    windowMs: attemptWindowMs,
    maxKeys: maxLimitKeys,
    now,
  });
  const attempt = ({ sessionKey }: Identity) => {
    const waitMs = limiter.take(sessionKey);
    return waitMs > 0 ? tooMany(waitMs) : null;
  };
  const giveBack = ({ sessionKey }: Identity) => limiter.giveBack(sessionKey);
  const check = async (identity: Identity, password: string): Promise<Result<UserRow, PasswordCheckCode>> => {
    const refused = attempt(identity);
    if (refused !== null) return refused;
    const user = await findUser(db, identity.name);
    if (!user) return gone();
    const verified = await passwords.verify(password, user.password_hash);
    if (!verified.ok) {
      giveBack(identity);
      return verified;
    }
    if (!verified.value) return fail('wrong-password', 'the current password is wrong');
    giveBack(identity);
    return ok(user);
  };
  return Object.assign(check, { attempt, giveBack });
}
