import type { UserRow } from '../store/state/schema.ts';
import { withoutRecoveryCode } from './recovery-codes.ts';
import type { Room } from './room.ts';
import { totpStepOf } from './totp.ts';

/**
 * Uses up a code of the user's second factor: six digits of the app, or a recovery code. Returns which it was; `null` when it
 * is neither, or was used before. To be called in turn, so that of two at once with one code one gets in.
 */
export async function proveFactor(
  { db, now, seal }: Pick<Room, 'db' | 'now' | 'seal'>,
  user: UserRow,
  code: string,
): Promise<'totp' | 'recovery' | null> {
  const columns = stepUsed(seal, user, { code, now: now() }) ?? recoveryUsed(user, code);
  if (columns === null) return null;
  await db.updateTable('users').set(columns).where('name', '=', user.name).execute();
  return 'totp_last_step' in columns ? 'totp' : 'recovery';
}

function stepUsed(
  seal: Room['seal'],
  user: UserRow,
  { code, now }: { readonly code: string; readonly now: number },
): { totp_last_step: number } | null {
  const digits = code.replaceAll(/\s/g, '');
  const secret = user.totp_secret === null ? null : seal.open(user.totp_secret, user.name);
  const step = secret === null ? null : totpStepOf(secret, digits, { now, lastStep: user.totp_last_step });
  return step === null ? null : { totp_last_step: step };
}

function recoveryUsed(user: UserRow, code: string): { recovery_codes: string } | null {
  const left = withoutRecoveryCode(user.recovery_codes, code);
  return left === null ? null : { recovery_codes: left };
}
