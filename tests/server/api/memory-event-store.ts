import type { EventStore, StoreQuery } from '../../../server/store/events/event-store.ts';
import type { StoredEvent } from '../../../shared/api/schemas.ts';
import { loginResult, type SiagaEvent } from '../../../shared/event/fields.ts';
import type { LoginSeries } from '../../../shared/live/frame.ts';

type Stored = SiagaEvent & StoredEvent;

function matches(event: Stored, query: StoreQuery): boolean {
  const at = event['@timestamp'];
  if (at < query.from || at >= query.to) return false;
  if (!event['event.original'].toLowerCase().includes(query.text.toLowerCase())) return false;
  return query.filters.every(
    ({ field, value, exclude, anyOf = [value] }) => anyOf.includes(String(event[field] ?? '')) !== exclude,
  );
}

/** An event store over an array: the contract's answers, none of its durability. */
export function createMemoryEventStore(events: readonly SiagaEvent[]): EventStore {
  const stored = events.map((event): Stored => ({ ...event }));
  const select = (query: StoreQuery) => stored.filter((event) => matches(event, query));
  const columns = (from: number, to: number, bucketMs: number): LoginSeries => {
    const at: number[] = [];
    for (let start = from; start < to; start += bucketMs) at.push(start);
    const zeros = () => at.map(() => 0);
    return {
      bucketMs,
      at,
      success: zeros(),
      failure: zeros(),
      blocked: zeros(),
      events: zeros(),
      heard: zeros(),
    };
  };
  const page: EventStore['page'] = (query, { before, limit }) => {
    const found = select(query).toSorted((a, b) => b['@timestamp'] - a['@timestamp']);
    const start = before === null ? 0 : Number(before);
    const end = Math.min(start + limit, found.length);
    return Promise.resolve({
      events: found.slice(start, end),
      next: end < found.length ? String(end) : null,
    });
  };
  return {
    page,
    insert: () => Promise.resolve(),
    insertFrame: () => Promise.resolve(),
    newest: () => Promise.resolve({ sequence: stored.length, frame: 0 }),
    lastOffset: () => Promise.resolve(null),
    storedBeyond: (sequence) => Promise.resolve({ minutes: [], files: [], newest: sequence }),
    storedByMinute: () => Promise.resolve([]),
    storedOf: () => Promise.resolve(0),
    readBack: (from, limit) =>
      Promise.resolve(limit > 0 ? stored.filter((one) => one['event.ingested'] >= from).slice(-limit) : []),
    list: async (query, asked) => ({
      ...(await page(query, asked)),
      total: select(query).length,
      tookMs: 1,
    }),
    histogram(query, buckets) {
      const bucketMs = Math.ceil((query.to - query.from) / buckets);
      const { at, success, failure, blocked, events: other } = columns(query.from, query.to, bucketMs);
      const series = { success, failure, blocked, other };
      for (const event of select(query)) {
        const index = Math.floor((event['@timestamp'] - query.from) / bucketMs);
        const counts = series[loginResult(event) ?? 'other'];
        counts[index] = (counts[index] ?? 0) + 1;
      }
      return Promise.resolve({ bucketMs, at, ...series, tookMs: 1 });
    },
    top(query, field, limit) {
      const counts = new Map<string, number>();
      for (const event of select(query)) {
        const value = event[field];
        if (value !== null) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
      }
      const values = [...counts].map(([value, count]) => ({ value, count }));
      const most = values.toSorted((a, b) => b.count - a.count).slice(0, limit);
      return Promise.resolve({ field, values: most, distinct: counts.size });
    },
    frames: () => Promise.resolve([]),
    loginSeries: (from, to, bucketMs) => Promise.resolve(columns(from, to, bucketMs)),
    close: () => Promise.resolve(),
  };
}
