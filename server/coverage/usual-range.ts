import type { LoginSeries } from '../../shared/live/frame.ts';

/** Fewest minutes that make a range. */
const leastMinutes = 60;
/** Seconds from which on a minute counts as heard. */
const leastSeconds = 30;

/** 10th and 90th percentile of failed and blocked logins a minute, over the minutes of which at least half was heard; `null` when they are too few. */
export function usualFailures(minutes: LoginSeries): [number, number] | null {
  const sums = minutes.at
    .map((_at, index) => ({
      heard: (minutes.heard[index] ?? 0) >= leastSeconds,
      failures: (minutes.failure[index] ?? 0) + (minutes.blocked[index] ?? 0),
    }))
    .filter(({ heard }) => heard)
    .map(({ failures }) => failures)
    .sort((a, b) => a - b);
  if (sums.length < leastMinutes) return null;
  const at = (share: number): number => sums[Math.round((sums.length - 1) * share)] ?? 0;
  return [at(0.1), at(0.9)];
}
