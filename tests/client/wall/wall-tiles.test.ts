import { describe, expect, it } from 'vitest';
import { createTranslator } from '../../../shared/i18n/translate.ts';
import { tileColumns, wallTiles } from '../../../client/wall/wall-tiles.ts';
import { alertOf, factsOf, frameOf } from './wall-fixtures.ts';

const id = createTranslator('id');

describe('the tiles', () => {
  it('are one for each party of the register, in its order', () => {
    expect(wallTiles(factsOf(), id).map(({ text, aceh }) => [text, aceh])).toEqual([
      ['03', false],
      ['07', false],
      ['12', false],
      ['A4', true],
    ]);
    expect(wallTiles(factsOf({ parties: [] }), id)).toEqual([]);
  });

  it('are grey when nothing is wrong, and dashed when the account is absent', () => {
    const tiles = wallTiles(factsOf(), id);
    expect(tiles.map(({ tone }) => tone)).toEqual([null, null, null, null]);
    expect(tiles.map(({ absent }) => absent)).toEqual([false, false, false, true]);
  });

  it('are filled by the worst open alert that names the party', () => {
    const alerts = [
      alertOf('a', { severity: 'high' }),
      alertOf('b'),
      alertOf('c', { severity: 'low', key: { 'organization.id': 'P03' }, parties: [] }),
      alertOf('d', { key: { 'user.name': 'P12' }, parties: [] }),
      alertOf('e', { severity: 'high', key: { 'source.ip': '203.0.113.9' }, parties: ['P07', 'PA4'] }),
    ];
    expect(wallTiles(factsOf({ alerts }), id).map(({ tone }) => tone)).toEqual([
      null,
      'critical',
      null,
      'high',
    ]);
  });

  it('are filled by failures over the threshold', () => {
    const frame = frameOf({ partyFailures: { P03: 145, P12: 3 } });
    expect(wallTiles(factsOf({ frame }), id).map(({ tone }) => tone)).toEqual(['high', null, null, null]);
  });

  it('look up a party called like a property of every object', () => {
    const parties = [
      { id: 'constructor', name: 'X', kind: 'national', number: 1, expectedSince: '2026-08-01' } as const,
    ];
    expect(wallTiles(factsOf({ parties }), id)[0]?.tone).toBeNull();
  });

  it('are all dashed and grey when data stopped', () => {
    const tiles = wallTiles(factsOf({ freshness: 'stopped', alerts: [alertOf('a')] }), id);
    expect(tiles.every(({ absent, tone }) => absent && tone === null)).toBe(true);
  });
});

it.each([
  [0, 15],
  [24, 15],
  [45, 15],
  [48, 15],
  [75, 15],
  [90, 18],
])('%i tiles stand in rows of %i', (tiles, columns) => {
  expect(tileColumns(tiles)).toBe(columns);
});
