import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Detection } from '../../server/detect/detection.ts';
import { createEngine } from '../../server/detect/engine.ts';
import { readRules } from '../../server/detect/sigma/read-rules.ts';
import { eventOf, readAnyRules } from '../server/detect/sigma-events.ts';

const folder = process.env['SIAGA_CONFORMANCE'] ?? join(import.meta.dirname, '../../../shared/conformance');

interface DetectionRow {
  test: string;
  rules_yaml: string;
  event: Record<string, unknown> | null;
  expect_matches: number | null;
  expect_load: 'accept' | 'reject';
}

interface CorrelationRow {
  test: string;
  rules_yaml: string;
  fires: string;
  events: { t: number; event: Record<string, unknown>; expect_correlations: number | null }[];
}

interface PublishedRow {
  group: string;
  path: string;
  yaml: string;
}

function rows<T>(file: string): T[] {
  const path = join(folder, file);
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** What the language lacks today, by the words of its refusal. */
const notYet: readonly [RegExp, string][] = [
  [/^found modifier "([^"]+)", which is not supported/, 'modifier'],
  [/^found "(filter|action)", which is not supported/, 'document'],
  [/^found correlation type "([^"]+)", which is not supported/, 'correlation type'],
  [/^found correlation condition "([^"]+)", which is not supported/, 'correlation condition'],
  [/^correlation condition: found (a text), which is not supported/, 'correlation condition'],
  [/^found placeholder "([^"]+)", which has no value here/, 'placeholder'],
];

function missing(message: string): string | null {
  for (const [pattern, kind] of notYet) {
    const match = pattern.exec(message);
    if (match) return `not yet: ${kind} ${match[1]}`;
  }
  return null;
}

/** The first part of the language that rules need and the loader names as unsupported; `null` when they load. */
function missingFor(yaml: string): string | null {
  for (const { message } of readAnyRules(yaml).problems) {
    const reason = missing(message);
    if (reason !== null) return reason;
  }
  return null;
}

const cases = <R extends { test: string; rules_yaml: string; expect_load?: string }>(all: readonly R[]) =>
  all.map((row, index) => ({
    row,
    title: `${index + 1} ${row.test}`,
    lacks: row.expect_load === 'reject' ? null : missingFor(row.rules_yaml),
  }));

const detections = cases(rows<DetectionRow>('sigma-detections.jsonl'));
const correlations = cases(rows<CorrelationRow>('sigma-correlations.jsonl'));
const published = rows<PublishedRow>('sigma-rules.jsonl');

const run = (yaml: string, events: readonly Record<string, unknown>[]): Detection[][] => {
  const { rules, problems } = readAnyRules(yaml);
  expect(problems).toEqual([]);
  const engine = createEngine({ rules });
  return events.map((event) => {
    const found: Detection[] = [];
    engine.push(eventOf({ 'event.original': JSON.stringify(event), ...event }), (detection) =>
      found.push(detection),
    );
    return found;
  });
};

/** What isn't supported is refused with its place, never half understood. */
function expectRefused(yaml: string): void {
  const { problems } = readAnyRules(yaml);
  expect(problems.length).toBeGreaterThan(0);
  for (const { line, message } of problems) {
    expect(line).not.toBeNull();
    expect(message).not.toBe('');
  }
}

describe.skipIf(detections.length === 0)('detections of the conformance data', () => {
  for (const { row, title, lacks } of detections) {
    it(lacks === null ? title : `${title} is refused (${lacks})`, () => {
      if (lacks !== null) {
        expectRefused(row.rules_yaml);
        return;
      }
      if (row.expect_load === 'reject') {
        expect(readAnyRules(row.rules_yaml)).toMatchObject({
          rules: [],
          problems: [{ line: expect.any(Number) }],
        });
        return;
      }
      const [found = []] = run(row.rules_yaml, [row.event ?? {}]);
      expect(found.length).toBe(row.expect_matches);
    });
  }
});

describe.skipIf(correlations.length === 0)('correlations of the conformance data', () => {
  for (const { row, title, lacks } of correlations) {
    it(lacks === null ? title : `${title} is refused (${lacks})`, () => {
      if (lacks !== null) {
        expectRefused(row.rules_yaml);
        return;
      }
      const events = row.events.map(({ t, event }) => ({ ...event, '@timestamp': t * 1_000 }));
      const found = run(row.rules_yaml, events);
      for (const [index, { expect_correlations: expected }] of row.events.entries()) {
        if (expected !== null) expect(found[index]?.length, `event ${index + 1}`).toBe(expected);
      }
    });
  }
});

describe.skipIf(published.length === 0)('published rules', () => {
  it.each(published.map((row) => [row.path, row]))(
    '%s loads, or names what is not yet there',
    (_path, { yaml }) => {
      const { rules, problems } = readRules([{ file: 'rule.yml', text: yaml }]);
      if (problems.length === 0) expect(rules).toHaveLength(1);
      else expect(problems.map(({ message }) => missing(message))).not.toContain(null);
    },
  );

  it('for web servers can fire on an access log, unless they need a field it lacks', () => {
    const web = published.filter(({ yaml }) => /^\s+category: webserver$/m.test(yaml));
    const loaded = readRules(web.map(({ path, yaml }) => ({ file: path, text: yaml })));
    const dead = loaded.unfed.filter(({ canFire }) => !canFire);
    expect(web.length).toBeGreaterThan(0);
    expect(loaded.rules.length + loaded.problems.length).toBe(web.length);
    for (const { fields, logsource } of dead)
      expect([...fields, logsource]).toContainEqual(expect.any(String));
  });
});
