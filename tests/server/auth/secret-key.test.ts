import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readOrCreateSecretKey } from '../../../server/auth/secret-key.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siaga-key-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const path = () => join(folder, 'secret.key');

test('is made once, private, and the same from then on', () => {
  const key = readOrCreateSecretKey(folder);
  expect(key).toHaveLength(32);
  expect(statSync(path()).mode & 0o777).toBe(0o600);
  expect(readFileSync(path(), 'latin1')).toBe(`${key.toString('hex')}\n`);
  expect(readOrCreateSecretKey(folder).equals(key)).toBe(true);
});

test('is refused when others may read it', () => {
  readOrCreateSecretKey(folder);
  chmodSync(path(), 0o640);
  expect(() => readOrCreateSecretKey(folder)).toThrow(/others may read the secret key.*chmod 600/);
});

test.each(['', 'x'.repeat(64), 'ab'.repeat(31), `${'ab'.repeat(32)}\n\n`])(
  'is refused when it is %j, and left as it is',
  (text) => {
    writeFileSync(path(), text, { mode: 0o600 });
    expect(() => readOrCreateSecretKey(folder)).toThrow(/expected 64 hex digits/);
    expect(readFileSync(path(), 'latin1')).toBe(text);
  },
);

test('is refused where it cannot be made', () => {
  expect(() => readOrCreateSecretKey(join(folder, 'none'))).toThrow(/can't be made/);
});
