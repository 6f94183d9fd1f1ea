import { emptyEvent } from '../../../shared/event/empty-event.ts';
import type { SiagaEvent } from '../../../shared/event/fields.ts';
import { combined } from './combined.ts';
import { common } from './common.ts';
import { ecsJson } from './ecs-json.ts';
import type { Parser } from './parser.ts';

/** Every format there is; a new one is one file and one line here. */
const parsers: Record<Parser['format'], Parser> = { combined, common, 'ecs-json': ecsJson };

/** Every format that a source may name. */
export const formats: readonly (Parser['format'] | 'auto')[] = [
  'auto',
  ...(Object.keys(parsers) as Parser['format'][]),
];

/** Turns a line into an event; a line that no parser understands becomes one of dataset `unparsed`, with the reason. */
export type LineParser = (line: string) => SiagaEvent;

/**
 * The parser of one source. With `auto` it begins with the format that understood the last line and tries the others
 * when that fails, so a source needs no format named and may change it.
 */
export function createLineParser(format: Parser['format'] | 'auto'): LineParser {
  const order: Parser[] = format === 'auto' ? Object.values(parsers) : [parsers[format]];
  return (line) => {
    let reason = '';
    for (let index = 0; index < order.length; index += 1) {
      const parser = order[index] as Parser;
      const event = emptyEvent();
      const problem = parser.parse(line, event);
      if (problem === null) {
        if (index > 0) order.unshift(...order.splice(index, 1));
        return event;
      }
      if (reason === '' || parser.format === likely(line)) reason = `${parser.format}: ${problem}`;
    }
    return unparsed(reason);
  };
}

/** Whose complaint is told when no parser understands a line. */
const likely = (line: string): Parser['format'] => (line.startsWith('{') ? 'ecs-json' : 'combined');

function unparsed(reason: string): SiagaEvent {
  const event = emptyEvent();
  event['event.kind'] = 'pipeline_error';
  event['error.message'] = reason;
  return event;
}
