import { describe, expect, test } from 'vitest';
import { formatBytes } from '../../../client/sources/format-bytes.ts';
import { bucketFor, columnsOf } from '../../../client/sources/ledger-columns.ts';
import { differenceOf, joinSources } from '../../../client/sources/source-rows.ts';
import { barsOf } from '../../../client/sources/Sparkline.tsx';
import { shareOf } from '../../../client/sources/SourceTableRow.tsx';
import { printSourcesState, readSourcesState } from '../../../client/sources/url-state.ts';
import { frameOf } from '../live-samples.ts';
import { countsOf, healthOf, hour, ledgerOf, minute0, minuteOf } from './ledger-samples.ts';

describe('the rows of the sources', () => {
  test('are the configured ones in their order, then those that only the ledger knows', () => {
    const ledger = ledgerOf({ sources: [countsOf('import'), countsOf('sipol', { received: 5, stored: 5 })] });
    const rows = joinSources(frameOf(1, { sources: [healthOf('web'), healthOf('sipol')] }), ledger);
    expect(rows.map(({ id, configured, counts }) => [id, configured, counts?.received])).toEqual([
      ['web', true, 0],
      ['sipol', true, 5],
      ['import', false, 0],
    ]);
  });

  test('call nothing "not configured" before the first frame, and count nothing before the ledger is read', () => {
    expect(joinSources(null, ledgerOf({ sources: [countsOf('web')] }))[0]?.configured).toBe(true);
    expect(joinSources(frameOf(1, { sources: [healthOf('web')] }), undefined)[0]?.counts).toBeNull();
  });

  test('count nothing in a range without books', () => {
    const before = ledgerOf({ since: minute0 + hour });
    expect(joinSources(frameOf(1, { sources: [healthOf('web')] }), before)[0]?.counts).toBeNull();
  });

  test('are off with any minute that differs, also where the sums agree', () => {
    const ledger = ledgerOf({
      sources: [countsOf('web'), countsOf('sipol')],
      differences: [minuteOf('web', minute0, { stored: 1, inStore: 2 })],
    });
    expect(joinSources(null, ledger).map(({ balanced }) => balanced)).toEqual([false, true]);
  });
});

test.each([
  [{ received: 5, stored: 4, rejected: 1, inStore: 4 }, 0],
  [{ received: 5, stored: 5, rejected: 0, inStore: 3 }, -2],
  [{ received: 5, stored: 3, rejected: 0, inStore: 4 }, 1],
  [{ received: 5, stored: 3, rejected: 0, inStore: 3 }, -2],
  [{ received: 5, stored: 3, rejected: 0, inStore: 3, pending: 2 }, 0],
])('%# the difference says which way it is off', (counts, difference) => {
  expect(differenceOf(counts)).toBe(difference);
});

describe('columns', () => {
  test.each([
    [hour, 60, 1],
    [24 * hour, 60, 30],
    [24 * hour, 1_440, 1],
    [7 * 24 * hour, 1_440, 10],
    [400 * 24 * hour, 60, 10_080],
  ])('of %d ms, at most %d, have %d minutes', (length, most, bucket) => {
    expect(bucketFor({ from: 0, to: length }, most)).toBe(bucket);
  });

  test('are 0 where nothing came, unknown where no books were kept, and of the one source', () => {
    const from = minute0 - (minute0 % 300_000);
    const ledger = ledgerOf({
      from,
      to: from + 20 * 60_000,
      since: from + 5 * 60_000,
      minutes: [
        minuteOf('web', from + 10 * 60_000, { received: 9, stored: 8, unparsed: 2, rejected: 1 }),
        minuteOf('sipol', from + 10 * 60_000, { received: 90 }),
      ],
    });
    expect(columnsOf(ledger, 'web', 5)).toEqual({
      at: [from, from + 300_000, from + 600_000, from + 900_000],
      received: [null, 0, 9, 0],
      rejected: [null, 0, 1, 0],
      unparsed: [null, 0, 2, 0],
      parsed: [null, 0, 6, 0],
    });
  });
});

test('a bar is never too small to be seen, and nothing is drawn for nothing', () => {
  expect(barsOf([null, 0])).toBe('');
  expect(barsOf([1, 1_000])).toBe('M0 20v-1h48v1zM60 20v-20h48v20z');
});

const plain = (value: number) => String(Math.round(value * 10) / 10);

test.each([
  [0, 10, '0 %'],
  [1, 4, '25 %'],
  [1, 100_000, '<0.1 %'],
  [0, 0, '0 %'],
])('%d of %d is %s', (part, whole, text) => {
  expect(shareOf(part, whole, plain)).toBe(text);
});

test.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [1_536, '1.5 KiB'],
  [5 * 1_024 ** 3, '5 GiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes, plain)).toBe(text);
});

describe('the address', () => {
  test.each([
    '/sources',
    '/sources?last=24h',
    '/sources?from=1000&to=2000&source=web',
    '/sources?source=web',
  ])('%s is read and written again', (address) => {
    const { state, dropped } = readSourcesState(new URL(address, 'http://x').searchParams);
    expect(dropped).toEqual([]);
    expect(printSourcesState(state)).toBe(address);
  });

  test('is the last hour unless it says otherwise, and names what makes no sense', () => {
    const { state, dropped } = readSourcesState(new URLSearchParams('last=zz&source='));
    expect(state).toEqual({ range: { kind: 'last', ms: hour }, source: null });
    expect(dropped).toEqual(['last=zz', 'source=']);
  });
});
