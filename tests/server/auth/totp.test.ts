import { describe, expect, test } from 'vitest';
import { newRecoveryCodes, withoutRecoveryCode } from '../../../server/auth/recovery-codes.ts';
import { createSeal } from '../../../server/auth/seal-key.ts';
import { newTotpSecret, totpStepOf, totpUri } from '../../../server/auth/totp.ts';

/** ASCII `12345678901234567890` in base32: the secret of RFC 6238, appendix B. */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('time-based codes', () => {
  // The last six of the eight digits of the appendix.
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('are those of RFC 6238 at %i', (seconds, code) => {
    expect(totpStepOf(secret, code, { now: seconds * 1_000, lastStep: null })).toBe(Math.floor(seconds / 30));
  });

  test.each(['', '28708', '2870820', '28708a', '٢٨٧٠٨٢', ' 287082', '287083'])('are not %j', (code) => {
    expect(totpStepOf(secret, code, { now: 59_000, lastStep: null })).toBeNull();
  });

  test('are used up with their step', () => {
    expect(totpStepOf(secret, '287082', { now: 59_000, lastStep: 1 })).toBeNull();
    expect(totpStepOf(secret, '287082', { now: 59_000, lastStep: 0 })).toBe(1);
  });

  test('come from a new secret of 160 bits each, which an app reads from the address', () => {
    expect(newTotpSecret()).toMatch(/^[A-Z2-7]{32}$/);
    expect(newTotpSecret()).not.toBe(newTotpSecret());
    const uri = new URL(totpUri(secret, 'budi'));
    expect(uri.href).toMatch(/^otpauth:\/\/totp\/Siaga:budi\?/);
    expect(uri.searchParams.get('secret')).toBe(secret);
  });
});

describe('recovery codes', () => {
  const { codes, stored } = newRecoveryCodes((size) =>
    Uint8Array.from({ length: size }, (_byte, n) => n * 7),
  );

  test('are ten, and stored by their hash only', () => {
    expect(codes).toHaveLength(10);
    for (const code of codes) {
      expect(code).toMatch(/^([2-9a-km-np-z]{4}-){3}[2-9a-km-np-z]{4}$/);
      expect(stored).not.toContain(code);
    }
    expect(JSON.parse(stored)).toHaveLength(10);
  });

  test('are none where there are none', () => {
    expect(withoutRecoveryCode(null, codes[0] ?? '')).toBeNull();
    expect(withoutRecoveryCode('[]', codes[0] ?? '')).toBeNull();
    expect(withoutRecoveryCode(stored, '')).toBeNull();
  });
});

describe('a seal', () => {
  const key = Buffer.alloc(32, 1);
  const seal = createSeal(key, 'totp');

  test('gives back what was sealed, to its owner, by its key and for its purpose only', () => {
    const sealed = seal.close(secret, 'budi');
    expect(sealed).not.toContain(secret);
    expect(seal.open(sealed, 'budi')).toBe(secret);
    expect(createSeal(key, 'totp').open(sealed, 'budi')).toBe(secret);
    expect(seal.open(sealed, 'siti')).toBeNull();
    expect(createSeal(key, 'other').open(sealed, 'budi')).toBeNull();
    expect(createSeal(Buffer.alloc(32, 2), 'totp').open(sealed, 'budi')).toBeNull();
  });

  test('is never twice the same', () => {
    expect(seal.close(secret, 'budi')).not.toBe(seal.close(secret, 'budi'));
  });

  test('is broken by a change of one bit, and by anything else', () => {
    const sealed = seal.close(secret, 'budi');
    const bytes = Buffer.from(sealed.slice(3), 'base64url');
    for (let at = 0; at < bytes.length; at += 5) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(seal.open(`v1.${changed.toString('base64url')}`, 'budi')).toBeNull();
    }
    for (const other of ['', 'v1.', secret, 'v1.AAAA', `v2.${sealed.slice(3)}`]) {
      expect(seal.open(other, 'budi')).toBeNull();
    }
  });
});
