import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bucketStarts, bucketWidth } from '../../server/store/events/buckets.ts';
import { openEmbeddedEventStore } from '../../server/store/events/clickhouse-event-store.ts';
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
