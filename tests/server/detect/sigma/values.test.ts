import { describe, expect, it } from 'vitest';
import { matches } from './rule-text.ts';

const item = (key: string, value: string): string => `s:\n  ${key}: ${value}\ncondition: s`;

describe('a value', () => {
  it.each([
    ['f', "'abc'", 'ABC', true],
    ['f', "'abc'", 'abcd', false],
    ['f', '200', 200, true],
    ['f', "'200'", 200, true],
    ['f', '200', '200', true],
    ['f', '[404, 403]', 403, true],
    ['f', "''", '', true],
    ['f', "''", null, false],
    ['f', 'null', null, true],
    ['f', 'null', '', false],
    ['f', "'*'", '', true],
    ['f', "'*'", null, false],
    ['f', "'*abc*'", 'xABCx', true],
    ['f', "'a?c'", 'ABC', true],
    ['f', 'true', 'True', true],
    ['f', "'ÄÖ'", 'äö', true],
    ['f', "'kelvin'", '\u212aELVIN', true],
    ['f|contains', "'b'", 'ABC', true],
    ['f|contains', '[x, b]', 'ABC', true],
    ['f|contains|all', '[a, c]', 'ABC', true],
    ['f|contains|all', '[a, d]', 'ABC', false],
    ['f|contains', "'a?c'", 'xxabcxx', true],
    ['f|contains', "''", 'x', true],
    ['f|contains', "''", null, false],
    ['f|contains', '04', 404, true],
    ['f|startswith', "'ab'", 'ABC', true],
    ['f|startswith', "'b'", 'ABC', false],
    ['f|endswith', "'bc'", 'ABC', true],
    ['f|endswith', "'a*c'", 'xxabbc', true],
    ['f|cased', "'abc'", 'ABC', false],
    ['f|contains|cased', "'B'", 'ABC', true],
    ['f|contains|cased', "'b'", 'ABC', false],
    ['f|contains|cased', "'A?C'", 'xABCx', true],
    ['f|re', "'^a.c$'", 'abc', true],
    ['f|re', "'b'", 'abc', true],
    ['f|re', "'B'", 'abc', false],
    ['f|re', "'(?i)B'", 'abc', true],
    ['f|re|i', "'B'", 'abc', true],
    ['f|cidr', "'192.0.2.0/24'", '192.0.2.77', true],
    ['f|cidr', "['198.51.100.0/24', '192.0.2.0/24']", '192.0.2.77', true],
    ['f|cidr', "'192.0.2.0/24'", 'not an address', false],
    ['f|exists', 'true', '', true],
    ['f|exists', 'true', null, false],
    ['f|exists', 'false', null, true],
    ['f|gte', '70', 70, true],
    ['f|gt', '70', 70, false],
    ['f|lt', '70', '69.5', true],
    ['f|lte', '70', '', false],
    ['f|lte', '70', null, false],
    ['f|lte', '70', 'x', false],
  ])('%s: %s on %j: %s', (key, value, text, expected) => {
    expect(matches(item(key, value), { f: text })).toBe(expected);
  });
});

describe('wildcards and escapes', () => {
  it.each([
    [String.raw`escaped\*\?\\*?`, 'escaped*?\\and more', true],
    [String.raw`escaped\*\?\\*?`, 'escaped*?\\', false],
    [String.raw`escaped\*\?\\*?`, 'escapedXX\\x', false],
    [String.raw`C:\new`, 'C:\\new', true],
    [String.raw`final\\`, 'final\\', true],
    ['final\\', 'final\\', true],
    [String.raw`a\\\b`, 'a\\\\b', true],
    [String.raw`a\\\\b`, 'a\\\\b', true],
    [String.raw`a\\b`, 'a\\b', true],
    [String.raw`100\*`, '100*', true],
    [String.raw`100\*`, '1000', false],
  ])('%s on "%s": %s', (pattern, text, expected) => {
    expect(matches(`s:\n  f: '${pattern}'\ncondition: s`, { f: text })).toBe(expected);
  });
});

describe('selections', () => {
  it.each([
    ['a map needs all its fields', 's: {a: 1, b: 2}', { a: 1, b: 3 }, false],
    ['a list of maps needs one of them', 's: [{a: 1}, {b: 2}]', { a: 0, b: 2 }, true],
    [
      'keywords are searched in the raw line',
      's: [whoami, ipconfig]',
      { 'event.original': 'GET /?IPCONFIG' },
      true,
    ],
    ['keywords occur nowhere else', 's: [whoami]', { a: 'whoami' }, false],
    ['all keywords, with |all', "s: {'|all': [who, ami]}", { 'event.original': 'who x ami' }, true],
    ['not all keywords, with |all', "s: {'|all': [who, ami]}", { 'event.original': 'who' }, false],
    ['a keyword with wildcards', "s: ['w?o*i']", { 'event.original': '...who am i...' }, true],
    ['a keyword as a regular expression', "s: {'|re': 'a{3}'}", { 'event.original': 'baaab' }, true],
    ['maps and keywords mixed', 's: [{a: 1}, whoami]', { 'event.original': 'whoami' }, true],
  ])('%s', (_title, selection, fields, expected) => {
    expect(matches(`${selection}\ncondition: s`, fields)).toBe(expected);
  });
});
