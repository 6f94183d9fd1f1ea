import { emptyEvent } from '../../../shared/event/empty-event.ts';
import type { SiagaEvent } from '../../../shared/event/fields.ts';
import type { EventBatch } from './event-store.ts';
import { readRow } from './row-reader.ts';
import { createRowWriter } from './row-writer.ts';

/**
 * The one line of a batch as an event of dataset `unparsed` that the store takes: who sent it, where it stood, and the raw line.
 * `reason` says what the store would not take.
 */
export function salvageRow({ data }: EventBatch, reason: string): EventBatch {
  const writer = createRowWriter();
  writer.add(salvaged(readRow(data), `store: ${reason}`), true);
  return writer.take();
}

/** What is kept of an event that can't be stored as it is. */
export const salvaged = (event: SiagaEvent, reason: string): SiagaEvent => ({
  ...emptyEvent(),
  '@timestamp': event['event.ingested'],
  'event.ingested': event['event.ingested'],
  'event.sequence': event['event.sequence'],
  'siaga.source': event['siaga.source'],
  'log.file.id': event['log.file.id'],
  'log.offset': event['log.offset'],
  'event.original': event['event.original'],
  'event.kind': 'pipeline_error',
  'event.dataset': 'unparsed',
  'error.message': reason.replace(/\s+/g, ' ').slice(0, 300),
});
