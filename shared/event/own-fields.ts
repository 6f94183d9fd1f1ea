import type { FieldName } from './fields.ts';

/** Fields that only Siaga says; what a line claims of them is not taken. */
export const ownFields: ReadonlySet<FieldName> = new Set<FieldName>([
  'event.ingested',
  'event.sequence',
  'event.original',
  'event.dataset',
  'error.message',
  'siaga.source',
  'siaga.party.kind',
  'siaga.client.class',
  'log.file.id',
  'log.offset',
  'event.hash',
  'siaga.history',
  'siaga.line.bytes',
  'siaga.proxy.ip',
  'source.geo.country_iso_code',
  'source.as.number',
  'source.as.organization.name',
]);
