import type { LoginSeries } from '../../shared/live/frame.ts';
import type { SecondColumns } from '../state/second-ring.ts';

/** Failed and blocked logins by the minute, oldest first; `at` is the end of each, epoch ms, `null` where nothing was heard. */
export interface MinuteSeries {
  readonly at: readonly number[];
  readonly failures: readonly (number | null)[];
}

export const shownMinutes = 60;
const minuteMs = 60_000;
/** From this many heard seconds on a minute counts. */
const leastSeconds = 50;

type Minutes = Map<number, { failures: number; seconds: number }>;

function fromRing(ring: SecondColumns): Minutes {
  const minutes: Minutes = new Map();
  for (const [index, end] of ring.at.entries()) {
    const failure = ring.failure[index];
    if (failure === null || failure === undefined) continue;
    // A second is named by its end: the one that ends at 14:06:00 belongs to the minute before.
    const minute = Math.floor((end - 1) / minuteMs);
    const known = minutes.get(minute) ?? { failures: 0, seconds: 0 };
    known.failures += failure + (ring.blocked[index] ?? 0);
    known.seconds += 1;
    minutes.set(minute, known);
  }
  return minutes;
}

function fromTrend({ at, failure, blocked, heard }: LoginSeries): Minutes {
  return new Map(
    at.map((start, index) => [
      Math.floor(start / minuteMs),
      { failures: (failure[index] ?? 0) + (blocked[index] ?? 0), seconds: heard[index] ?? 0 },
    ]),
  );
}

/** A minute's failures, filled up by what was not heard of it; `null` when that is too much. */
function whole(minute: { failures: number; seconds: number } | undefined): number | null {
  if (!minute || minute.seconds < leastSeconds) return null;
  return Math.round((minute.failures * 60) / minute.seconds);
}

/**
 * The last 60 minutes up to the newest frame at `newestAt`: from the live ring where it heard the minute, from the
 * server's `trend` of whole minutes before that. The last point is the 60 seconds up to `newestAt`, as the key figure.
 */
export function minuteSeries(
  trend: LoginSeries | null,
  ring: SecondColumns,
  newestAt: number,
  now: { readonly count: number; readonly heard: number },
): MinuteSeries {
  const live = fromRing(ring);
  const stored: Minutes = trend ? fromTrend(trend) : new Map();
  const at: number[] = [];
  const failures: (number | null)[] = [];
  const running = Math.floor(newestAt / minuteMs);
  for (let minute = running - shownMinutes; minute < running; minute += 1) {
    at.push((minute + 1) * minuteMs);
    failures.push(whole(live.get(minute)) ?? whole(stored.get(minute)));
  }
  if (newestAt > running * minuteMs) {
    at.push(newestAt);
    failures.push(now.heard >= leastSeconds ? now.count : null);
  }
  return { at, failures };
}
