import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Detection } from '../../../server/detect/detection.ts';
import { createEngine } from '../../../server/detect/engine.ts';
import { loadRules, maxRuleFileBytes, shippedRulesDir } from '../../../server/detect/load-rules.ts';
import { eventOf } from './sigma-events.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siaga-rules-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const rule = (title: string, detection = 's: { cs-method: PUT }, condition: s'): string =>
  `title: ${title}\nlogsource: { category: webserver }\ndetection: { ${detection} }\n`;
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe('loading rules', () => {
  it('reads every rule below a folder and leaves fixtures and other files alone', () => {
    mkdirSync(join(folder, 'deep'));
    write('a.yml', rule('A'));
    write('deep/b.yaml', rule('B'));
    write('a.fixture.yml', 'cases: []');
    write('notes.md', '# Notes');
    const { rules, problems } = loadRules([folder]);
    expect(problems).toEqual([]);
    expect(rules.map(({ info }) => info.title.en)).toEqual(['A', 'B']);
  });

  it('refuses one rule with its file and place, and loads the others', () => {
    write('good.yml', rule('Good'));
    const bad = write('bad.yml', rule('Bad', 's: { cs-method|like: PUT }, condition: s'));
    const { rules, problems } = loadRules([folder]);
    expect(rules).toHaveLength(1);
    expect(problems).toMatchObject([
      { file: bad, line: 3, column: 19, message: expect.stringContaining('"like"') },
    ]);
  });

  it('says which folder or file it could not read', () => {
    const large = write('large.yml', `# ${'x'.repeat(maxRuleFileBytes)}`);
    const { problems } = loadRules([join(folder, 'nowhere'), folder]);
    expect(problems).toMatchObject([
      { file: join(folder, 'nowhere'), line: null },
      { file: large, line: null, message: expect.stringMatching(/allowed: 1000000/) },
    ]);
  });

  it('lets a correlation refer to a rule of another file, by name or id', () => {
    write('z-base.yml', `id: base\nname: base_name\n${rule('Base')}`);
    for (const [file, base] of [
      ['a.yml', 'base'],
      ['b.yml', 'base_name'],
    ] as const) {
      write(
        file,
        `title: ${file}\ncorrelation: { type: event_count, rules: [${base}], timespan: 1m, condition: { gt: 1 } }`,
      );
    }
    const { rules, problems } = loadRules([folder]);
    expect(problems).toEqual([]);
    expect(createEngine({ rules }).rules.map(({ id }) => id)).toHaveLength(2);
  });

  it.each([
    [
      'a base that is not there',
      'type: event_count, rules: [nobody], timespan: 1m, condition: { gte: 1 }',
      /no rule of that id or name/,
    ],
    [
      'another correlation type',
      'type: temporal, rules: [base], timespan: 1m, condition: { gte: 1 }',
      /"temporal", which is not supported/,
    ],
    [
      'a range',
      'type: event_count, rules: [base], timespan: 1m, condition: { gt: 1, lte: 5 }',
      /"gt and lte", which is not supported/,
    ],
    [
      'lt',
      'type: event_count, rules: [base], timespan: 1m, condition: { lt: 1 }',
      /"lt", which is not supported; allowed: one of gt, gte/,
    ],
    [
      'eq',
      'type: event_count, rules: [base], timespan: 1m, condition: { eq: 1 }',
      /"eq", which is not supported/,
    ],
    [
      'a written condition',
      'type: event_count, rules: [base], timespan: 1m, condition: base',
      /a text, which is not supported/,
    ],
    [
      'aliases',
      'type: event_count, rules: [base], aliases: {}, timespan: 1m, condition: { gte: 1 }',
      /unknown key "aliases"/,
    ],
    ['no time span', 'type: event_count, rules: [base], condition: { gte: 1 }', /no "timespan"/],
    [
      'a time span too long',
      'type: event_count, rules: [base], timespan: 8d, condition: { gte: 1 }',
      /"8d"; expected .* at most 7d/,
    ],
    [
      'a time span of months',
      'type: event_count, rules: [base], timespan: 1M, condition: { gte: 1 }',
      /"1M"/,
    ],
    [
      'a count of nothing',
      'type: event_count, rules: [base], timespan: 1m, condition: { gte: 0 }',
      /1 to 10000/,
    ],
    [
      'a count too large',
      'type: value_count, rules: [base], timespan: 1m, condition: { field: c-ip, gt: 1000 }',
      /1 to 1000/,
    ],
    [
      'values of no field',
      'type: value_count, rules: [base], timespan: 1m, condition: { gte: 2 }',
      /no "field"/,
    ],
    [
      'a chain',
      'type: event_count, rules: [chained], timespan: 1m, condition: { gte: 1 }',
      /chain of correlations/,
    ],
  ])('refuses a correlation with %s, and its base stays silent', (_title, correlation, message) => {
    write('base.yml', `id: base\n${rule('Base')}`);
    write(
      'chained.yml',
      `title: X\nid: chained\ncorrelation: { type: event_count, rules: [base], timespan: 1m, condition: { gt: 1 } }`,
    );
    write('correlation.yml', `title: Y\ncorrelation: { ${correlation} }`);
    const { rules, problems } = loadRules([folder]);
    expect(problems).toMatchObject([{ message: expect.stringMatching(message) }]);
    expect(createEngine({ rules }).rules.map(({ id }) => id)).toEqual(['chained']);
  });
});

describe('rules that nothing feeds', () => {
  it.each([
    [
      'a field that no event has',
      rule('X', 's: { cs-cookie: x }, condition: s'),
      { fields: ['cs-cookie'], logsource: null, canFire: false },
    ],
    [
      'such a field in one of several ways',
      rule('X', 'a: { cs-cookie: x }, b: { cs-method: PUT }, condition: a or b'),
      { fields: ['cs-cookie'], canFire: true },
    ],
    [
      'such a field only where it must not match',
      rule('X', 'a: { cs-cookie: x }, b: { cs-method: PUT }, condition: b and not a'),
      { canFire: true },
    ],
    [
      'a source that is not there',
      'title: X\nlogsource: { product: okta }\ndetection: { s: { a: 1 }, condition: s }',
      { logsource: 'product: okta', canFire: false },
    ],
  ])('load and are listed: %s', (_title, text, expected) => {
    write('x.yml', text);
    const { rules, problems, unfed } = loadRules([folder]);
    expect(problems).toEqual([]);
    expect(rules).toHaveLength(1);
    expect(unfed).toMatchObject([expected]);
  });

  it('name a correlation that groups by such a field', () => {
    write(
      'x.yml',
      `id: base\n${rule('Base')}---\ntitle: Y\ncorrelation: { type: event_count, rules: [base], group-by: [nothing], timespan: 1m, condition: { gte: 2 } }`,
    );
    const { rules, unfed } = loadRules([folder]);
    expect(unfed).toMatchObject([{ title: 'Y', fields: ['nothing'], canFire: false }]);
    const found: Detection[] = [];
    const engine = createEngine({ rules });
    for (let i = 0; i < 3; i++) {
      engine.push(eventOf({ 'http.request.method': 'PUT' }), (detection) => found.push(detection));
    }
    expect(found).toEqual([]);
  });
});

describe('the score from which on a signal raises an alert', () => {
  it.each([
    [undefined, 69, 0],
    [undefined, 70, 1],
    [90, 89, 0],
    [90, 90, 1],
  ])('is %s: a signal of %s raises %s', (signalAlertScore, score, detections) => {
    const options = signalAlertScore === undefined ? {} : { signalAlertScore };
    const engine = createEngine({ rules: loadRules([shippedRulesDir], options).rules });
    const found: Detection[] = [];
    const signal = eventOf({ 'event.dataset': 'signal', 'event.kind': 'alert', 'event.risk_score': score });
    engine.push(signal, (detection) => found.push(detection));
    expect(found).toHaveLength(detections);
  });
});
