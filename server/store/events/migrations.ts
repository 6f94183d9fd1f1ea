import { eventColumns, identifier } from './columns.ts';

export interface EventMigration {
  readonly name: string;
  readonly statements: readonly string[];
}

/** Durable before it is acknowledged: data and directory are synced with each insert. */
const durable = 'fsync_after_insert = 1, fsync_part_directory = 1';

const createEvents = `CREATE TABLE IF NOT EXISTS events (
  ${eventColumns.map(({ field, type }) => `${identifier(field)} ${type}`).join(',\n  ')}
) ENGINE = MergeTree
PARTITION BY toYYYYMMDD(\`event.ingested\`)
ORDER BY (\`@timestamp\`, \`event.sequence\`)
SETTINGS ${durable}`;

const createFrames = `CREATE TABLE IF NOT EXISTS frames (
  at DateTime64(3, 'UTC') CODEC(Delta, LZ4),
  seq UInt64 CODEC(Delta, LZ4),
  events UInt32,
  success UInt32,
  failure UInt32,
  blocked UInt32,
  body String CODEC(ZSTD(3))
) ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (at, seq)
SETTINGS ${durable}`;

/** Applied once each, in order; a migration that has landed is never changed. */
export const eventMigrations: readonly EventMigration[] = [
  { name: '001-events-and-frames', statements: [createEvents, createFrames] },
];
