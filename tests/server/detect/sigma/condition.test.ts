import { describe, expect, it } from 'vitest';
import { matches, refusal, ruleOf } from './rule-text.ts';

const selections = 'sel_a: {a: 1}\nsel_b: {b: 1}\nother: {c: 1}\n_hidden: {d: 1}\n';

describe('a condition', () => {
  it.each([
    ['sel_a', { a: 1 }, true],
    ['sel_a and sel_b', { a: 1 }, false],
    ['sel_a or sel_b', { b: 1 }, true],
    ['not sel_a', { a: 2 }, true],
    ['not sel_a and not sel_b', { b: 1 }, false],
    ['sel_a or sel_b and other', { a: 1 }, true],
    ['(sel_a or sel_b) and other', { a: 1 }, false],
    ['not (sel_a or sel_b)', {}, true],
    ['not not sel_a', { a: 1 }, true],
    ['1 of sel_*', { b: 1 }, true],
    ['any of sel_*', { b: 1 }, true],
    ['all of sel_*', { b: 1 }, false],
    ['all of sel_*', { a: 1, b: 1 }, true],
    ['1 of *_a', { a: 1 }, true],
    ['1 of sel_a', { b: 1 }, false],
    ['1 of them', { d: 1 }, false],
    ['1 of them', { c: 1 }, true],
    ['1 of _*', { d: 1 }, true],
    ['all of them', { a: 1, b: 1, c: 1 }, true],
    ['1 of nothing_*', { a: 1 }, false],
    ['all of nothing_*', {}, true],
    ['sel_a AND NOT sel_b', { a: 1 }, true],
    ['1 of sel_* and not 1 of oth*', { a: 1, c: 1 }, false],
    ['[sel_a, sel_b]', { b: 1 }, true],
  ])('%s on %j: %s', (condition, fields, expected) => {
    expect(matches(`${selections}condition: ${condition}`, fields)).toBe(expected);
  });
});

describe('a condition that is refused', () => {
  it.each([
    ['sel_c', /found "sel_c"; there is: sel_a, sel_b, other, _hidden/],
    ['sel_a sel_b', /found "sel_b"; expected "and", "or" or its end/],
    ['sel_a and', /found its end; expected a selection/],
    ['(sel_a', /found its end; expected "\)"/],
    ['sel_a)', /found "\)"/],
    ['and', /found "and"/],
    ['2 of sel_*', /found "2"; expected "1 of" or "all of"/],
    ['constructor of sel_*', /found "constructor"/],
    ['1 of', /found its end/],
    ['sel_a | count() > 5', /correlation rule/],
    [`${'('.repeat(200)}sel_a`, /more than 50 levels/],
    [`${'not '.repeat(200)}sel_a`, /more than 50 levels/],
  ])('%s', (condition, message) => {
    expect(refusal(ruleOf(`${selections}condition: '${condition}'`))).toMatch(message);
  });
});
