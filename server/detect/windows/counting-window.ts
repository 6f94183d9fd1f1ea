/** The part of a sliding window that its threshold needs: never more than `size` entries. */
export interface CountingWindow {
  /** Puts an event in; its value is `null` where events are counted. Events older than all entries of a full window are left out. */
  add(time: number, value: string | null): void;
  /** Whether the threshold's count lies in the `timespanMs` up to and including `newest`, both edges in. */
  isReached(newest: number, timespanMs: number): boolean;
  /** Time of the oldest entry. */
  oldest(): number;
}

/** Window of an `event_count`: the newest `size` times, oldest first. */
export function createTimesWindow(size: number): CountingWindow {
  const times: number[] = [];
  return {
    add(time) {
      let at = times.length;
      while (at > 0 && (times[at - 1] ?? 0) > time) at--;
      if (at === times.length) times.push(time);
      else times.splice(at, 0, time);
      if (times.length > size) times.shift();
    },
    isReached: (newest, timespanMs) => times.length === size && newest - (times[0] ?? 0) <= timespanMs,
    oldest: () => times[0] ?? 0,
  };
}

/** Window of a `value_count`: the `size` values seen last and when each was, longest ago first. */
export function createValuesWindow(size: number): CountingWindow {
  let lastSeen = new Map<string, number>();
  let newest = -Infinity;

  const insertLate = (time: number, value: string): void => {
    const entries = [...lastSeen.entries(), [value, time] as const];
    lastSeen = new Map(entries.sort((a, b) => a[1] - b[1]));
  };
  const firstEntry = (): [string, number] | undefined => {
    for (const entry of lastSeen) return entry;
    return undefined;
  };
  return {
    add(time, value) {
      if (value === null) return;
      const known = lastSeen.get(value);
      if (known !== undefined && known >= time) return;
      lastSeen.delete(value);
      if (time >= newest) {
        newest = time;
        lastSeen.set(value, time);
      } else insertLate(time, value);
      if (lastSeen.size > size) lastSeen.delete(firstEntry()?.[0] ?? '');
    },
    isReached: (until, timespanMs) =>
      lastSeen.size === size && until - (firstEntry()?.[1] ?? 0) <= timespanMs,
    oldest: () => firstEntry()?.[1] ?? 0,
  };
}
