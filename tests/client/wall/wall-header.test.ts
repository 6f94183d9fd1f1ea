import { describe, expect, it } from 'vitest';
import { createTranslator } from '../../../shared/i18n/translate.ts';
import type { StateWord } from '../../../shared/live/state-word.ts';
import { freshnessOf } from '../../../client/state/feed-context.tsx';
import { wallHeader } from '../../../client/wall/wall-header.ts';
import { wallLimits } from '../../../client/wall/wall-text.ts';
import type { WallFacts } from '../../../client/wall/wall-facts.ts';
import { alertOf, factsOf, frameOf, now, ruleOf } from './wall-fixtures.ts';

const id = createTranslator('id');
const en = createTranslator('en');
const silent = { kind: 'source-silent', source: 'nginx-2', since: now - 240_000 } as const;
const holed = frameOf({ coverage: [silent] });
const one = { alerts: [alertOf('a')], openAlerts: 1 };

describe('the line beside the state word', () => {
  const cases: [string, Partial<WallFacts> & { words: readonly StateWord[] }, string][] = [
    ['says that nothing is open', { words: ['normal'] }, 'tidak ada peringatan terbuka'],
    [
      'does not call lesser alerts nothing',
      { words: ['normal'], alerts: [alertOf('a', { severity: 'medium' })], openAlerts: 1 },
      '1 terbuka, tiada yang tinggi',
    ],
    ['names the worst alert', { words: ['incident'], ...one }, 'Akun diambil alih'],
    ['adds the second word', { words: ['incident', 'elevated'], ...one }, 'Akun diambil alih · WASPADA'],
    [
      'never leaves a coverage hole unsaid in an incident',
      { words: ['incident', 'cannot-tell', 'elevated'], ...one, frame: holed },
      'TIDAK PASTI: nginx-2 diam · 4 m',
    ],
    ['says which source is silent', { words: ['cannot-tell'], frame: holed }, 'nginx-2 diam · 4 m'],
    [
      'counts further holes',
      {
        words: ['cannot-tell'],
        frame: frameOf({ coverage: [silent, { kind: 'store-failing', since: now }] }),
      },
      'nginx-2 diam +1 · 4 m',
    ],
    ['says that a figure is above usual', { words: ['elevated'] }, 'gagal di atas biasa'],
    [
      'says since when data stopped',
      { words: ['stopped'], freshness: 'stopped', ageMs: 40_000 },
      'sejak 14.05.11',
    ],
    [
      'says what was last known when data stopped',
      { words: ['stopped', 'incident'], freshness: 'stopped', ageMs: 40_000 },
      'terakhir INSIDEN',
    ],
  ];
  it.each(cases)('%s', (_, facts, line) => {
    expect(wallHeader(factsOf(facts), id).line).toBe(line);
  });

  it('is never longer than fits, whatever a rule or a source is called', () => {
    const long = 'Ᏸ'.repeat(400);
    const frame = frameOf({ coverage: [{ ...silent, source: long }] });
    const alerts = [alertOf('a', { rule: ruleOf(long) })];
    for (const words of [['incident'], ['cannot-tell'], ['elevated'], ['incident', 'cannot-tell']] as const) {
      for (const translator of [id, en]) {
        const { line } = wallHeader(factsOf({ words, frame, alerts, openAlerts: 1 }), translator);
        expect(Array.from(line).length).toBeLessThanOrEqual(wallLimits.headline);
      }
    }
  });

  it('shows direction marks in a rule title instead of obeying them', () => {
    const title = 'a\u202Eb';
    const alerts = [alertOf('a', { rule: ruleOf(title) })];
    expect(wallHeader(factsOf({ words: ['incident'], alerts }), id).line).toBe('a‹U+202E›b');
  });
});

describe('staleness', () => {
  const at = (ageMs: number): WallFacts =>
    factsOf({
      ageMs,
      freshness: freshnessOf(ageMs, 'live'),
      words: ageMs > 30_000 ? ['stopped'] : ['normal'],
    });
  it.each([
    [0, 'fresh', false, null],
    [3_000, 'fresh', false, null],
    [3_001, 'aging', true, null],
    [10_001, 'stale', true, null],
    [30_000, 'stale', true, null],
    [30_001, 'stopped', true, 'DATA TERHENTI sejak 14.05.11'],
  ])('at %i ms is %s', (ageMs, freshness, aging, bar) => {
    expect(at(ageMs).freshness).toBe(freshness);
    expect(wallHeader(at(ageMs), id)).toMatchObject({ aging, bar });
  });

  it('claims nothing before the first data', () => {
    const facts = factsOf({
      freshness: 'waiting',
      ageMs: null,
      frame: null,
      words: ['stopped'],
      connecting: true,
    });
    expect(wallHeader(facts, id)).toMatchObject({
      word: null,
      line: 'menyambung…',
      age: 'data —',
      bar: null,
    });
  });

  it('says that data stopped when none came', () => {
    const facts = factsOf({ freshness: 'waiting', ageMs: null, frame: null, words: ['stopped'] });
    expect(wallHeader(facts, en)).toMatchObject({
      word: 'stopped',
      line: '',
      aging: true,
      bar: 'DATA STOPPED: no data yet',
    });
  });
});

it('tells the time in prose, in the zone', () => {
  expect(wallHeader(factsOf(), id).clock).toBe('14.05 WIB');
  expect(wallHeader(factsOf({ zone: 'WIT' }), en).clock).toBe('16:05 WIT');
});
