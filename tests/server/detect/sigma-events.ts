import type { FieldName, SiagaEvent } from '../../../shared/event/fields.ts';
import { fieldNames } from '../../../shared/event/fields.ts';
import { readRules, type LoadedRules } from '../../../server/detect/sigma/read-rules.ts';

/** An event with every field, `null` where nothing is given; it arrives when it happens. */
export function eventOf(fields: Partial<SiagaEvent> & Record<string, unknown>): SiagaEvent {
  const event: Record<string, unknown> = Object.fromEntries(fieldNames.map((name) => [name, null]));
  const time = fields['@timestamp'] ?? Date.UTC(2026, 1, 10, 3, 15);
  Object.assign(event, {
    '@timestamp': time,
    'event.ingested': time,
    'event.sequence': 1,
    'event.kind': 'event',
    'event.dataset': 'access',
    'event.original': '',
    'siaga.source': 'test',
    ...fields,
  });
  return event as SiagaEvent;
}

/** Reads rules of any taxonomy: each field is an event's field by the same name, and every event is seen. */
export function readAnyRules(yaml: string): LoadedRules {
  return readRules([{ file: 'rule.yml', text: yaml }], {
    fields: (name) => name as FieldName,
    logsources: () => ({ datasets: ['access'], category: null }),
  });
}
