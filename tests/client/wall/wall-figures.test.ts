import { describe, expect, it } from 'vitest';
import { createTranslator } from '../../../shared/i18n/translate.ts';
import { figureScale, noteWidth, wallFigures } from '../../../client/wall/wall-figures.ts';
import { textWidth } from '../../../client/wall/wall-text.ts';
import { alertOf, factsOf, frameOf, now } from './wall-fixtures.ts';

const id = createTranslator('id');
const en = createTranslator('en');

describe('failures a minute', () => {
  it.each([
    [842, [90, 140], '842', '', 'biasa 90–140'],
    [0, [0, 4], '0', '', 'biasa 0–4'],
    [1_240, [90, 140], '1,2', 'rb', 'biasa 90–140'],
    [12_400, [1_200, 1_400], '12', 'rb', '1,2–1,4 rb'],
    [1_250_000, null, '1,3', 'jt', 'biasa —'],
  ] as const)('%i with usual %j', (count, usual, ...[value, unit, note]) => {
    const frame = frameOf({ usualFailures: usual ? [...usual] : null });
    const [figure] = wallFigures(factsOf({ failures: { count, heard: 60 }, frame }), id);
    expect(figure).toMatchObject({ value, unit, note, partial: false });
  });

  it('says when the minute is not whole', () => {
    const [figure] = wallFigures(factsOf({ failures: { count: 20, heard: 12 } }), id);
    expect(figure).toMatchObject({ note: 'baru 12 d', partial: true });
  });

  it('says when a source is silent, which makes the figure too low', () => {
    const frame = frameOf({ coverage: [{ kind: 'source-silent', source: 'nginx-2', since: null }] });
    expect(wallFigures(factsOf({ frame }), id)[0]).toMatchObject({ note: 'sumber −1', partial: true });
  });
});

describe('open alerts', () => {
  it('counts critical and high ones and tells the age of the newest of the worst', () => {
    const alerts = [
      alertOf('a', { createdAt: now - 540_000 }),
      alertOf('b', { createdAt: now - 240_000 }),
      alertOf('c', { severity: 'high', createdAt: now - 5_000 }),
      alertOf('d', { severity: 'low' }),
    ];
    const [, figure] = wallFigures(factsOf({ alerts, openAlerts: 4 }), id);
    expect(figure).toMatchObject({ value: '2', unit: 'kritis', note: '1 tinggi · 4 m' });
  });

  it('has notes that fit, however many there are', () => {
    for (const count of [0, 7, 88, 444]) {
      const alerts = Array.from({ length: count }, (_, index) =>
        alertOf(String(index), { severity: 'high' }),
      );
      for (const translator of [id, en]) {
        for (const { note } of wallFigures(factsOf({ alerts, openAlerts: count }), translator)) {
          expect(textWidth(note)).toBeLessThanOrEqual(noteWidth);
        }
      }
    }
  });
});

it('counts the parties that are there', () => {
  const [, , figure] = wallFigures(factsOf(), id);
  expect(figure).toMatchObject({ value: '38', unit: '/38', note: 'Aceh 6/7' });
});

it.each(['waiting', 'stopped'] as const)('shows dashes when data is %s', (freshness) => {
  const values = wallFigures(factsOf({ freshness }), id);
  expect(values.map(({ value, unit, note }) => value + unit + note)).toEqual(['—', '—', '—']);
});

it('still shows figures of ten seconds ago, which the screen fades', () => {
  expect(wallFigures(factsOf({ freshness: 'stale', ageMs: 12_000 }), id)[0]?.value).toBe('112');
});

it.each([
  ['842', '', 1],
  ['38', '/38', 1],
])('leaves %s%s at full size', (value, unit, scale) => {
  expect(figureScale(value, unit)).toBe(scale);
});

it('shrinks what would not fit', () => {
  expect(figureScale('120', 'kritis')).toBeLessThan(0.6);
});
