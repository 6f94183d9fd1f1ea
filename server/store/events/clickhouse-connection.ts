import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { createChdbConnection } from 'chdb/connection';
import { defaultLimits } from '../../limits/limits.ts';
import { openRowFile } from './row-file.ts';
import { settingsOf, type SearchLimits } from './search-limit.ts';

/** One client for SQL, and the quickest way in for a batch of rows. */
export interface ClickHouseConnection {
  /** Answers queries; never waits behind inserts. */
  readonly reader: ClickHouseClient;
  /** Answers what people ask, within limits. */
  readonly searcher: ClickHouseClient;
  command(sql: string): Promise<void>;
  /** Rows with all columns of the table, in its order. */
  insertTsv(table: string, tsv: Uint8Array): Promise<void>;
  /** The same as RowBinary, at three times the speed; `columns` are those of the table with their types. One at a time. */
  insertRows(table: string, columns: string, rows: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

type ClientConnection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>;

/** The same interface declared in two packages, whose private members TypeScript tells apart. */
function clientOver(connection: ReturnType<typeof createChdbConnection>): ClickHouseClient {
  return createClient({ connection: connection as unknown as ClientConnection });
}

/** One block and so one part: a batch is stored whole or not at all. */
const oneBlock = { input_format_parallel_parsing: 0, max_insert_block_size: 1_048_576 } as const;

/** The same for rows that are read from a file. */
const oneBlockOfFile = [
  'max_block_size = 1048576',
  'max_insert_block_size = 1048576',
  'min_insert_block_size_rows = 1048576',
  'max_threads = 1',
  'max_insert_threads = 1',
  'input_format_parallel_parsing = 0',
].join(', ');

/** Settings of the embedded engine: it shares the machine with us. */
const modest = ['SET max_threads = 2', 'SET max_memory_usage = 600000000'];

/** The ClickHouse engine in this process over a folder; one process per folder. */
export async function openEmbedded(
  path: string,
  limits: SearchLimits = defaultLimits,
): Promise<ClickHouseConnection> {
  const writing = createChdbConnection({ path });
  const reading = createChdbConnection({ path });
  const searching = createChdbConnection({ path });
  const writer = clientOver(writing);
  const reader = clientOver(reading);
  const searcher = clientOver(searching);
  for (const sql of modest) {
    await writer.command({ query: sql });
    await reader.command({ query: sql });
    await searcher.command({ query: sql });
  }
  for (const sql of settingsOf(limits)) await searcher.command({ query: sql });
  const rowFile = await openRowFile(path);
  const queriesEnded = [reader, searcher].map(followQueries);
  return {
    reader,
    searcher,
    command: async (sql) => void (await writer.command({ query: sql })),
    insertTsv: async (table, tsv) => {
      await writing.chdb.rawInsert({
        table,
        format: 'TabSeparated',
        values: tsv,
        settings: oneBlock,
      });
    },
    insertRows: async (table, columns, rows) => {
      await rowFile.write(rows);
      await writer.command({
        query: `INSERT INTO ${table} SELECT * FROM file('${rowFile.path}', 'RowBinary', '${columns}') SETTINGS ${oneBlockOfFile}`,
      });
    },
    close: async () => {
      for (const ended of queriesEnded) await ended();
      await searcher.close();
      await reader.close();
      await writer.close();
      await rowFile.close();
    },
  };
}

/** Resolves once no query of the client is under way: the engine ends the process when it is closed beneath one. */
function followQueries(client: ClickHouseClient): () => Promise<void> {
  const underWay = new Set<Promise<unknown>>();
  const query = client.query.bind(client);
  client.query = (asked: Parameters<typeof query>[0]) => {
    const answer = query(asked);
    underWay.add(answer);
    const forget = (): void => void underWay.delete(answer);
    answer.then(forget, forget);
    return answer;
  };
  return async () => {
    while (underWay.size > 0) await Promise.allSettled(underWay);
  };
}
