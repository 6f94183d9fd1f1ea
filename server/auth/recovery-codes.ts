import { createHash } from 'node:crypto';
import { readableText } from './passwords.ts';

/** Recovery codes that a user gets at once. */
export const recoveryCodeCount = 10;

const groupLength = 4;
/** 16 readable characters: 80 bits. */
const groups = 4;

/** New codes to be shown once, and what is stored of them: JSON, the SHA-256 of each. */
export function newRecoveryCodes(random: (size: number) => Uint8Array): {
  readonly codes: readonly string[];
  readonly stored: string;
} {
  const codes = Array.from({ length: recoveryCodeCount }, () => readableText(random, groups, groupLength));
  return { codes, stored: JSON.stringify(codes.map(hashOf)) };
}

/** What is stored once `code` is used up; `null` when it is none of them. Case, blanks and dashes don't matter. */
export function withoutRecoveryCode(stored: string | null, code: string): string | null {
  const left = recoveryHashes(stored);
  const used = hashOf(code);
  // Of a secret hash of a random code; there is nothing to be learnt from how long this takes.
  return left.includes(used) ? JSON.stringify(left.filter((hash) => hash !== used)) : null;
}

/** Codes that are left. */
export const recoveryCodesLeft = (stored: string | null): number => recoveryHashes(stored).length;

function recoveryHashes(stored: string | null): string[] {
  const parsed: unknown = stored === null ? [] : JSON.parse(stored);
  return Array.isArray(parsed) ? parsed.filter((item) => typeof item === 'string') : [];
}

const hashOf = (code: string): string =>
  createHash('sha256').update(code.toLowerCase().replaceAll(/[\s-]/g, '')).digest('hex');
