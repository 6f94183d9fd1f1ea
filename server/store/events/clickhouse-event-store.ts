import { frameSchema, type Frame, type LoginSeries } from '../../../shared/live/frame.ts';
import { eventColumns, identifier } from './columns.ts';
import { bucketStarts } from './buckets.ts';
import { openEmbedded, type ClickHouseConnection } from './clickhouse-connection.ts';
import type { EventStore } from './event-store.ts';
import { storedBeyond, storedByMinute, storedOf } from './ledger-queries.ts';
import { eventMigrations } from './migrations.ts';
import { histogram, listEvents, pageOfEvents, readBack, topValues } from './queries.ts';
import type { SearchLimits } from './search-limit.ts';
import { selectRows } from './select-rows.ts';

/** Epoch ms as ClickHouse reads a DateTime64(3): seconds with three decimals. */
export const clickHouseTime = (epochMs: number): string => (epochMs / 1_000).toFixed(3);

async function migrate(connection: ClickHouseConnection): Promise<void> {
  await connection.command(
    'CREATE TABLE IF NOT EXISTS event_migrations (name String) ENGINE = MergeTree ORDER BY name SETTINGS fsync_after_insert = 1, fsync_part_directory = 1',
  );
  const rows = await selectRows<{ name: string }>(connection.reader, 'SELECT name FROM event_migrations');
  const applied = new Set(rows.map(({ name }) => name));
  for (const { name, statements } of eventMigrations) {
    if (applied.has(name)) continue;
    for (const statement of statements) await connection.command(statement);
    await connection.insertTsv('event_migrations', Buffer.from(`${name}\n`));
  }
}

const escapeTsv = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n');

function frameRow(frame: Frame): string {
  const { success, failure, blocked } = frame.logins;
  const values = [clickHouseTime(frame.at), frame.seq, frame.events, success, failure, blocked];
  return `${values.join('\t')}\t${escapeTsv(JSON.stringify(frame))}\n`;
}

interface SeriesRow {
  start: number;
  events: number;
  success: number;
  failure: number;
  blocked: number;
  heard: number;
}

interface SeriesRange {
  from: number;
  to: number;
  bucketMs: number;
}

/** A frame's `at` is the end of its second, so the second belongs to the bucket just before it. */
const seriesSql = `SELECT
    toFloat64(intDiv(toUnixTimestamp64Milli(at) - 1, {bucketMs:Int64}) * {bucketMs:Int64}) AS start,
    toFloat64(sum(events)) AS events, toFloat64(sum(success)) AS success,
    toFloat64(sum(failure)) AS failure, toFloat64(sum(blocked)) AS blocked,
    toFloat64(uniqExact(at)) AS heard
  FROM frames
  WHERE at > fromUnixTimestamp64Milli({from:Int64}) AND at <= fromUnixTimestamp64Milli({to:Int64})
  GROUP BY start ORDER BY start`;

async function loginSeries(connection: ClickHouseConnection, range: SeriesRange): Promise<LoginSeries> {
  const rows = await selectRows<SeriesRow>(connection.searcher, seriesSql, { ...range });
  const byStart = new Map(rows.map((row) => [row.start, row]));
  const at = bucketStarts(range.from, range.to, range.bucketMs);
  const column = (key: keyof SeriesRow): number[] => at.map((start) => byStart.get(start)?.[key] ?? 0);
  return {
    bucketMs: range.bucketMs,
    at,
    success: column('success'),
    failure: column('failure'),
    blocked: column('blocked'),
    events: column('events'),
    heard: column('heard'),
  };
}

async function frames(connection: ClickHouseConnection, from: number, to: number): Promise<Frame[]> {
  const rows = await selectRows<{ body: string }>(
    connection.reader,
    'SELECT body FROM frames WHERE at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64}) ORDER BY at, seq',
    { from, to },
  );
  return rows.flatMap(({ body }) => {
    const frame = frameSchema.safeParse(JSON.parse(body));
    return frame.success ? [frame.data] : [];
  });
}

async function newest({ reader }: ClickHouseConnection): Promise<{ sequence: number; frame: number }> {
  const sequences = await selectRows<{ n: number }>(
    reader,
    'SELECT toFloat64(max(`event.sequence`)) AS n FROM events',
  );
  const seqs = await selectRows<{ n: number }>(reader, 'SELECT toFloat64(max(seq)) AS n FROM frames');
  return { sequence: sequences[0]?.n ?? 0, frame: seqs[0]?.n ?? 0 };
}

async function lastOffset({ reader }: ClickHouseConnection, fileId: string): Promise<number | null> {
  const rows = await selectRows<{ n: number; rows: number }>(
    reader,
    'SELECT toFloat64(max(`log.offset`)) AS n, toFloat64(count()) AS rows FROM events WHERE `log.file.id` = {fileId:String}',
    { fileId },
  );
  const row = rows[0];
  return row && row.rows > 0 ? row.n : null;
}

/** The columns of a row of events as the engine reads it; how they are packed on disk is the table's. */
const eventRow = eventColumns
  .map(({ field, type }) => `${identifier(field)} ${type.replace(/ CODEC\(.*\)$/, '')}`)
  .join(', ')
  .replaceAll("'", "\\'");

/** How often memory that the engine has freed is given back to the system; by itself it keeps it. */
const giveBackEveryMs = 30_000;

/** Gives freed memory back now and then; returns what ends that. A time that fails is passed over. */
function giveBackMemory(connection: ClickHouseConnection): () => Promise<void> {
  let underWay = Promise.resolve();
  const timer = setInterval(() => {
    underWay = connection.reader.command({ query: 'SYSTEM JEMALLOC PURGE' }).then(
      () => undefined,
      () => undefined,
    );
  }, giveBackEveryMs).unref();
  return () => {
    clearInterval(timer);
    return underWay;
  };
}

/** The event store on the ClickHouse engine inside this process, over a folder that no other process may use. */
export async function openEmbeddedEventStore(folder: string, limits?: SearchLimits): Promise<EventStore> {
  const connection = await openEmbedded(folder, limits);
  await migrate(connection);
  const endGivingBack = giveBackMemory(connection);
  return {
    insert: ({ data }) => connection.insertRows('events', eventRow, data),
    insertFrame: (frame) => connection.insertTsv('frames', Buffer.from(frameRow(frame))),
    newest: () => newest(connection),
    storedBeyond: (sequence, lateAfterMs) => storedBeyond(connection.reader, sequence, lateAfterMs),
    storedByMinute: (range) => storedByMinute(connection.reader, range),
    lastOffset: (fileId) => lastOffset(connection, fileId),
    storedOf: (fileId) => storedOf(connection.reader, fileId),
    readBack: (from, limit) => readBack(connection.reader, from, limit),
    list: (query, page) => listEvents(connection.searcher, query, page),
    page: (query, page) => pageOfEvents(connection.searcher, query, page),
    histogram: (query, buckets) => histogram(connection.searcher, query, buckets),
    top: (query, field, limit) => topValues(connection.searcher, query, { field, limit }),
    frames: (from, to) => frames(connection, from, to),
    loginSeries: (from, to, bucketMs) => loginSeries(connection, { from, to, bucketMs }),
    close: async () => {
      await endGivingBack();
      await connection.close();
    },
  };
}
