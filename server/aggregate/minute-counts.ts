/** Counts by key over a sliding number of minutes; the number of keys a minute is bounded, and what is left out is counted. */
export interface MinuteCounts {
  add(key: string, epochMs: number): void;
  /** Sums over the last `minutes` up to the minute of `now`; older minutes are forgotten. */
  totals(now: number): Map<string, number>;
  /** Keys not counted because their minute was full. */
  readonly left: () => number;
}

const minuteMs = 60_000;

export function createMinuteCounts({ minutes, maxKeys }: { minutes: number; maxKeys: number }): MinuteCounts {
  const byMinute = new Map<number, Map<string, number>>();
  let leftOut = 0;

  const minuteAt = (epochMs: number): Map<string, number> => {
    const minute = Math.floor(epochMs / minuteMs);
    let counts = byMinute.get(minute);
    if (!counts) {
      counts = new Map();
      byMinute.set(minute, counts);
    }
    return counts;
  };

  return {
    add: (key, epochMs) => {
      const counts = minuteAt(epochMs);
      const before = counts.get(key);
      if (before === undefined && counts.size >= maxKeys) leftOut += 1;
      else counts.set(key, (before ?? 0) + 1);
    },
    totals: (now) => {
      const oldest = Math.floor(now / minuteMs) - minutes;
      const sums = new Map<string, number>();
      for (const [minute, counts] of byMinute) {
        if (minute <= oldest) byMinute.delete(minute);
        else for (const [key, count] of counts) sums.set(key, (sums.get(key) ?? 0) + count);
      }
      return sums;
    },
    left: () => leftOut,
  };
}
