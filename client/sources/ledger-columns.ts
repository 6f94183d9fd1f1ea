import type { Ledger, LedgerMinute } from '../../shared/api/ledger.ts';
import type { Span } from '../investigate/range.ts';

const minuteMs = 60_000;
/** Lengths of a column that people think in, minutes. */
const lengths = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080];

/** The shortest length of a column, whole minutes, with which a range has at most so many of them. */
export function bucketFor({ from, to }: Span, maxColumns: number): number {
  const fits = (minutes: number): boolean => (to - from) / (minutes * minuteMs) <= maxColumns;
  return lengths.find(fits) ?? 10_080;
}

/** A source's lines over time; `null` where no books were kept yet. `at` is the start of a column, epoch ms. */
export interface LedgerColumns {
  readonly at: readonly number[];
  readonly received: readonly (number | null)[];
  /** Those received in three parts: rejected, stored unparsed, stored and understood. */
  readonly rejected: readonly (number | null)[];
  readonly unparsed: readonly (number | null)[];
  readonly parsed: readonly (number | null)[];
}

type CountOf = (minute: LedgerMinute) => number;

/** The columns of one source of a ledger that was asked for with that length of a column, with 0 where nothing came. */
export function columnsOf(ledger: Ledger, source: string, bucket: number): LedgerColumns {
  const columnMs = bucket * minuteMs;
  const known = new Map<number, LedgerMinute>();
  for (const each of ledger.minutes) if (each.source === source) known.set(each.minute, each);
  const at: number[] = [];
  for (let start = Math.floor(ledger.from / columnMs) * columnMs; start < ledger.to; start += columnMs)
    at.push(start);
  const series = (count: CountOf) =>
    at.map((start) => {
      const minute = known.get(start);
      if (minute) return count(minute);
      return start + columnMs <= ledger.since ? null : 0;
    });
  return {
    at,
    received: series(({ received }) => received),
    rejected: series(({ rejected }) => rejected),
    unparsed: series(({ unparsed }) => unparsed),
    parsed: series(({ stored, unparsed }) => stored - unparsed),
  };
}
