import type { EventBatch } from '../../../../server/store/events/event-store.ts';
import { readRow } from '../../../../server/store/events/row-reader.ts';
import type { SiagaEvent } from '../../../../shared/event/fields.ts';

/** The events that a batch was made of, their texts one character a byte. */
export const eventsIn = ({ data, ends }: EventBatch): SiagaEvent[] =>
  Array.from(ends, (end, index) => readRow(data.subarray(ends[index - 1] ?? 0, end)));
