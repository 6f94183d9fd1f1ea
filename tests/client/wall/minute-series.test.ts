import { describe, expect, it } from 'vitest';
import type { LoginSeries } from '../../../shared/live/frame.ts';
import { createSecondRing } from '../../../client/state/second-ring.ts';
import { minuteSeries } from '../../../client/wall/minute-series.ts';
import { chartTop, gapsOf, linePath } from '../../../client/wall/chart-shape.ts';

const minute = 60_000;
const newest = 1_000 * minute + 20_000;
const trendOf = (minutes: readonly number[]): LoginSeries => ({
  bucketMs: minute,
  at: minutes.map((each) => each * minute),
  success: minutes.map(() => 0),
  failure: minutes.map(() => 100),
  blocked: minutes.map(() => 5),
  events: minutes.map(() => 0),
  heard: minutes.map(() => 60),
});
const empty = createSecondRing().columns(newest);
const now = { count: 42, heard: 60 };

describe('the failures of an hour', () => {
  it('ends with the last 60 seconds, as the key figure has them', () => {
    const { at, failures } = minuteSeries(trendOf([998, 999]), empty, newest, now);
    expect(at).toHaveLength(61);
    expect(at.at(-1)).toBe(newest);
    expect(failures.slice(-4)).toEqual([null, 105, 105, 42]);
  });

  it('prefers what was heard live, and fills up a second that was missed', () => {
    const ring = createSecondRing();
    for (let second = 1; second <= 59; second += 1) {
      const at = 999 * minute + second * 1_000;
      ring.addSeries({
        ...trendOf([]),
        bucketMs: 1_000,
        at: [at - 1_000],
        success: [0],
        failure: [2],
        blocked: [0],
        events: [0],
        heard: [1],
      });
    }
    const { failures } = minuteSeries(trendOf([998, 999]), ring.columns(newest), newest, now);
    expect(failures.slice(-3)).toEqual([105, 120, 42]);
  });

  it('takes no zero for an answer where the server heard nothing', () => {
    const trend = { ...trendOf([997, 998, 999]), failure: [100, 0, 90], heard: [60, 0, 57] };
    expect(minuteSeries(trend, empty, newest, now).failures.slice(-4)).toEqual([105, null, 100, 42]);
  });

  it('has gaps where neither knows, and at the end when too little was heard', () => {
    const { failures } = minuteSeries(null, empty, newest, { count: 3, heard: 4 });
    expect(failures.every((value) => value === null)).toBe(true);
  });
});

describe('the chart', () => {
  const series = { at: [10, 20, 30, 40, 50].map((each) => each * minute), failures: [10, 20, null, 40, 10] };
  const box = { width: 500, height: 100, from: 0, to: 50 * minute, top: 100 };

  it('breaks its line at a gap', () => {
    expect(linePath(series, box)).toBe('M100 90L200 80M400 60L500 90');
  });

  it('hatches gaps, and the time since the last point', () => {
    expect(gapsOf(series, box, 11 * minute)).toEqual([{ x: 200, width: 200 }]);
    const late = { ...box, to: 60 * minute };
    expect(gapsOf(series, late, 21 * minute)).toEqual([{ x: 416.7, width: 83.3 }]);
  });

  it('leaves room for the usual range when nothing fails', () => {
    expect(chartTop({ at: [0], failures: [0] }, [90, 140])).toBe(280);
    expect(chartTop({ at: [], failures: [] }, null)).toBe(10);
  });
});
