import { limitNames, type LimitName } from './limits.ts';

/** How often each limit was reached. */
export interface LimitCounters {
  count(limit: LimitName): void;
  /** Since the start of the process, all limits. */
  total(limit: LimitName): number;
  /** In the last 60 minutes, by the minute. */
  lastHour(limit: LimitName): number;
}

const minutes = 60;
const minuteMs = 60_000;

interface Count {
  total: number;
  /** By minute of the hour; `since` says of which minute each is. */
  readonly perMinute: Uint32Array;
  readonly since: Float64Array;
}

/** Counters in memory, of a fixed size however much is counted. */
export function createLimitCounters(now: () => number): LimitCounters {
  const counts = new Map(
    limitNames.map((name): [LimitName, Count] => [
      name,
      { total: 0, perMinute: new Uint32Array(minutes), since: new Float64Array(minutes).fill(-1) },
    ]),
  );
  return {
    count(limit) {
      const count = counts.get(limit);
      if (!count) return;
      const minute = Math.floor(now() / minuteMs);
      const slot = minute % minutes;
      if (count.since[slot] !== minute) {
        count.since[slot] = minute;
        count.perMinute[slot] = 0;
      }
      count.total += 1;
      count.perMinute[slot] = (count.perMinute[slot] ?? 0) + 1;
    },
    total: (limit) => counts.get(limit)?.total ?? 0,
    lastHour(limit) {
      const count = counts.get(limit);
      const oldest = Math.floor(now() / minuteMs) - minutes;
      let sum = 0;
      for (let slot = 0; count && slot < minutes; slot += 1)
        if ((count.since[slot] ?? -1) > oldest) sum += count.perMinute[slot] ?? 0;
      return sum;
    },
  };
}
