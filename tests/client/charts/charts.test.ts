import { expect, test, vi } from 'vitest';
import { aligned, axisTime, stack } from '../../../client/charts/time-chart-options.ts';
import { pointsOf, rungsOf } from '../../../client/charts/TrendChart.tsx';

vi.mock('uplot', () => ({ default: vi.fn() }));

test('bars stand on those below, and the tallest is drawn first', () => {
  const data = {
    at: [1_000, 2_000],
    values: [
      [1, 2],
      [10, null],
    ],
  };
  expect(stack(data.values)).toEqual([
    [1, 2],
    [11, 2],
  ]);
  expect(aligned(data, 'stacked-bars')).toEqual([
    [1, 2],
    [11, 2],
    [1, 2],
  ]);
  expect(aligned(data, 'lines')).toEqual([
    [1, 2],
    [1, 2],
    [10, null],
  ]);
});

const second = Date.UTC(2026, 10, 24, 17, 5, 9) / 1_000;
test.each([
  [60, 900, 'WIB', '00:05'],
  [10, 120, 'WIB', '00:05:09'],
  [60, 900, 'UTC', '17:05'],
  [3_600, 2 * 86_400, 'WIB', '25/11 00:05'],
  [86_400, 9 * 86_400, 'UTC', '24/11'],
] as const)('an axis by %s s over %s s in %s says %s', (step, span, zone, text) => {
  expect(axisTime(second, step, span, zone)).toBe(text);
});

test.each([
  [0, [0, 1, 2, 3, 4]],
  [7, [0, 2, 4, 6, 8]],
  [21_400, [0, 5_000, 10_000, 15_000, 20_000, 25_000]],
  [99, [0, 20, 40, 60, 80, 100]],
])('a day whose highest is %s climbs by even steps', (most, rungs) => {
  expect(rungsOf([{ success: most, failure: 0, blocked: 0 }])).toEqual(rungs);
});

test('a day has gaps where nothing was heard, and true zeros', () => {
  const series = {
    bucketMs: 300_000,
    at: [0, 300_000, 600_000],
    success: [7, 0, 0],
    failure: [3, 0, 0],
    blocked: [1, 0, 0],
    events: [20, 0, 0],
    heard: [300, 0, 12],
  };
  expect(pointsOf(series)).toEqual([
    { at: 0, success: 7, failure: 3, blocked: 1 },
    { at: 300_000, success: null, failure: null, blocked: null },
    { at: 600_000, success: 0, failure: 0, blocked: 0 },
  ]);
});
