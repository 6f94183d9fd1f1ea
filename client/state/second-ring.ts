import type { Frame, LoginSeries } from '../../shared/live/frame.ts';

/** How many seconds the browser holds: the 15 minutes that the live chart shows. */
export const ringSeconds = 900;

/** Login attempts and events of one second. */
export interface SecondCounts {
  readonly success: number;
  readonly failure: number;
  readonly blocked: number;
  readonly events: number;
}

/** Columns of consecutive seconds, oldest first; `null` where a second was not heard. `at` is epoch ms. */
export interface SecondColumns {
  readonly at: number[];
  readonly success: (number | null)[];
  readonly failure: (number | null)[];
  readonly blocked: (number | null)[];
  readonly events: (number | null)[];
}

/** A bounded memory of the last seconds, outside React. */
export interface SecondRing {
  readonly addFrame: (frame: Frame) => void;
  readonly addSeries: (series: LoginSeries) => void;
  /** Sums over the `seconds` before and including `endAt`, and how many of them were heard. */
  readonly sum: (endAt: number, seconds: number) => SecondCounts & { readonly heard: number };
  readonly columns: (endAt: number, seconds?: number) => SecondColumns;
  readonly clear: () => void;
}

const names = ['success', 'failure', 'blocked', 'events'] as const;
type Name = (typeof names)[number];

/**
 * A ring over the last 900 seconds. A second is named by its end, as in `Frame.at`;
 * a series names a bucket by its start, hence the shift by its length.
 */
export function createSecondRing(): SecondRing {
  const at = new Float64Array(ringSeconds);
  const values: Record<Name, Uint32Array> = {
    success: new Uint32Array(ringSeconds),
    failure: new Uint32Array(ringSeconds),
    blocked: new Uint32Array(ringSeconds),
    events: new Uint32Array(ringSeconds),
  };
  const slotOf = (second: number): number => second % ringSeconds;

  const put = (endAt: number, counts: SecondCounts): void => {
    const second = Math.floor(endAt / 1_000);
    const slot = slotOf(second);
    if ((at[slot] ?? 0) > second) return;
    at[slot] = second;
    for (const name of names) values[name][slot] = counts[name];
  };

  const heard = (second: number): boolean => at[slotOf(second)] === second && second > 0;

  return {
    addFrame: (frame) => put(frame.at, { ...frame.logins, events: frame.events }),
    addSeries: (series) => {
      for (const [index, start] of series.at.entries()) {
        if (series.heard[index] === 0) continue;
        put(start + series.bucketMs, {
          success: series.success[index] ?? 0,
          failure: series.failure[index] ?? 0,
          blocked: series.blocked[index] ?? 0,
          events: series.events[index] ?? 0,
        });
      }
    },
    sum: (endAt, seconds) => {
      const total = { success: 0, failure: 0, blocked: 0, events: 0, heard: 0 };
      const last = Math.floor(endAt / 1_000);
      for (let second = last - seconds + 1; second <= last; second += 1) {
        if (!heard(second)) continue;
        total.heard += 1;
        for (const name of names) total[name] += values[name][slotOf(second)] ?? 0;
      }
      return total;
    },
    columns: (endAt, seconds = ringSeconds) => {
      const columns: SecondColumns = { at: [], success: [], failure: [], blocked: [], events: [] };
      const last = Math.floor(endAt / 1_000);
      for (let second = last - seconds + 1; second <= last; second += 1) {
        columns.at.push(second * 1_000);
        const known = heard(second);
        for (const name of names) columns[name].push(known ? (values[name][slotOf(second)] ?? 0) : null);
      }
      return columns;
    },
    clear: () => at.fill(0),
  };
}
