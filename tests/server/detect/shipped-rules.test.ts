import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SiagaEvent } from '../../../shared/event/fields.ts';
import type { Detection } from '../../../server/detect/detection.ts';
import { createEngine } from '../../../server/detect/engine.ts';
import { maxShortLength } from '../../../shared/short-title.ts';
import { loadRules, shippedRulesDir } from '../../../server/detect/load-rules.ts';
import { readRules } from '../../../server/detect/sigma/read-rules.ts';
import { readFixture } from './fixture.ts';
import { ordinaryEvents } from './ordinary-events.ts';

const shipped = loadRules([shippedRulesDir]);
const files = readdirSync(shippedRulesDir, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yml') && !file.endsWith('.fixture.yml'))
  .sort();
const placeholders = new Map([['signal_alert_score', ['70']]]);

function detect(file: string, events: readonly SiagaEvent[]): Detection[] {
  const { rules, problems } = readRules([{ file, text: readFileSync(join(shippedRulesDir, file), 'utf8') }], {
    placeholders,
  });
  expect(problems).toEqual([]);
  const engine = createEngine({ rules });
  const found: Detection[] = [];
  for (const event of events) engine.push(event, (detection) => found.push(detection));
  return found;
}

describe('the shipped rules', () => {
  it('are found and load without a problem, each able to fire', () => {
    expect(files.length).toBeGreaterThanOrEqual(14);
    expect(shipped.problems).toEqual([]);
    expect(shipped.unfed).toEqual([]);
  });

  it('say everything in both languages that a duty analyst needs', () => {
    for (const info of createEngine({ rules: shipped.rules }).rules) {
      expect(info.title.id.length, info.title.en).toBeLessThanOrEqual(40);
      expect(info.title.id, info.title.en).not.toBe(info.title.en);
      expect(info.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      const { description, falsePositives, short } = info;
      expect(description, info.title.en).not.toBeNull();
      expect(description?.id, info.title.en).not.toBe(description?.en);
      expect(falsePositives.id, info.title.en).not.toEqual(falsePositives.en);
      expect(falsePositives.id, info.title.en).toHaveLength(falsePositives.en.length);
      for (const language of ['id', 'en'] as const) {
        expect(falsePositives[language], info.title.en).not.toEqual([]);
        expect(short[language], info.title.en).not.toMatch(/…$/);
        expect(short[language].length, info.title.en).toBeLessThanOrEqual(maxShortLength);
      }
      expect(info.response, info.title.en).not.toBeNull();
      expect(info.tags.join(), info.title.en).toMatch(/attack\./);
    }
  });

  it('have short titles that no other has', () => {
    const { rules } = createEngine({ rules: shipped.rules });
    for (const language of ['id', 'en'] as const) {
      expect(new Set(rules.map(({ short }) => short[language])).size).toBe(rules.length);
    }
  });

  it('are all listed in docs/rules.md', () => {
    const docs = readFileSync(join(import.meta.dirname, '../../../docs/rules.md'), 'utf8');
    const listed = docs
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .map((cells) => [cells[1], cells[2], cells[3], cells.at(-2)]);
    for (const { title, short, severity } of createEngine({ rules: shipped.rules }).rules) {
      expect(listed).toContainEqual([title.en, title.id, short.id, severity]);
    }
  });

  it('stay silent on an ordinary day of the registration site', () => {
    const engine = createEngine({ rules: shipped.rules });
    const found: Detection[] = [];
    for (const event of ordinaryEvents(20_000)) engine.push(event, (detection) => found.push(detection));
    expect(found).toEqual([]);
  });
});

describe.each(files)('%s', (file) => {
  const fixtureFile = join(shippedRulesDir, file.replace(/\.yml$/, '.fixture.yml'));

  it('has a fixture beside it', () => {
    expect(existsSync(fixtureFile)).toBe(true);
  });

  const { fires, silent } = existsSync(fixtureFile) ? readFixture(fixtureFile) : { fires: [], silent: [] };

  it.each(fires.map(({ name, events }) => [name, events] as const))('fires: %s', (_name, events) => {
    expect(detect(file, events)).toHaveLength(1);
  });

  it.each(silent.map(({ name, events }) => [name, events] as const))('stays silent: %s', (_name, events) => {
    expect(detect(file, events)).toEqual([]);
  });
});
