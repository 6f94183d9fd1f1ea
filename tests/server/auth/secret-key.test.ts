import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readOrCreateSecretKey } from '../../../server/auth/secret-key.ts';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'siaga-key-'))));
afterEach(() => rmSync(folder, { recursive: true }));
const file = () => join(folder, 'secret.key');

test('is made once, for its owner only, and read from then on', () => {
  const key = readOrCreateSecretKey(folder);
  expect(key).toHaveLength(32);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(readFileSync(file(), 'utf8')).toBe(`${key.toString('hex')}\n`);
  expect(readOrCreateSecretKey(folder).equals(key)).toBe(true);
});

test.each([0o640, 0o604, 0o660])('is refused where its mode is %o', (mode) => {
  readOrCreateSecretKey(folder);
  chmodSync(file(), mode);
  expect(() => readOrCreateSecretKey(folder)).toThrow('0600');
});

test.each(['', 'abc', 'g'.repeat(64), '0'.repeat(63), `${'0'.repeat(64)}0`])(
  'is refused when it holds %j',
  (text) => {
    writeFileSync(file(), text, { mode: 0o600 });
    expect(() => readOrCreateSecretKey(folder)).toThrow('64 hex digits');
  },
);
