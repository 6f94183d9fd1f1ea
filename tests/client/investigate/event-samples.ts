import type { StoredEvent } from '../../../shared/api/schemas.ts';
import { fieldNames } from '../../../shared/event/fields.ts';

/** An event with these fields, all others `null`. */
export const eventOf = (changes: StoredEvent = {}): StoredEvent => ({
  ...Object.fromEntries(fieldNames.map((field) => [field, null])),
  '@timestamp': Date.UTC(2026, 10, 24, 7, 5, 12),
  'event.ingested': Date.UTC(2026, 10, 24, 7, 5, 13),
  'event.sequence': 1,
  'event.kind': 'event',
  'event.dataset': 'access',
  'event.original': 'a line',
  'siaga.source': 'nginx-1',
  ...changes,
});
