import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  openEmbedded,
  type ClickHouseConnection,
} from '../../../server/store/events/clickhouse-connection.ts';
import { searchLimitOf } from '../../../server/store/events/search-limit.ts';
import { selectRows } from '../../../server/store/events/select-rows.ts';

let folder = '';
let connection: ClickHouseConnection;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'siaga-search-'));
  connection = await openEmbedded(join(folder, 'events'), {
    searchTime: 1_000,
    searchMemory: 50_000_000,
    searchRows: 1_000,
  });
});
afterAll(async () => {
  await connection.close();
  rmSync(folder, { recursive: true, force: true });
});

it.each([
  ['searchTime', 'SELECT count() AS n FROM numbers(100000000000) WHERE sipHash64(number) = 1'],
  ['searchMemory', 'SELECT uniqExact(number) AS n FROM numbers(30000000)'],
  ['searchRows', 'SELECT number AS n FROM numbers(2000)'],
])('a search beyond %s is ended, and says so', async (limit, sql) => {
  const failed = await selectRows(connection.searcher, sql).then(
    () => null,
    (error: unknown) => error,
  );
  expect(searchLimitOf(failed)).toBe(limit);
  expect(await selectRows(connection.searcher, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
});

it('what the server itself asks is not held to the limits of searches', async () => {
  expect(await selectRows(connection.reader, 'SELECT number AS n FROM numbers(2000)')).toHaveLength(2_000);
  expect(searchLimitOf(new Error('something else'))).toBeNull();
});
