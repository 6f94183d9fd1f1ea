import { describe, expect, it } from 'vitest';
import { globMatches } from '../../../../server/detect/match/glob.ts';
import { textTest } from '../../../../server/detect/sigma/wildcards.ts';

const matches = (pattern: string, text: string): boolean => {
  const test = textTest(pattern, 'equals', true);
  if (test.kind === 'glob') return globMatches(test.pattern, text);
  throw new Error(`no glob: ${test.kind}`);
};

describe('a pattern with wildcards', () => {
  it.each([
    ['a*b', 'ab', true],
    ['a*b', 'a---b', true],
    ['a*b', 'abc', false],
    ['a*b*c', 'abbc', true],
    ['a*b*c', 'acb', false],
    ['ab*ba', 'aba', false],
    ['*a*b*', 'xxaxxbxx', true],
    ['*a*b*', 'xxbxxaxx', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['?', 'x', true],
    ['?', '', false],
    ['??', 'x', false],
    ['*?x', 'x', false],
    ['*?x', 'ax', true],
    ['x?*', 'x', false],
    ['*.php?id=*', '/a.phpXid=1', true],
    ['*a?b', 'aaab', true],
    ['*ab?b*', 'zababb', true],
  ])('%s on "%s": %s', (pattern, text, expected) => expect(matches(pattern, text)).toBe(expected));

  it('takes no more than linear steps for many stars', () => {
    const pattern = `${'*a'.repeat(40)}*b`;
    const started = performance.now();
    expect(matches(pattern, 'a'.repeat(20_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });
});
