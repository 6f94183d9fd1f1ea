import {
  maxLedgerListed,
  maxLedgerMinutes,
  type Ledger,
  type LedgerMinute,
  type LedgerSource,
} from '../../shared/api/ledger.ts';
import type { EventStore, StoredMinute } from '../store/events/event-store.ts';
import { minutesBetween, noCounts, readMeta, rejectionsBetween } from '../store/state/ledger-rows.ts';
import type { LedgerMinuteRow } from '../store/state/schema.ts';
import type { StateDb } from '../store/state/state-store.ts';
import type { Books } from './books.ts';
import { booksSince } from './recovery.ts';

export interface BalanceParts {
  readonly db: StateDb;
  readonly events: Pick<EventStore, 'storedByMinute'>;
  readonly books: Pick<Books, 'read'>;
  /** Lines read and not yet in the books, by source. */
  readonly pending: () => ReadonlyMap<string, number>;
  readonly now: () => number;
}

const minuteMs = 60_000;

/** Which minutes of arrival, epoch ms, of which source, and how many of them make one column. */
export interface LedgerQuery {
  readonly from: number;
  readonly to: number;
  /** All sources when it is left out. */
  readonly source?: string | undefined;
  /** Length of a column in whole minutes; one unless given. */
  readonly bucket?: number | undefined;
}

/**
 * Holds the books against the event store for whole minutes of arrival: what the books say was stored, and what the store
 * counts up to the same `event.sequence`. It may be asked at any moment, also while lines come in.
 */
export async function balance(parts: BalanceParts, query: LedgerQuery): Promise<Ledger> {
  const from = Math.floor(query.from / minuteMs) * minuteMs;
  const to = Math.ceil(query.to / minuteMs) * minuteMs;
  const { db, events } = parts;
  const { source } = query;
  const isAsked = (each: { readonly source: string }): boolean =>
    source === undefined || each.source === source;
  const since = (await readMeta(db, booksSince)) ?? 0;
  const books = await parts.books.read(async (sequence) => ({
    sequence,
    pending: to > parts.now() ? [...parts.pending()].map(([id, lines]) => ({ source: id, lines })) : [],
    rows: await minutesBetween(db, from, to),
    rejections: await rejectionsBetween(db, { from, to, source, limit: maxLedgerListed }),
  }));
  // Nothing up to that sequence is stored any more, so the books need not wait for the store to have counted.
  const stored = await events.storedByMinute({ from: Math.max(from, since), to, sequence: books.sequence });
  const minutes = join(books.rows.filter(isAsked), stored.filter(isAsked));
  const sources = sumUp(minutes, books.pending.filter(isAsked));
  const differences = minutes.filter(isOff);
  return {
    from,
    to,
    since,
    balanced: differences.length === 0 && sources.every(({ balanced }) => balanced),
    sources,
    minutes: inColumns(minutes, (query.bucket ?? 1) * minuteMs).slice(-maxLedgerMinutes),
    differences: differences.slice(0, maxLedgerListed),
    rejections: books.rejections.map(({ source: id, at, lines, reason, sample }) => ({
      source: id,
      at,
      lines,
      reason,
      sample,
    })),
  };
}

/** Minutes summed up to columns of whole multiples of `columnMs` since the epoch. */
function inColumns(minutes: readonly LedgerMinute[], columnMs: number): LedgerMinute[] {
  const columns = new Map<string, LedgerMinute>();
  for (const each of minutes) {
    const { source } = each;
    const minute = Math.floor(each.minute / columnMs) * columnMs;
    const key = `${minute} ${source}`;
    const column = columns.get(key) ?? { source, minute, ...noCounts(), inStore: 0 };
    for (const name of summedNames) column[name] += each[name];
    columns.set(key, column);
  }
  return [...columns.values()];
}

function join(rows: readonly LedgerMinuteRow[], stored: readonly StoredMinute[]): LedgerMinute[] {
  const keyOf = ({ source, minute }: { source: string; minute: number }): string => `${minute} ${source}`;
  const all = new Map<string, LedgerMinute>(rows.map((row) => [keyOf(row), { ...row, inStore: 0 }]));
  for (const { source, minute, stored: inStore } of stored) {
    const key = keyOf({ source, minute });
    all.set(key, { ...(all.get(key) ?? { source, minute, ...noCounts() }), inStore });
  }
  return [...all.values()].sort((a, b) => a.minute - b.minute || (a.source < b.source ? -1 : 1));
}

const isOff = ({ received, stored, rejected, inStore }: LedgerMinute): boolean =>
  received !== stored + rejected || stored !== inStore;

interface PendingLines {
  readonly source: string;
  readonly lines: number;
}

function sumUp(minutes: readonly LedgerMinute[], pending: readonly PendingLines[]): LedgerSource[] {
  const sums = new Map<string, LedgerSource>();
  const of = (source: string): LedgerSource => {
    const sum = sums.get(source) ?? { source, ...noCounts(), pending: 0, inStore: 0, balanced: true };
    sums.set(source, sum);
    return sum;
  };
  for (const minute of minutes) {
    const sum = of(minute.source);
    for (const name of summedNames) sum[name] += minute[name];
  }
  for (const { source, lines } of pending) {
    const sum = of(source);
    sum.pending += lines;
    sum.received += lines;
  }
  return [...sums.values()]
    .map((sum) => {
      const { received, stored, rejected, pending: waiting, inStore } = sum;
      return { ...sum, balanced: received === stored + rejected + waiting && stored === inStore };
    })
    .sort((a, b) => (a.source < b.source ? -1 : 1));
}

const summedNames = ['received', 'stored', 'unparsed', 'rejected', 'late', 'duplicate', 'inStore'] as const;
