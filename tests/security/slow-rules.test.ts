import { describe, expect, it } from 'vitest';
import { createEngine } from '../../server/detect/engine.ts';
import { eventOf, readAnyRules } from '../server/detect/sigma-events.ts';

/** What one rule may take for one event, ms. */
const allowedMs = 50;
const size = 100 * 1_024;

const expressions = [
  String.raw`(a+)+$`,
  String.raw`(.*a){20}`,
  String.raw`^(\w+\s?)*$`,
  String.raw`(a|aa)+$`,
  String.raw`([a-z]+)*!$`,
  String.raw`(.*){12}b`,
];
const lines: [string, string][] = [
  ['letters that nearly match', `${'a'.repeat(size - 1)}!`],
  ['words that nearly match', `${'word '.repeat(size / 5 - 1)}!`],
  ['nothing that matches', 'b'.repeat(size)],
];
const ruleOf = (expression: string): string =>
  [
    'title: Slow',
    'logsource: { category: webserver }',
    `detection: { s: { url.path|re: '${expression}' }, condition: s }`,
  ].join('\n');

const cases = expressions.flatMap((expression) => lines.map(([name, text]) => ({ expression, name, text })));

describe('S-09: a rule that elsewhere would stop everything', () => {
  it.each(cases)('$expression is refused or done within 50 ms on 100 KiB: $name', ({ expression, text }) => {
    const { rules, problems } = readAnyRules(ruleOf(expression));
    if (rules.length === 0) {
      expect(problems.map(({ message }) => message).join()).toMatch(/RE2|instructions/);
      return;
    }
    const engine = createEngine({ rules });
    const times = Array.from({ length: 5 }, () => {
      const begun = performance.now();
      engine.push(eventOf({ 'event.dataset': 'access', 'url.path': text }), () => undefined);
      return performance.now() - begun;
    });
    expect(Math.min(...times)).toBeLessThan(allowedMs);
  });

  it('is asked of the whole text: a rule of the same kind finds its end', () => {
    const found: unknown[] = [];
    const { rules } = readAnyRules(ruleOf('a!$'));
    const text = lines[0]?.[1] ?? '';
    createEngine({ rules }).push(eventOf({ 'event.dataset': 'access', 'url.path': text }), (one) =>
      found.push(one),
    );
    expect(found).toHaveLength(1);
  });
});
