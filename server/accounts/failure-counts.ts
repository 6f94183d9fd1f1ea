/** Failed and blocked logins of one account that arrived in one minute, counted from the minute's start. */
export interface FailureCount {
  readonly party: string;
  readonly user: string;
  /** Start of the minute of arrival, epoch ms. */
  readonly minute: number;
  readonly count: number;
}

/** What an hour came to, as it is kept. */
export interface HourOfFailures {
  readonly party: string;
  readonly user: string;
  /** Start of the hour of arrival, epoch ms. */
  readonly hour: number;
  readonly count: number;
}

/** Minutes of accounts that are held; beyond it further ones are left out and counted. */
export const maxFailureMinutes = 200_000;

const minuteMs = 60_000;
const hourMs = 3_600_000;
const minutesShown = 60;
const hoursShown = 24;

/**
 * Failures by account over the last hour and the last 24 hours. A count of a minute only ever grows, so the larger of two is
 * the newer: minutes may come in any order and again and again. Hours that were kept stand for minutes that are not known any more.
 */
export interface FailureCounts {
  /** Takes in minutes; answers the hours that grew by them. */
  add(minutes: readonly FailureCount[]): HourOfFailures[];
  lastHour(party: string, user: string, now: number): number;
  lastDay(party: string, user: string, now: number): number;
  /** Forgets what no figure shows any more; answers the start of the oldest hour that counts. */
  forget(now: number): number;
  /** Minutes left out because of the bound. */
  overflow(): number;
}

interface Counts {
  readonly party: string;
  readonly user: string;
  readonly minutes: Map<number, number>;
  readonly hours: Map<number, number>;
}

/** Counts that begin with the hours kept before. */
export function createFailureCounts(kept: readonly HourOfFailures[]): FailureCounts {
  const byAccount = new Map<string, Counts>();
  let held = 0;
  let overflow = 0;
  let forgotten = 0;
  const countsOf = (party: string, user: string): Counts => {
    const key = keyOf(party, user);
    const counts = byAccount.get(key) ?? { party, user, minutes: new Map(), hours: new Map() };
    byAccount.set(key, counts);
    return counts;
  };
  for (const { party, user, hour, count } of kept) countsOf(party, user).hours.set(hour, count);

  const take = ({ party, user, minute, count }: FailureCount): HourOfFailures | null => {
    const { minutes, hours } = countsOf(party, user);
    const before = minutes.get(minute);
    if (before !== undefined && before >= count) return null;
    if (before === undefined && held >= maxFailureMinutes) {
      overflow += 1;
      return null;
    }
    if (before === undefined) held += 1;
    minutes.set(minute, count);
    const hour = Math.floor(minute / hourMs) * hourMs;
    const sum = sumOf(minutes, hour, hour + hourMs);
    if (sum <= (hours.get(hour) ?? 0)) return null;
    hours.set(hour, sum);
    return { party, user, hour, count: sum };
  };

  return {
    add(minutes) {
      const grown = new Map<string, HourOfFailures>();
      for (const minute of minutes) {
        const hour = take(minute);
        if (hour) grown.set(`${keyOf(hour.party, hour.user)}\0${hour.hour}`, hour);
      }
      return [...grown.values()];
    },
    lastHour(party, user, now) {
      const minutes = byAccount.get(keyOf(party, user))?.minutes;
      return minutes ? sumOf(minutes, oldestMinute(now), Number.POSITIVE_INFINITY) : 0;
    },
    lastDay(party, user, now) {
      const hours = byAccount.get(keyOf(party, user))?.hours;
      return hours ? sumOf(hours, oldestHour(now), Number.POSITIVE_INFINITY) : 0;
    },
    forget(now) {
      if (oldestMinute(now) === forgotten) return oldestHour(now);
      forgotten = oldestMinute(now);
      // Minutes of the running hour are still added up, whatever their age.
      const minute = Math.min(oldestMinute(now), Math.floor(now / hourMs) * hourMs - hourMs);
      const hour = oldestHour(now);
      for (const [key, { minutes, hours }] of byAccount) {
        for (const at of minutes.keys()) if (at < minute && minutes.delete(at)) held -= 1;
        for (const at of hours.keys()) if (at < hour) hours.delete(at);
        if (minutes.size + hours.size === 0) byAccount.delete(key);
      }
      return hour;
    },
    overflow: () => overflow,
  };
}

const keyOf = (party: string, user: string): string => `${party}\0${user}`;

const oldestMinute = (now: number): number => (Math.floor(now / minuteMs) - minutesShown + 1) * minuteMs;
const oldestHour = (now: number): number => (Math.floor(now / hourMs) - hoursShown + 1) * hourMs;

function sumOf(counts: ReadonlyMap<number, number>, from: number, to: number): number {
  let sum = 0;
  for (const [at, count] of counts) if (at >= from && at < to) sum += count;
  return sum;
}
