import { fail, ok, type Result } from '../../shared/result.ts';
import type { FactorState } from '../../shared/api/sessions.ts';
import { rolesWithSecondFactor } from '../../shared/authority.ts';
import type { Role } from '../../shared/role.ts';
import type { Change, Witness } from '../store/state/change.ts';
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

/** Shown once. */
export interface Renewed {
  readonly recoveryCodes: readonly string[];
}

type Where = Pick<SessionOrigin, 'address' | 'userAgent'>;

/** What users do with their own second factor. A code counts as an attempt like a password does. */
export interface SecondFactor {
  readonly factorState: (identity: Identity) => Promise<FactorState>;
  /** Begins enrolling one, or another in place of the one there is; that takes a code of it. */
  readonly beginEnrolment: (
    identity: Identity,
    proof: Proof,
    witness?: Witness<Enrolment>,
  ) => Promise<Result<Enrolment, FactorCode>>;
  /** Ends all sessions of the user and begins a new one. */
  readonly confirmEnrolment: (
    identity: Identity,
    code: string,
    where: Where,
    witness?: Witness<Enrolled>,
  ) => Promise<Result<Enrolled, FactorCode>>;
  /** Refused where the role needs one. Ends all sessions of the user and begins a new one. */
  readonly removeFactor: (
    identity: Identity,
    proof: Proof,
    where: Where,
    witness?: Witness<SignedIn>,
  ) => Promise<Result<SignedIn, FactorCode>>;
  /** New recovery codes; the old ones are dead. */
  readonly renewRecoveryCodes: (
    identity: Identity,
    proof: Proof,
    witness?: Witness<Renewed>,
  ) => Promise<Result<Renewed, FactorCode>>;
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
    beginEnrolment: (identity, proof, witness) =>
      prove(identity, proof, async (change, user) => {
        if (user.external_id !== null)
          return fail('external-user', 'the second factor is where the user signs in');
        const secret = newTotpSecret();
        const { name, sessionKey } = identity;
        const enrolment = { secret, uri: totpUri(secret, name) };
        await witness?.(change.db, enrolment);
        change.afterwards(
          () => void pending.set(name, { sessionKey, secret, until: room.now() + enrolmentMs }),
        );
        return ok(enrolment);
      }),
    confirmEnrolment: (identity, code, where, witness) =>
      confirm(room, pending, { identity, code, where, witness }),
    removeFactor: (identity, proof, where, witness) =>
      remove(room, prove, { identity, proof, where, witness }),
    renewRecoveryCodes: (identity, proof, witness) =>
      prove(identity, proof, async (change, user) => {
        if (user.totp_since === null) return fail('not-enrolled', 'there is no second factor');
        const { codes, stored } = newRecoveryCodes(room.random);
        if (!(await setColumns(change, identity.name, { recovery_codes: stored }))) return gone();
        const renewed = { recoveryCodes: codes };
        await witness?.(change.db, renewed);
        return ok(renewed);
      }),
  };
}

const setColumns = ({ db }: Change, name: string, columns: Partial<UserRow>) =>
  db
    .updateTable('users')
    .set(columns)
    .where('name', '=', name)
    .where('disabled', '=', 0)
    .returningAll()
    .executeTakeFirst();

/** What a user without a second factor has in its columns. */
export const noFactor = { totp_secret: null, totp_since: null, totp_last_step: null, recovery_codes: null };

/** Runs a task with the change that the proof uses up its code by: both are kept, or neither. */
type Prove = <T>(
  identity: Identity,
  proof: Proof,
  task: (change: Change, user: UserRow) => Promise<Result<T, FactorCode>>,
) => Promise<Result<T, FactorCode>>;

/** The task's user, when the password is right, and the code too where a second factor is enrolled. */
function createProof(room: Room): Prove {
  const check = createPasswordCheck(room);
  const proveCode = async (
    { db }: Change,
    user: UserRow,
    { identity, code }: { identity: Identity; code: string | undefined },
  ): Promise<Result<null, FactorCode>> => {
    const refused = check.attempt(identity);
    if (refused !== null) return refused;
    const factor = code === undefined ? null : await proveFactor({ ...room, db }, user, code);
    if (factor === null) return fail('code-refused', 'the code is wrong, too old or used up');
    check.giveBack(identity);
    return ok(null);
  };
  return async (identity, { current, code }, task) => {
    const checked = await check(identity, current);
    if (!checked.ok) return checked;
    return room.change(async (change) => {
      const user = await findUser(change.db, identity.name);
      if (!user || !room.sessions.isLive(identity.sessionKey)) return gone();
      const proven = user.totp_since === null ? ok(null) : await proveCode(change, user, { identity, code });
      return proven.ok ? task(change, user) : proven;
    });
  };
}

function confirm(
  room: Room,
  pending: Map<string, Pending>,
  asked: { identity: Identity; code: string; where: Where; witness: Witness<Enrolled> | undefined },
): Promise<Result<Enrolled, FactorCode>> {
  const { code, where, witness } = asked;
  const { name, sessionKey } = asked.identity;
  return room.change(async (change) => {
    const begun = pending.get(name);
    const now = room.now();
    if (!begun || begun.sessionKey !== sessionKey || begun.until <= now) {
      return fail('not-enrolling', 'begin the enrolment first');
    }
    const step = totpStepOf(begun.secret, code, { now, lastStep: null });
    if (step === null) return fail('code-refused', 'the code is wrong; check the clock of the device');
    if (!room.sessions.isLive(sessionKey)) return gone();
    const { codes, stored } = newRecoveryCodes(room.random);
    const changed = await setColumns(change, name, {
      totp_secret: room.seal.close(begun.secret, name),
      totp_since: now,
      totp_last_step: step,
      recovery_codes: stored,
    });
    if (!changed) return gone();
    change.afterwards(() => void pending.delete(name));
    await room.sessions.endAllOf(change, name, 'revoked');
    const signedIn = await begin(room, change, changed, { ...where, factor: 'totp' });
    const enrolled = { ...signedIn, recoveryCodes: codes };
    await witness?.(change.db, enrolled);
    return ok(enrolled);
  });
}

async function remove(
  room: Room,
  prove: Prove,
  asked: { identity: Identity; proof: Proof; where: Where; witness: Witness<SignedIn> | undefined },
): Promise<Result<SignedIn, FactorCode>> {
  const { identity, proof, where, witness } = asked;
  if (isRequired(room, identity.role)) {
    return fail('second-factor-required', 'this role needs a second factor');
  }
  return prove(identity, proof, async (change, user) => {
    if (user.totp_since === null) return fail('not-enrolled', 'there is no second factor');
    const changed = await setColumns(change, identity.name, noFactor);
    if (!changed) return gone();
    await room.sessions.endAllOf(change, identity.name, 'revoked');
    const signedIn = await begin(room, change, changed, { ...where, factor: 'password' });
    await witness?.(change.db, signedIn);
    return ok(signedIn);
  });
}
