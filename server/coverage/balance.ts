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

/**
 * Holds the books against the event store for whole minutes of arrival: what the books say was stored, and what the store
 * counts up to the same `event.sequence`. It may be asked at any moment, also while lines come in.
 */
export async function balance(parts: BalanceParts, range: { from: number; to: number }): Promise<Ledger> {
  const from = Math.floor(range.from / minuteMs) * minuteMs;
  const to = Math.ceil(range.to / minuteMs) * minuteMs;
  const { db, events } = parts;
  const since = (await readMeta(db, booksSince)) ?? 0;
  const counted = await parts.books.read(async (sequence) => {
    const pending = to > parts.now() ? parts.pending() : new Map<string, number>();
    const rows = await minutesBetween(db, from, to);
    const rejections = await rejectionsBetween(db, { from, to, limit: maxLedgerListed });
    const stored = await events.storedByMinute({ from: Math.max(from, since), to, sequence });
    return { pending, rows, rejections, stored };
  });
  const minutes = join(counted.rows, counted.stored);
  const sources = sumUp(minutes, counted.pending);
  const differences = minutes.filter(isOff);
  return {
    from,
    to,
    since,
    balanced: differences.length === 0 && sources.every(({ balanced }) => balanced),
    sources,
    minutes: minutes.slice(-maxLedgerMinutes),
    differences: differences.slice(0, maxLedgerListed),
    rejections: counted.rejections.map(({ source, at, lines, reason, sample }) => ({
      source,
      at,
      lines,
      reason,
      sample,
    })),
  };
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

function sumUp(minutes: readonly LedgerMinute[], pending: ReadonlyMap<string, number>): LedgerSource[] {
  const sums = new Map<string, LedgerSource>();
  const of = (source: string): LedgerSource => {
    const sum = sums.get(source) ?? { source, ...noCounts(), pending: 0, inStore: 0, balanced: true };
    sums.set(source, sum);
    return sum;
  };
  for (const minute of minutes) {
    const sum = of(minute.source);
    for (const name of [...countedNames, 'inStore'] as const) sum[name] += minute[name];
  }
  for (const [source, lines] of pending) {
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

const countedNames = ['received', 'stored', 'unparsed', 'rejected', 'late', 'duplicate'] as const;
