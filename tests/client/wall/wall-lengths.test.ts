import { expect, it } from 'vitest';
import { languages, type MessageKey } from '../../../shared/i18n/catalogue.ts';
import { wall } from '../../../shared/i18n/id/wall.ts';
import { createTranslator } from '../../../shared/i18n/translate.ts';
import { noteWidth } from '../../../client/wall/wall-figures.ts';
import { textWidth, wallLimits } from '../../../client/wall/wall-text.ts';

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
const limits: Record<keyof typeof wall, number> = {
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
  'wall.parties': 10,
  'wall.more': 20,
  'wall.nobody': 9,
  'wall.somebody': 9,
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
  'wall.hole.ledger': wallLimits.title,
  'wall.hole.capped': wallLimits.title,
  'wall.hole.faulty': wallLimits.title,
  'wall.simulation': 12,
  'wall.simulation.hint': 24,
  'wall.exit': 30,
};

const notes: MessageKey[] = ['wall.usual', 'wall.usual.unknown', 'wall.heard', 'wall.silent', 'wall.aceh'];

it.each(languages)('every short form of the wall fits in %s', (language) => {
  const { t } = createTranslator(language);
  for (const [key, limit] of Object.entries(limits)) {
    const text = t(key as keyof typeof wall, vars);
    expect(`${key} ${Array.from(text).length <= limit}`).toBe(`${key} true`);
  }
  for (const key of notes) expect(textWidth(t(key, vars))).toBeLessThanOrEqual(noteWidth);
});

it('has a limit for every short form', () => {
  expect(Object.keys(limits).sort()).toEqual(Object.keys(wall).sort());
});
