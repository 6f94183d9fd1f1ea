import { eventColumns } from './columns.ts';

/** What of a row that the store refuses is kept: who sent it, where it stood, and the raw line; these columns take any text. */
const kept = new Set<string>([
  'event.ingested',
  'event.sequence',
  'siaga.source',
  'log.file.id',
  'log.offset',
  'event.original',
]);

const numberOfIngested = eventColumns.findIndex(({ field }) => field === 'event.ingested');

/** The same line as an event of dataset `unparsed` that the store takes; `reason` says what it would not take. */
export function salvageRow(row: string, reason: string): string {
  const cells = row.split('\t');
  const said: Record<string, string> = {
    '@timestamp': cells[numberOfIngested] ?? '0',
    'event.kind': 'pipeline_error',
    'event.dataset': 'unparsed',
    'error.message': `store: ${reason.replace(/[\\\t\n\r\0]/g, ' ').slice(0, 300)}`,
  };
  return eventColumns
    .map(({ field, absent }, index) => said[field] ?? (kept.has(field) ? (cells[index] ?? absent) : absent))
    .join('\t');
}
