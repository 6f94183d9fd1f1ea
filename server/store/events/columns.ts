import type { FieldName } from '../../../shared/event/fields.ts';

/** The column that holds what few events have, by field name; one column, so that a field that is seldom there costs nothing. */
export const rareColumn = 'siaga.rare';

export interface Column {
  readonly field: FieldName | typeof rareColumn;
  readonly type: string;
  /** What stands for "the source didn't say", as TSV; never a value that a source can say. */
  readonly absent: string;
}

const text = (field: FieldName): Column => ({ field, type: 'String', absent: '' });

/**
 * The columns of an event in the store, in the order of a TSV row. Lean on purpose: inserts bound the ingest rate.
 * Texts are plain strings: dictionaries (`LowCardinality`) cost a third of the insert rate here, and compression does their work.
 * `url.original` is no column: it is `url.path`, `?` and `url.query`, and the raw line has it too.
 */
export const eventColumns: readonly Column[] = [
  { field: '@timestamp', type: "DateTime64(3, 'UTC') CODEC(Delta, LZ4)", absent: '0' },
  { field: 'event.ingested', type: "DateTime64(3, 'UTC') CODEC(Delta, LZ4)", absent: '0' },
  { field: 'event.sequence', type: 'UInt64 CODEC(Delta, LZ4)', absent: '0' },
  text('event.kind'),
  text('event.dataset'),
  text('event.category'),
  text('event.type'),
  text('event.action'),
  text('event.outcome'),
  text('event.reason'),
  { field: 'event.risk_score', type: 'Nullable(Float32)', absent: '\\N' },
  text('error.message'),
  text('siaga.source'),
  text('log.file.id'),
  { field: 'log.offset', type: 'Int64 CODEC(Delta, LZ4)', absent: '-1' },
  text('source.ip'),
  text('source.geo.country_iso_code'),
  { field: 'source.as.number', type: 'UInt32', absent: '0' },
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
  { field: 'http.response.status_code', type: 'UInt16', absent: '0' },
  { field: 'http.response.body.bytes', type: 'Int64', absent: '-1' },
  text('http.request.referrer'),
  text('user_agent.original'),
  text('siaga.client.class'),
  text('rule.name'),
  text('siaga.signal.subject'),
  { field: rareColumn, type: 'Map(String, String)', absent: '{}' },
  text('event.original'),
];

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
