import { isIP } from 'node:net';
import {
  eventFields,
  fieldNames,
  isFieldName,
  type FieldName,
  type SiagaEvent,
} from '../../../shared/event/fields.ts';
import { isEventTime } from '../../../shared/event/time-range.ts';
import { completeEcs, setEcsField } from './ecs-json.ts';
import type { Zone } from '../../config/zone.ts';
import type { Parser, ReadLine } from './parser.ts';

const maxDepth = 6;

/**
 * Names of the OpenTelemetry semantic conventions beside those of ECS, for each field those that count, the first first.
 * Old names of the conventions stand last.
 */
const conventions: Partial<Record<FieldName, readonly string[]>> = {
  'source.ip': ['source.ip', 'client.address', 'source.address', 'client.ip', 'http.client_ip'],
  'user.name': ['user.name', 'enduser.id'],
  'http.request.method': ['http.request.method', 'http.method'],
  'http.response.status_code': ['http.response.status_code', 'http.status_code'],
  'http.response.body.bytes': [
    'http.response.body.bytes',
    'http.response.body.size',
    'http.response_content_length',
  ],
  'http.version': ['http.version', 'network.protocol.version', 'http.flavor'],
  'http.request.referrer': ['http.request.referrer', 'http.request.header.referer'],
  'url.original': ['url.original', 'http.target'],
  'url.domain': ['url.domain', 'server.address', 'http.host'],
  'user_agent.original': ['user_agent.original', 'http.user_agent'],
  'event.action': ['event.action', 'event.name'],
  'process.name': ['process.name', 'process.executable.name'],
};

const fullAddresses = ['url.full', 'http.url'];

/** Short names of `SeverityNumber` (OpenTelemetry logs data model), four numbers each. */
const severities = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/**
 * A log record as our OTLP way in writes it: `{"resource":{"attributes":{…}},"scope":{…},"logRecord":{…}}`. Attributes with
 * ECS names or those of the semantic conventions become fields; one that doesn't fit its field stays in the raw line.
 * `inner` reads a body that is text: what it understands wins, and the dataset is its.
 */
export function createOtlpParser(inner: ReadLine): Parser {
  return {
    format: 'otlp',
    parse(line, event, context) {
      if (!line.startsWith('{"resource":{')) return 'expected {"resource":{…},"scope":{…},"logRecord":{…}}';
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch {
        return 'expected a JSON object on one line';
      }
      const record = objectIn(value, 'logRecord');
      if (!record) return 'logRecord: expected an object';
      readAttributes(attributesOf(value, record), { event, zone: context.zone });
      readRecord(record, event);
      const body = valueIn(record, 'body');
      if (typeof body === 'string' && takeInner(inner(body, context), event)) return null;
      if (typeof body === 'string') event.message = body;
      return completeEcs(event, 'log');
    },
  };
}

function valueIn(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function objectIn(value: unknown, name: string): object | null {
  const inner = valueIn(value, name);
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? inner : null;
}

type Attributes = Map<string, unknown>;

/** What the record says of itself wins over a structured body, and that over what the resource says. */
function attributesOf(line: unknown, record: object): Attributes {
  const attributes: Attributes = new Map();
  for (const part of [
    objectIn(valueIn(line, 'resource'), 'attributes'),
    objectIn(record, 'body'),
    objectIn(record, 'attributes'),
  ])
    if (part) flatten(part, attributes, { prefix: '', depth: 0 });
  const name = valueIn(record, 'eventName');
  if (typeof name === 'string') attributes.set('event.name', name);
  return attributes;
}

function flatten(part: object, attributes: Attributes, place: { prefix: string; depth: number }): void {
  if (place.depth > maxDepth) return;
  for (const [key, value] of Object.entries(part)) {
    const name = place.prefix + key;
    attributes.set(name, value);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      flatten(value as object, attributes, { prefix: `${name}.`, depth: place.depth + 1 });
  }
}

interface Into {
  readonly event: SiagaEvent;
  readonly zone: Zone;
}

function readAttributes(attributes: Attributes, into: Into): void {
  for (const [name, value] of attributes)
    if (isFieldName(name) && !Object.hasOwn(conventions, name)) setFitting(into, name, value);
  for (const [field, names] of Object.entries(conventions) as [FieldName, readonly string[]][])
    names.some((name) => attributes.has(name) && setFitting(into, field, attributes.get(name)));
  for (const name of fullAddresses) readFullAddress(attributes.get(name), into.event);
}

/** Whether the value was one of the field. The time is the record's to say. */
function setFitting(into: Into, name: FieldName, value: unknown): boolean {
  if (name === '@timestamp' || value === null || value === '') return false;
  if (name === 'source.ip' && (typeof value !== 'string' || isIP(value) === 0)) return false;
  return setEcsField(into, name, numberIn(name, value)) === null && into.event[name] !== null;
}

/** OTLP writes 64-bit integers as text. */
const numberIn = (name: FieldName, value: unknown): unknown =>
  eventFields[name].type === 'number' && typeof value === 'string' && /^\d{1,15}$/.test(value)
    ? Number(value)
    : value;

function readFullAddress(value: unknown, event: SiagaEvent): void {
  if (typeof value !== 'string' || !URL.canParse(value)) return;
  event['url.domain'] ??= new URL(value).hostname || null;
  if (event['url.original'] !== null || event['url.path'] !== null) return;
  // As it was sent: a parsed address would be written anew.
  const [, target = ''] = /^[^:]+:\/\/[^/?#]*([^#]*)/.exec(value) ?? [];
  event['url.original'] = target === '' ? '/' : target;
}

function readRecord(record: object, event: SiagaEvent): void {
  event['@timestamp'] = timeIn(record, 'timeUnixNano') ?? timeIn(record, 'observedTimeUnixNano') ?? 0;
  const text = valueIn(record, 'severityText');
  const number = valueIn(record, 'severityNumber');
  if (typeof text === 'string' && text !== '') event['log.level'] = text;
  else if (typeof number === 'number' && event['log.level'] === null)
    event['log.level'] = severities[Math.floor((number - 1) / 4)] ?? null;
}

function timeIn(record: object, name: string): number | null {
  const nanos = valueIn(record, name);
  if (typeof nanos !== 'string' || !/^\d{1,20}$/.test(nanos)) return null;
  const time = Number(nanos.slice(0, -6));
  return time > 0 && isEventTime(time) ? time : null;
}

/** Takes over what the body says; `false` when nothing understood it. */
function takeInner(said: SiagaEvent | string, event: SiagaEvent): boolean {
  if (typeof said === 'string') return false;
  const into = event as Record<FieldName, string | number | null>;
  for (const name of fieldNames) {
    const value = said[name];
    if (value !== null && value !== '' && !(name === '@timestamp' && value === 0)) into[name] = value;
  }
  return true;
}
