import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bucketStarts, bucketWidth } from '../../server/store/events/buckets.ts';
import { openEmbeddedEventStore } from '../../server/store/events/clickhouse-event-store.ts';
import { openEmbedded } from '../../server/store/events/clickhouse-connection.ts';
import { batchOf } from '../../server/store/events/row-writer.ts';
import { selectRows } from '../../server/store/events/select-rows.ts';
import { emptyEvent } from '../../shared/event/empty-event.ts';
import { describeEventStore } from './event-store.suite.ts';

describeEventStore('ClickHouse in this process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'siaga-events-'));
  const store = await openEmbeddedEventStore(join(folder, 'events'));
  return {
    store,
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
});

describe('a batch in the embedded store', () => {
  it('is one part, and so whole or not there, whether it has many rows or long ones, whatever the folder is called', async () => {
    const folder = mkdtempSync(join(tmpdir(), "siaga-{a,b}*'-"));
    const store = await openEmbeddedEventStore(join(folder, 'events'));
    const rows = (count: number, line: string) =>
      Array.from({ length: count }, () => ({ ...emptyEvent(), 'event.ingested': 1, 'event.original': line }));
    await store.insert(batchOf(rows(40_000, 'short')));
    await store.insert(batchOf(rows(1_500, 'x'.repeat(16_000))));
    await store.close();
    const connection = await openEmbedded(join(folder, 'events'));
    const parts = await selectRows<{ rows: number }>(
      connection.reader,
      "SELECT toFloat64(rows) AS rows FROM system.parts WHERE table = 'events' AND level = 0 ORDER BY rows",
    );
    await connection.close();
    rmSync(folder, { recursive: true, force: true });
    expect(parts).toEqual([{ rows: 1_500 }, { rows: 40_000 }]);
  });
});

describe('buckets', () => {
  it.each([
    [0, 900_000, 100, 10_000],
    [0, 86_400_000, 300, 300_000],
    [0, 1, 100, 1_000],
    [0, 400 * 86_400_000, 400, 86_400_000],
  ])('%i to %i in at most %i are %i ms wide', (from, to, buckets, width) => {
    expect(bucketWidth(from, to, buckets)).toBe(width);
    expect(bucketStarts(from, to, width).length).toBeLessThanOrEqual(buckets + 1);
  });
});
