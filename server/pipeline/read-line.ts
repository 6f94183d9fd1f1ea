import { emptyEvent } from '../../shared/event/empty-event.ts';
import type { SiagaEvent } from '../../shared/event/fields.ts';
import type { LineParser } from '../ingest/parsers/line-parser.ts';
import { misfitOf } from '../store/events/misfit.ts';
import { maxLineBytes, type LineForm } from './lines.ts';

/** The event of one line that arrived then (epoch ms); of a line that is too long there is only its head, and it is not understood. */
export function readLine(parse: LineParser, line: string, form: LineForm, receivedAt: number): SiagaEvent {
  const event = form.length > maxLineBytes ? tooLong(form) : parse(line, receivedAt);
  event['event.original'] = line;
  const misfit = misfitOf(event);
  return misfit === null ? event : notUnderstood(line, misfit);
}

/** A line that says what no column can hold. */
const notUnderstood = (line: string, complaint: string): SiagaEvent => ({
  ...emptyEvent(),
  'event.kind': 'pipeline_error',
  'error.message': complaint,
  'event.original': line,
});

function tooLong({ length, sha256 }: LineForm): SiagaEvent {
  const event = emptyEvent();
  event['event.hash'] = sha256;
  event['siaga.line.bytes'] = length;
  event['event.kind'] = 'pipeline_error';
  event['error.message'] = `line of ${length} bytes: only the first ${maxLineBytes} are kept`;
  return event;
}
