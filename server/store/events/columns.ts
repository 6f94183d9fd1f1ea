import type { FieldName } from '../../../shared/event/fields.ts';

/** The column that holds what few events have, by field name; one column, so that a field that is seldom there costs nothing. */
export const rareColumn = 'siaga.rare';

/** How a cell is written, by ClickHouse's names. */
export type ColumnKind =
  'DateTime64' | 'UInt64' | 'Int64' | 'UInt32' | 'UInt16' | 'Float32' | 'String' | 'Map';

/** What stands for "the source didn't say"; never a value that a source can say. */
const absent: Readonly<Record<ColumnKind, string | number | null>> = {
  DateTime64: 0,
  UInt64: 0,
  Int64: -1,
  UInt32: 0,
  UInt16: 0,
  Float32: null,
  String: '',
  Map: null,
};

export interface Column {
  readonly field: FieldName | typeof rareColumn;
  readonly kind: ColumnKind;
  readonly type: string;
}

const text = (field: FieldName): Column => ({ field, kind: 'String', type: 'String' });
const time = (field: FieldName): Column => ({
  field,
  kind: 'DateTime64',
  type: "DateTime64(3, 'UTC') CODEC(Delta, LZ4)",
});
const number = (field: FieldName, kind: ColumnKind, type: string = kind): Column => ({ field, kind, type });

/**
 * The columns of an event in the store, in the order of a row. Lean on purpose: inserts bound the ingest rate.
 * Texts are plain strings: dictionaries (`LowCardinality`) cost a third of the insert rate here, and compression does their work.
 * `url.original` is no column: it is `url.path`, `?` and `url.query`, and the raw line has it too.
 */
export const eventColumns: readonly Column[] = [
  time('@timestamp'),
  time('event.ingested'),
  number('event.sequence', 'UInt64', 'UInt64 CODEC(Delta, LZ4)'),
  text('event.kind'),
  text('event.dataset'),
  text('event.category'),
  text('event.type'),
  text('event.action'),
  text('event.outcome'),
  text('event.reason'),
  number('event.risk_score', 'Float32', 'Nullable(Float32)'),
  text('error.message'),
  text('siaga.source'),
  text('log.file.id'),
  number('log.offset', 'Int64', 'Int64 CODEC(Delta, LZ4)'),
  text('source.ip'),
  text('source.geo.country_iso_code'),
  number('source.as.number', 'UInt32'),
  text('source.as.organization.name'),
  text('user.name'),
  text('user.target.name'),
  text('user.roles'),
  text('organization.id'),
  text('siaga.party.kind'),
  text('http.request.method'),
  text('url.path'),
  text('url.query'),
  text('url.domain'),
  text('http.version'),
  number('http.response.status_code', 'UInt16'),
  number('http.response.body.bytes', 'Int64'),
  text('http.request.referrer'),
  text('user_agent.original'),
  text('siaga.client.class'),
  text('rule.name'),
  text('siaga.signal.subject'),
  { field: rareColumn, kind: 'Map', type: 'Map(String, String)' },
  text('event.original'),
];

/** What stands in the column of a field for "the source didn't say"; of a rare field nothing does. */
export const absentOf: ReadonlyMap<string, string | number | null> = new Map(
  eventColumns.map(({ field, kind }) => [field, absent[kind]]),
);

/** Fields kept in `rareColumn`, as text; of a number its digits. */
export const rareFields = [
  'event.code',
  'event.duration',
  'event.hash',
  'message',
  'siaga.history',
  'siaga.line.bytes',
  'log.level',
  'log.syslog.priority',
  'host.name',
  'process.name',
  'process.pid',
  'service.name',
  'siaga.proxy.ip',
  'siaga.forwarded_for',
  'http.request.id',
  'siaga.upstream.address',
  'siaga.upstream.duration',
  'siaga.upstream.status_code',
] as const satisfies readonly FieldName[];

const rare = new Set<FieldName>(rareFields);

/** Whether the field is kept in `rareColumn`. */
export const isRare = (field: FieldName): boolean => rare.has(field);

/** A column as an SQL identifier; only for names of the column list, never for outside text. */
export const identifier = (field: Column['field']): string => `\`${field}\``;
