import { fail, ok, type Result } from '../../shared/result.ts';
import type { FactorState } from '../../shared/api/sessions.ts';
import { rolesWithSecondFactor } from '../../shared/authority.ts';
import type { Role } from '../../shared/role.ts';
import type { UserRow } from '../store/state/schema.ts';
import { begin, createPasswordCheck, gone, type PasswordCheckCode, type SignedIn } from './begin-session.ts';
import type { Identity } from './identity.ts';
import { newRecoveryCodes, recoveryCodesLeft } from './recovery-codes.ts';
import type { Room } from './room.ts';
import { proveFactor } from './prove-factor.ts';
import type { SessionOrigin } from './sessions.ts';
import { newTotpSecret, totpStepOf, totpUri } from './totp.ts';
import { findUser } from './users.ts';

/** An enrolment that was not confirmed by then must be begun again, ms. */
export const enrolmentMs = 15 * 60_000;

/** What is shown once, while a second factor is being enrolled. */
export interface Enrolment {
  /** Base32, for who types it. */
  readonly secret: string;
  /** `otpauth://…`, for the QR code. */
  readonly uri: string;
}

/** What a confirmed enrolment comes to. */
export interface Enrolled extends SignedIn {
  /** Shown once. */
  readonly recoveryCodes: readonly string[];
}

/** A password given again, and a code where a second factor is enrolled. */
export interface Proof {
  readonly current: string;
  readonly code?: string | undefined;
}

export type FactorCode =
  | PasswordCheckCode
  | 'code-refused'
  | 'not-enrolling'
  | 'not-enrolled'
  | 'second-factor-required'
  | 'external-user';

type Where = Pick<SessionOrigin, 'address' | 'userAgent'>;

/** What users do with their own second factor. A code counts as an attempt like a password does. */
export interface SecondFactor {
  readonly factorState: (identity: Identity) => Promise<FactorState>;
  /** Begins enrolling one, or another in place of the one there is; that takes a code of it. */
  readonly beginEnrolment: (identity: Identity, proof: Proof) => Promise<Result<Enrolment, FactorCode>>;
  /** Ends all sessions of the user and begins a new one. */
  readonly confirmEnrolment: (
    identity: Identity,
    code: string,
    where: Where,
  ) => Promise<Result<Enrolled, FactorCode>>;
  /** Refused where the role needs one. Ends all sessions of the user and begins a new one. */
  readonly removeFactor: (
    identity: Identity,
    proof: Proof,
    where: Where,
  ) => Promise<Result<SignedIn, FactorCode>>;
  /** New recovery codes; the old ones are dead. */
  readonly renewRecoveryCodes: (
    identity: Identity,
    proof: Proof,
  ) => Promise<Result<{ readonly recoveryCodes: readonly string[] }, FactorCode>>;
}

const isRequired = ({ rules }: Room, role: Role): boolean =>
  rules.secondFactor && rolesWithSecondFactor.has(role);

interface Pending {
  readonly sessionKey: string;
  readonly secret: string;
  readonly until: number;
}

/** Pending enrolments are in memory only: what was not proven replaces nothing. */
export function createSecondFactor(room: Room): SecondFactor {
  const pending = new Map<string, Pending>();
  const prove = createProof(room);
  return {
    async factorState({ name, role }) {
      const user = await findUser(room.db, name);
      return {
        enrolled: user !== undefined && user.totp_since !== null,
        since: user?.totp_since ?? null,
        recoveryCodesLeft: recoveryCodesLeft(user?.recovery_codes ?? null),
        required: isRequired(room, role),
      };
    },
    async beginEnrolment(identity, proof) {
      const proven = await prove(identity, proof);
      if (!proven.ok) return proven;
      if (proven.value.external_id !== null)
        return fail('external-user', 'the second factor is where the user signs in');
      const secret = newTotpSecret();
      const { name, sessionKey } = identity;
      pending.set(name, { sessionKey, secret, until: room.now() + enrolmentMs });
      return ok({ secret, uri: totpUri(secret, name) });
    },
    confirmEnrolment: (identity, code, where) => confirm(room, pending, { identity, code, where }),
    removeFactor: (identity, proof, where) => remove(room, prove, { identity, proof, where }),
    async renewRecoveryCodes(identity, proof) {
      const proven = await prove(identity, proof);
      if (!proven.ok) return proven;
      if (proven.value.totp_since === null) return fail('not-enrolled', 'there is no second factor');
      const { codes, stored } = newRecoveryCodes(room.random);
      await room.inTurn(() => setColumns(room, identity.name, { recovery_codes: stored }));
      return ok({ recoveryCodes: codes });
    },
  };
}

const setColumns = (room: Room, name: string, columns: Partial<UserRow>) =>
  room.db
    .updateTable('users')
    .set(columns)
    .where('name', '=', name)
    .where('disabled', '=', 0)
    .returningAll()
    .executeTakeFirst();

/** What a user without a second factor has in its columns. */
export const noFactor = { totp_secret: null, totp_since: null, totp_last_step: null, recovery_codes: null };

type Prove = (identity: Identity, proof: Proof) => Promise<Result<UserRow, FactorCode>>;

/** The user, when the password is right, and the code too where a second factor is enrolled. */
function createProof(room: Room): Prove {
  const check = createPasswordCheck(room);
  return async (identity, { current, code }) => {
    const checked = await check(identity, current);
    if (!checked.ok) return checked;
    return room.inTurn(async () => {
      const user = await findUser(room.db, identity.name);
      if (!user || !room.sessions.isLive(identity.sessionKey)) return gone();
      if (user.totp_since === null) return ok(user);
      const waitMs = check.attempt(identity);
      if (waitMs !== null) return waitMs;
      const factor = code === undefined ? null : await proveFactor(room, user, code);
      if (factor === null) return fail('code-refused', 'the code is wrong, too old or used up');
      check.giveBack(identity);
      return ok(user);
    });
  };
}

function confirm(
  room: Room,
  pending: Map<string, Pending>,
  { identity, code, where }: { identity: Identity; code: string; where: Where },
): Promise<Result<Enrolled, FactorCode>> {
  const { name, sessionKey } = identity;
  return room.inTurn(async () => {
    const begun = pending.get(name);
    const now = room.now();
    if (!begun || begun.sessionKey !== sessionKey || begun.until <= now) {
      return fail('not-enrolling', 'begin the enrolment first');
    }
    const step = totpStepOf(begun.secret, code, { now, lastStep: null });
    if (step === null) return fail('code-refused', 'the code is wrong; check the clock of the device');
    if (!room.sessions.isLive(sessionKey)) return gone();
    const { codes, stored } = newRecoveryCodes(room.random);
    const changed = await setColumns(room, name, {
      totp_secret: room.seal.close(begun.secret, name),
      totp_since: now,
      totp_last_step: step,
      recovery_codes: stored,
    });
    if (!changed) return gone();
    pending.delete(name);
    await room.sessions.endAllOf(name, 'revoked');
    const signedIn = await begin(room, changed, { ...where, factor: 'totp' });
    return ok({ ...signedIn, recoveryCodes: codes });
  });
}

async function remove(
  room: Room,
  prove: Prove,
  { identity, proof, where }: { identity: Identity; proof: Proof; where: Where },
): Promise<Result<SignedIn, FactorCode>> {
  if (isRequired(room, identity.role)) {
    return fail('second-factor-required', 'this role needs a second factor');
  }
  const proven = await prove(identity, proof);
  if (!proven.ok) return proven;
  if (proven.value.totp_since === null) return fail('not-enrolled', 'there is no second factor');
  return room.inTurn(async () => {
    const changed = await setColumns(room, identity.name, noFactor);
    if (!changed) return gone();
    await room.sessions.endAllOf(identity.name, 'revoked');
    return ok(await begin(room, changed, { ...where, factor: 'password' }));
  });
}
