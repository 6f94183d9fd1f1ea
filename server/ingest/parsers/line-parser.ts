import { createZone, utc } from '../../config/zone.ts';
import type { FieldMapping, SourceFormat } from '../../config/configuration.ts';
import { emptyEvent } from '../../../shared/event/empty-event.ts';
import type { SiagaEvent } from '../../../shared/event/fields.ts';
import { apacheError } from './apache-error.ts';
import { caddy } from './caddy.ts';
import { combined } from './combined.ts';
import { common } from './common-log.ts';
import { ecsJson } from './ecs-json.ts';
import { haproxy } from './haproxy.ts';
import { nginxError } from './nginx-error.ts';
import { nginxJson } from './nginx-json.ts';
import { createOtlpParser } from './otlp.ts';
import type { Parser, ReadLine } from './parser.ts';
import { createSyslogParser } from './syslog.ts';
import { traefik } from './traefik.ts';
import { vhost } from './vhost.ts';

/** Every format there is, but for `syslog`, which wraps them; a new one is one file and one line here. */
const parsers: Record<Parser['format'], Parser> = {
  combined,
  common,
  'ecs-json': ecsJson,
  vhost,
  'nginx-json': nginxJson,
  traefik,
  caddy,
  haproxy,
  'nginx-error': nginxError,
  'apache-error': apacheError,
  otlp: createOtlpParser(bodyReader()),
};

/**
 * Turns a line into an event; a line that no parser understands becomes one of dataset `unparsed`, with the reason.
 * `receivedAt` (epoch ms) decides the year of a time that has none; without it such an event has no time of its own.
 */
export type LineParser = (line: string, receivedAt?: number) => SiagaEvent;

/** What a source says about its lines beside their format. */
export interface LineParserOptions {
  /** Zone of times that name no offset, as `createZone` takes it; UTC unless given. */
  readonly zone?: string;
  /** Where `nginx-json` finds fields that have names of the source's own. */
  readonly fields?: FieldMapping;
  /** Format of the messages inside syslog; `auto` unless given. */
  readonly inner?: SourceFormat;
}

/**
 * The parser of one source. With `auto` it begins with the format that understood the last line and tries the others
 * when that fails, so a source needs no format named and may change it.
 */
export function createLineParser(format: SourceFormat, options: LineParserOptions = {}): LineParser {
  const { zone = 'UTC', fields = [], inner = 'auto' } = options;
  const context = { receivedAt: 0, zone: createZone(zone) ?? utc, fields };
  const read = format === 'auto' ? autoReader() : readerOf(format, inner);
  return (line, receivedAt = 0) => {
    context.receivedAt = receivedAt;
    const event = read(line, context);
    return typeof event === 'string' ? unparsed(event) : event;
  };
}

function readerOf(format: Exclude<SourceFormat, 'auto'>, inner: SourceFormat): ReadLine {
  if (format !== 'syslog') {
    const parser = parsers[format];
    return (line, context) => {
      const event = emptyEvent();
      const problem = parser.parse(line, event, context);
      return problem === null ? event : `${format}: ${problem}`;
    };
  }
  // Syslog inside syslog is what relays make of it, one level deep.
  const read = createSyslogParser(
    inner === 'auto' || inner === 'syslog' ? plainReader() : readerOf(inner, 'auto'),
  );
  return (line, context) => {
    const event = read(line, context);
    return typeof event === 'string' ? `syslog: ${event}` : event;
  };
}

const formats = Object.keys(parsers) as Parser['format'][];

/** Reads every format but syslog. */
const plainReader = (): ReadLine => firstOf(formats.map((format) => [format, readerOf(format, 'auto')]));

const autoReader = (): ReadLine =>
  firstOf([...formats, 'syslog' as const].map((format) => [format, readerOf(format, 'auto')]));

/** Tries the reader that understood the last line first, then those before it, and so on. */
function firstOf(order: [format: SourceFormat, read: ReadLine][]): ReadLine {
  return (line, context) => {
    let reason = '';
    for (let index = 0; index < order.length; index += 1) {
      const [format, read] = order[index] as (typeof order)[number];
      const event = read(line, context);
      if (typeof event !== 'string') {
        if (index > 0) order.unshift(...order.splice(index, 1));
        return event;
      }
      if (reason === '' || format === likely(line)) reason = event;
    }
    return reason;
  };
}

const beginnings = new Map<string, Parser['format'] | 'syslog'>([
  ['{', 'ecs-json'],
  ['[', 'apache-error'],
  ['<', 'syslog'],
]);

/** Reads what stands in a record of OpenTelemetry as text; made once it is needed, since it is one of the formats itself. */
function bodyReader(): ReadLine {
  let read: ReadLine | null = null;
  return (line, context) => (read ??= autoReader())(line, context);
}

/** Whose complaint is told when no parser understands a line. */
const likely = (line: string): SourceFormat =>
  beginnings.get(line.charAt(0)) ?? (/^\d{4}\//.test(line) ? 'nginx-error' : 'combined');

function unparsed(reason: string): SiagaEvent {
  const event = emptyEvent();
  event['event.kind'] = 'pipeline_error';
  event['error.message'] = reason;
  return event;
}
