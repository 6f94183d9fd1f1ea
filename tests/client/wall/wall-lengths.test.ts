import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { languages, type MessageKey } from '../../../shared/i18n/catalogue.ts';
import { wall } from '../../../shared/i18n/id/wall.ts';
import { createTranslator } from '../../../shared/i18n/translate.ts';
import { noteWidth } from '../../../client/wall/wall-figures.ts';
import { ruleTitle, textWidth, wallLimits } from '../../../client/wall/wall-text.ts';

const vars = {
  time: '14.05.12',
  word: '',
  range: '90–140',
  heard: 48,
  count: 12,
  present: 6,
  registered: 7,
  source: 'nginx-2',
  critical: 3,
  high: 12,
};

/** Most characters of every short form with usual values in its places; longer ones may wrap or are never drawn. */
const limits: Record<Exclude<keyof typeof wall, `wall.rule.${string}`>, number> = {
  'wall.title': 20,
  'wall.connecting': wallLimits.headline,
  'wall.since': 16,
  'wall.last': 9,
  'wall.bar': 32,
  'wall.bar.never': 32,
  'wall.failures': 12,
  'wall.usual': 14,
  'wall.usual.unknown': 14,
  'wall.heard': 14,
  'wall.silent': 14,
  'wall.open': 12,
  'wall.critical': 8,
  'wall.high': 9,
  'wall.accounts': 12,
  'wall.aceh': 12,
  'wall.chart': 32,
  'wall.chart.plain': 32,
  'wall.chart.label': 200,
  'wall.alerts': 20,
  'wall.flood': 20,
  'wall.group': 10,
  'wall.more': 20,
  'wall.nobody': 9,
  'wall.above': wallLimits.headline,
  'wall.calm': wallLimits.headline,
  'wall.calm.low': wallLimits.headline,
  'wall.calm.none': 48,
  'wall.calm.day': 72,
  'wall.calm.day.none': 72,
  'wall.calm.sources': 48,
  'wall.calm.sources.some': 48,
  'wall.hole.silent': wallLimits.title,
  'wall.hole.never': 23,
  'wall.hole.fault': wallLimits.title,
  'wall.hole.store': wallLimits.title,
  'wall.hole.capped': wallLimits.title,
  'wall.hole.faulty': wallLimits.title,
  'wall.simulation': 12,
  'wall.simulation.hint': 24,
  'wall.exit': 30,
};

const notes: MessageKey[] = ['wall.usual', 'wall.usual.unknown', 'wall.heard', 'wall.silent', 'wall.aceh'];

const ruleKeys = (Object.keys(wall) as (keyof typeof wall)[]).filter((key) => key.startsWith('wall.rule.'));

it.each(languages)('every short form of the wall fits in %s', (language) => {
  const { t } = createTranslator(language);
  for (const [key, limit] of Object.entries(limits)) {
    const text = t(key as keyof typeof wall, vars);
    expect(`${key} ${Array.from(text).length <= limit}`).toBe(`${key} true`);
  }
  for (const key of ruleKeys) expect(Array.from(t(key)).length).toBeLessThanOrEqual(wallLimits.title);
  for (const key of notes) expect(textWidth(t(key, vars))).toBeLessThanOrEqual(noteWidth);
});

it('has a limit for every short form', () => {
  expect([...Object.keys(limits), ...ruleKeys].sort()).toEqual(Object.keys(wall).sort());
});

const rulesDir = path.join(process.cwd(), 'server/detect/rules');
const shipped = readdirSync(rulesDir, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yml') && !file.endsWith('.fixture.yml'))
  .flatMap((file) => parseAllDocuments(readFileSync(path.join(rulesDir, file), 'utf8')))
  .map((document) => document.toJS() as Record<string, string>)
  .filter((rule) => rule['siaga.title.id'] !== undefined)
  .map((rule) => ({
    id: rule['id'] ?? '',
    title: { id: rule['siaga.title.id'] ?? '', en: rule['title'] ?? '' },
    tags: [],
  }));

it.each(languages)('no two shipped rules look alike on the wall in %s', (language) => {
  const titles = shipped.map((rule) => ruleTitle(rule, wallLimits.title, createTranslator(language)));
  expect(titles.length).toBeGreaterThan(0);
  expect(new Set(titles).size).toBe(titles.length);
});
