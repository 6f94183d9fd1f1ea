import { expect, test } from 'vitest';
import { maxShortLength, shortTitle } from '../../shared/short-title.ts';

test.each([
  ['Tebak sandi 1 akun', 'Tebak sandi 1 akun'],
  ['x'.repeat(20), 'x'.repeat(20)],
  ['Banyak login gagal pada satu akun', 'Banyak login gagal…'],
  ['Password spraying xy z', 'Password spraying…'],
  ['Path traversal probes seen', 'Path traversal…'],
  ['A verylongwordthatdoesnotend', 'A verylongwordthatd…'],
  ['💥'.repeat(30), `${'💥'.repeat(19)}…`],
])('%s on the wall is %s', (title, short) => {
  expect(shortTitle(title)).toBe(short);
  expect(Array.from(shortTitle(title)).length).toBeLessThanOrEqual(maxShortLength);
});
