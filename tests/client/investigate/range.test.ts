import { describe, expect, it } from 'vitest';
import {
  draggedRange,
  maxRangeMs,
  moveRange,
  parseRange,
  printBetween,
  printSpan,
  spanLabel,
  zoomIn,
  zoomOut,
} from '../../../client/investigate/range.ts';

const now = Date.UTC(2026, 10, 24, 7, 5, 12);
const wib = (text: string): number => Date.parse(`${text}+07:00`);
const between = (from: string, to: string) => ({ kind: 'between', from: wib(from), to: wib(to) });

describe('a typed range', () => {
  it.each([
    ['15m', { kind: 'last', ms: 900_000 }],
    ['2j', { kind: 'last', ms: 7_200_000 }],
    ['7h', { kind: 'last', ms: 7 * 86_400_000 }],
    ['30 d', { kind: 'last', ms: 30_000 }],
    ['kemarin', between('2026-11-23T00:00:00', '2026-11-24T00:00:00')],
    ['Hari ini', between('2026-11-24T00:00:00', '2026-11-25T00:00:00')],
    ['2026-11-20', between('2026-11-20T00:00:00', '2026-11-21T00:00:00')],
    ['08:00-09:30', between('2026-11-24T08:00:00', '2026-11-24T09:30:00')],
    ['08.00 – 09.30', between('2026-11-24T08:00:00', '2026-11-24T09:30:00')],
    ['2026-11-23 13:30 s.d. 14:05:10', between('2026-11-23T13:30:00', '2026-11-23T14:05:10')],
    ['2026-11-23 23:00 – 2026-11-24 01:00', between('2026-11-23T23:00:00', '2026-11-24T01:00:00')],
    ['', null],
    ['0m', null],
    ['9999999h', null],
    ['09:30-08:00', null],
    ['08:61-09:00', null],
    ['constructor', null],
    ['2020-01-01 00:00 – 2026-01-01 00:00', null],
  ])('%s', (typed, range) => {
    expect(parseRange(typed, now, { zone: 'WIB', language: 'id' })).toEqual(range);
  });

  it('means what its language means', () => {
    expect(parseRange('7h', now, { zone: 'WIB', language: 'en' })).toEqual({
      kind: 'last',
      ms: 7 * 3_600_000,
    });
    expect(parseRange('7d', now, { zone: 'WIB', language: 'en' })).toEqual({
      kind: 'last',
      ms: 7 * 86_400_000,
    });
    expect(spanLabel(7 * 86_400_000, 'id')).toBe('7h');
    expect(spanLabel(86_400_000, 'id')).toBe('24j');
  });

  it('is read in the zone of the screen', () => {
    expect(parseRange('08:00-09:00', now, { zone: 'UTC', language: 'en' })).toEqual({
      kind: 'between',
      from: Date.UTC(2026, 10, 24, 8),
      to: Date.UTC(2026, 10, 24, 9),
    });
  });

  it('may be what the box shows', () => {
    for (const span of [
      { from: wib('2026-11-24T13:30:00'), to: wib('2026-11-24T14:05:10') },
      { from: wib('2026-11-23T23:59:59'), to: wib('2026-11-24T00:00:01') },
    ]) {
      const typed = printBetween(span, 'WIT');
      expect(parseRange(typed, now, { zone: 'WIT', language: 'id' })).toEqual({ kind: 'between', ...span });
    }
  });
});

it.each([
  [900_000, '15m'],
  [3_600_000, '1h'],
  [86_400_000, '24h'],
  [172_800_000, '2d'],
  [90_000, '90s'],
])('%i ms is %s in an address', (ms, text) => {
  expect(printSpan(ms)).toBe(text);
});

describe('moving about', () => {
  const hour = { kind: 'between', from: now - 7_200_000, to: now - 3_600_000 } as const;
  it('zooms out to twice the range, never past now', () => {
    expect(zoomOut(hour, now)).toEqual({ kind: 'between', from: now - 9_000_000, to: now - 1_800_000 });
    expect(zoomOut({ ...hour, to: now }, now)).toMatchObject({ to: now });
    expect(zoomOut({ kind: 'last', ms: 900_000 }, now)).toEqual({ kind: 'last', ms: 1_800_000 });
    expect(zoomOut({ kind: 'last', ms: maxRangeMs }, now)).toEqual({ kind: 'last', ms: maxRangeMs });
  });
  it('zooms in to the middle, and not below seconds', () => {
    expect(zoomIn(hour, now)).toEqual({ kind: 'between', from: now - 6_300_000, to: now - 4_500_000 });
    const short = { kind: 'between', from: 0, to: 2_000 } as const;
    expect(zoomIn(short, now)).toBe(short);
  });
  it('moves by half', () => {
    expect(moveRange(hour, now, -1)).toEqual({ kind: 'between', from: now - 9_000_000, to: now - 5_400_000 });
  });
  it('never drags out less than a second', () => {
    expect(draggedRange(1_000.4, 1_100)).toEqual({ kind: 'between', from: 1_000, to: 2_001 });
  });
});
