import { describe, expect, it } from 'vitest';
import { readAnyRules } from '../sigma-events.ts';
import { matches, refusal, ruleOf } from './rule-text.ts';

const head = 'title: Test\nlogsource: { category: webserver }\n';
const item = (text: string): string => ruleOf(`s:\n  ${text}\ncondition: s`);

describe('a rule is refused with its place, what was found and what is allowed', () => {
  it.each([
    [
      'an unknown modifier',
      item('f|windash: x'),
      /^6:5 found modifier "windash", which is not supported; allowed: contains, /,
    ],
    ['two comparisons', item('f|re|contains: x'), /^6:5 .*"re" and "contains"/],
    ['a number compared as text', item('f|gt|contains: 1'), /"gt" and "contains"/],
    ['an addition that does not go with it', item('f|cidr|cased: x'), /"cased" with "cidr"/],
    ['exists with another modifier', item('f|exists|all: true'), /"all" with "exists"/],
    ['exists without true or false', item('f|exists: 1'), /^6:15 .*true or false/],
    ['all on a single value', item('f|contains|all: x'), /"all" on a single value/],
    ['null in a list', item('f: [a, null]'), /^6:12 found null in a list/],
    ['null with a modifier', item('f|contains: null'), /null takes no modifier/],
    ['a network with host bits', item("f|cidr: '192.0.2.1/24'"), /host bits/],
    ['a limit that is no number', item('f|gte: many'), /found "many"; expected a number/],
    ['a placeholder without a value', item("f|expand: '%admins%'"), /placeholder "%admins%".*known:/],
    ['look-around', item("f|re: '(?<=a)b'"), /RE2/],
    ['a back-reference', item(String.raw`f|re: '(a)\1'`), /RE2/],
    ['a broken pattern', item("f|re: '('"), /RE2/],
    ['a pattern too long', item(`f|re: '${'a'.repeat(5_000)}'`), /5000 characters; allowed: 4000/],
    ['a pattern too large', item("f|re: '((a{100}){100}){100}'"), /RE2|instructions/],
    ['an empty list', item('f: []'), /empty list/],
    ['a map as a value', item('f: {a: 1}'), /expected a value or a list/],
    ['an empty selection', ruleOf('s: {}\ncondition: s'), /empty map/],
    ['no condition', ruleOf('s: {a: 1}'), /no "condition"/],
    ['no selection', ruleOf('condition: s'), /no selection/],
    ['a time frame', ruleOf('s: {a: 1}\ntimeframe: 5m\ncondition: s'), /correlation/],
    [
      'an unknown key',
      `${head}levle: high\ndetection: { s: { a: 1 }, condition: s }`,
      /^3:1 found unknown key "levle"; allowed: .*level/,
    ],
    [
      'an unknown key of ours',
      `${head}siaga.titel: x\ndetection: { s: { a: 1 }, condition: s }`,
      /"siaga.titel"/,
    ],
    [
      'an unknown level',
      `${head}level: severe\ndetection: { s: { a: 1 }, condition: s }`,
      /^3:8 level: found "severe"; allowed: informational, low, medium, high, critical/,
    ],
    [
      'no title',
      'logsource: { category: webserver }\ndetection: { s: { a: 1 }, condition: s }',
      /no "title"/,
    ],
    [
      'an Indonesian title too long',
      `${head}siaga.title.id: ${'x'.repeat(41)}\ndetection: { s: { a: 1 }, condition: s }`,
      /41 characters; allowed: 40/,
    ],
    ['no logsource', 'title: x\ndetection: { s: { a: 1 }, condition: s }', /no "logsource"/],
    [
      'an unknown key of a logsource',
      'title: x\nlogsource: { categroy: webserver }\ndetection: { s: { a: 1 }, condition: s }',
      /^2:14 .*"categroy"/,
    ],
    ['a filter', 'title: x\nfilter: { rules: [] }', /"filter", which is not supported/],
    [
      'a YAML alias',
      `${head}description: &d x\nauthor: *d\ndetection: { s: { a: 1 }, condition: s }`,
      /alias/,
    ],
    ['a key given twice', `${head}title: again`, /not valid YAML/],
    ['broken YAML', 'title: "x', /^1:\d+ not valid YAML/],
    ['something that is no map', '- a', /expected a map/],
  ])('%s', (_title, rule, message) => expect(refusal(rule)).toMatch(message));

  it('that others of the same file survive', () => {
    const { rules, problems } = readAnyRules(`${item('f: a')}---\n${item('f|nope: a')}---\ntitle: "\n---\n`);
    expect(rules).toHaveLength(1);
    expect(problems.length).toBeGreaterThan(0);
  });

  it.each([
    [`{ id: Singkat, en: ${'x'.repeat(21)} }`, /siaga\.short: en: found 21 characters; allowed: 20/],
    ['{ id: Singkat }', /siaga\.short: found no "en"/],
  ])('refuses the short title %s', (short, message) => {
    expect(refusal(`${ruleOf('s: {a: 1}\ncondition: s')}siaga.short: ${short}\n`)).toMatch(message);
  });

  it("keeps another tool's attributes out of its way", () => {
    const { problems } = readAnyRules(`${ruleOf('s: {a: 1}\ncondition: s')}othertool.priority: 3\n`);
    expect(problems).toEqual([]);
  });

  it('refuses the second rule of one id, and says where the first is', () => {
    const rule = `id: same\n${ruleOf('s: {a: 1}\ncondition: s')}`;
    const { rules, problems } = readAnyRules(`${rule}---\n${rule}`);
    expect(rules).toHaveLength(1);
    expect(problems).toMatchObject([{ message: 'found id "same" again; it is the rule at rule.yml:1' }]);
  });

  it('refuses a document of too many values, and a file of too many documents', () => {
    expect(refusal(item(`f: [${'a, '.repeat(20_001)}a]`))).toMatch(/more than 20000 values/);
    const many = readAnyRules('title: x\n---\n'.repeat(201));
    expect(many.problems.at(-1)?.message).toMatch(/more than 200 documents/);
  });
});

describe('a regular expression', () => {
  it.each(['(a+)+$', '(.*a){20}$', String.raw`^(\w+\s?)*$`])('%s takes linear time', (pattern) => {
    const started = performance.now();
    matches(`s:\n  f|re: '${pattern}'\ncondition: s`, { f: `${'a'.repeat(20_000)}!` });
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
