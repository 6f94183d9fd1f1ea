import { expect, it } from 'vitest';
import { createTranslator } from '../../../shared/i18n/translate.ts';
import { farness, leastDiagonal } from '../../../client/wall/wall-detail.ts';
import { wallAlerts } from '../../../client/wall/wall-alerts.ts';
import { wallFigures } from '../../../client/wall/wall-figures.ts';
import { wallHeader } from '../../../client/wall/wall-header.ts';
import { alertOf, factsOf } from './wall-fixtures.ts';

const id = createTranslator('id');

it('shows of an alert its title and age at the detail of titles, not what or who it is about', () => {
  const { rows } = wallAlerts(factsOf({ detail: 'titles', alerts: [alertOf('a')], openAlerts: 1 }), id);
  expect(rows).toMatchObject([{ title: 'Akun diambil alih', detail: '4 m' }]);
});

it('shows no figure of alerts at the detail of figures, and does not say that all is well', () => {
  const facts = factsOf({ detail: 'figures' });
  expect(wallFigures(facts, id).map((figure) => figure.id)).toEqual(['failures', 'accounts']);
  expect(wallHeader(facts, id)).toMatchObject({ word: null, line: 'angka saja' });
});

it('says at the detail of figures still what figures tell', () => {
  expect(wallHeader(factsOf({ detail: 'figures', words: ['elevated'] }), id).word).toBe('elevated');
});

it.each([
  [55, 5, 1],
  [55, 10, 2],
  [110, 10, 1],
  [85, 5, 0.65],
])(
  'a screen of %i inches at %i m looks %f times as far as the usual one',
  (diagonalInch, distanceM, times) => {
    expect(farness({ diagonalInch, distanceM })).toBeCloseTo(times, 2);
  },
);

it('names the smallest screen on which all can be read', () => {
  expect([5, 8].map(leastDiagonal)).toEqual([55, 88]);
});
