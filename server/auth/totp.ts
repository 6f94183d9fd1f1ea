import { generateSecret, generateURI, verifySync } from 'otplib';

/** Seconds of a step (RFC 6238, section 4.1). */
export const totpStepSeconds = 30;

/** A new secret, 160 bits in base32 (RFC 4226, section 4: at least 128). */
export const newTotpSecret = (): string => generateSecret();

/** What an authenticator app reads from the QR code. */
export const totpUri = (secret: string, user: string): string =>
  generateURI({ issuer: 'Siaga', label: user, secret });

/**
 * The time step of a code of six digits, when it is that of now or of one step before or after (RFC 6238, section 5.2) and
 * is newer than `lastStep`; `null` otherwise. A step that was used is used up.
 */
export function totpStepOf(
  secret: string,
  code: string,
  { now, lastStep }: { readonly now: number; readonly lastStep: number | null },
): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const epoch = Math.floor(now / 1_000);
  const checked = verifySync({ secret, token: code, epoch, epochTolerance: totpStepSeconds });
  if (!checked.valid || !('timeStep' in checked)) return null;
  return lastStep !== null && checked.timeStep <= lastStep ? null : checked.timeStep;
}
