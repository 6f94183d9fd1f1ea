import type { LoginSeries } from '../../shared/live/frame.ts';
import type { SecondColumns } from '../state/second-ring.ts';

/** Failed and blocked logins by the minute, oldest first; `at` is the end of each, epoch ms, `null` where nothing was heard. */
export interface MinuteSeries {
  readonly at: readonly number[];
  readonly failures: readonly (number | null)[];
}

export const shownMinutes = 60;
const minuteMs = 60_000;
/** From this many heard seconds on a minute of the live ring counts. */
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

function fromTrend({ at, failure, blocked }: LoginSeries): Map<number, number> {
  return new Map(
    at.map((start, index) => [Math.floor(start / minuteMs), (failure[index] ?? 0) + (blocked[index] ?? 0)]),
  );
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
  const stored = trend ? fromTrend(trend) : new Map<number, number>();
  const at: number[] = [];
  const failures: (number | null)[] = [];
  const running = Math.floor(newestAt / minuteMs);
  for (let minute = running - shownMinutes; minute < running; minute += 1) {
    const heard = live.get(minute);
    const whole = heard !== undefined && heard.seconds >= leastSeconds;
    at.push((minute + 1) * minuteMs);
    failures.push(whole ? Math.round((heard.failures * 60) / heard.seconds) : (stored.get(minute) ?? null));
  }
  if (newestAt > running * minuteMs) {
    at.push(newestAt);
    failures.push(now.heard >= leastSeconds ? now.count : null);
  }
  return { at, failures };
}
