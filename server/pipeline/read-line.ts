import { emptyEvent } from '../../shared/event/empty-event.ts';
import type { SiagaEvent } from '../../shared/event/fields.ts';
import type { LineParser } from '../ingest/parsers/line-parser.ts';
import { maxLineBytes } from './lines.ts';

/** The event of one line of `length` bytes; of a line that is too long there is only its head, and it is not understood. */
export function readLine(parse: LineParser, line: string, length: number): SiagaEvent {
  const event = length > maxLineBytes ? tooLong(length) : parse(line);
  event['event.original'] = line;
  return event;
}

function tooLong(length: number): SiagaEvent {
  const event = emptyEvent();
  event['event.kind'] = 'pipeline_error';
  event['error.message'] = `line of ${length} bytes: only the first ${maxLineBytes} are kept`;
  return event;
}
