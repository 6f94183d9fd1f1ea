import type { Zone } from '../../config/zone.ts';
import { eventFields, type FieldName, type SiagaEvent } from '../../../shared/event/fields.ts';
import { parseAnyTime } from './any-time.ts';
import { hostOf, peerAddress } from './address.ts';
import { statusOf } from './access-tail.ts';
import { lastTried, nanoseconds, nginxDuration } from './duration.ts';
import { lookUp, numberOf, parseObject, textOf, wholeOf, type JsonObject } from './json-object.ts';
import type { ParseContext, Parser } from './parser.ts';
import { describeRequest, parseRequest, setTarget } from './request-line.ts';

/**
 * One JSON object a line as nginx writes it with `log_format … escape=json`, its keys named as nginx's variables (without the `$`)
 * or as in the manuals, or as the source's `fields` say.
 */
export const nginxJson: Parser = {
  format: 'nginx-json',
  parse(line, event, context) {
    const object = parseObject(line);
    if (object === null) return 'expected a JSON object on one line';
    const problem = takeMapped(object, event, context);
    if (problem !== null) return problem;
    if (!takeTime(object, event, context.zone))
      return 'expected a time, as in time_iso8601, time_local or msec';
    takeRequest(object, event);
    if (event['url.original'] === null && event['http.request.method'] === null)
      return 'expected a request, as in request, or request_method and request_uri';
    if (!takeClient(object, event)) return 'remote_addr: expected an IP address';
    takeAnswer(object, event);
    if (event['source.ip'] === null && event['http.response.status_code'] === null)
      return 'expected a status or a client, as in status or remote_addr';
    describeRequest(event);
    return null;
  },
};

/** The first of some keys that says something. */
function first(object: JsonObject, keys: readonly string[]): string | null {
  for (const key of keys) {
    const text = Object.hasOwn(object, key) ? textOf(object[key]) : null;
    if (text !== null) return text;
  }
  return null;
}

const timeKeys = ['msec', 'time_iso8601', 'time_local', '@timestamp', 'timestamp', 'time', 'ts', 'date'];

function takeTime(object: JsonObject, event: SiagaEvent, zone: Zone): boolean {
  for (const key of timeKeys) {
    if (event['@timestamp'] !== 0) break;
    if (Object.hasOwn(object, key)) event['@timestamp'] = parseAnyTime(object[key], zone) ?? 0;
  }
  return event['@timestamp'] !== 0;
}

function takeRequest(object: JsonObject, event: SiagaEvent): void {
  const request = first(object, ['request']);
  if (request !== null && event['url.original'] === null && event['http.request.method'] === null)
    parseRequest(request, event);
  event['http.request.method'] ??= first(object, ['request_method', 'method']);
  event['http.version'] ??=
    first(object, ['server_protocol', 'request_proto'])?.replace(/^HTTP\//, '') ?? null;
  if (event['url.original'] !== null) return;
  const target = first(object, ['request_uri']);
  const path = first(object, ['uri', 'document_uri', 'path']);
  const query = first(object, ['args', 'query_string', 'request_query']);
  if (target !== null) setTarget(target, event);
  else if (path !== null) setTarget(query === null ? path : `${path}?${query}`, event);
}

function takeClient(object: JsonObject, event: SiagaEvent): boolean {
  if (event['source.ip'] === null) {
    const client = first(object, ['remote_addr', 'remote_ip', 'client_ip']);
    const address = client === null ? null : peerAddress(client);
    if (address === undefined) return false;
    event['source.ip'] = address;
  }
  event['siaga.forwarded_for'] ??= first(object, ['http_x_forwarded_for', 'x_forwarded_for']);
  event['user.name'] ??= first(object, ['remote_user']);
  event['http.request.referrer'] ??= first(object, ['http_referer', 'http_referrer', 'referer', 'referrer']);
  event['user_agent.original'] ??= first(object, ['http_user_agent', 'user_agent']);
  return true;
}

function takeAnswer(object: JsonObject, event: SiagaEvent): void {
  event['http.response.status_code'] ??= wholeOf(lookUp(object, 'status'), 999);
  event['http.response.body.bytes'] ??=
    wholeOf(lookUp(object, 'body_bytes_sent')) ?? wholeOf(lookUp(object, 'bytes_sent'));
  event['http.request.id'] ??= first(object, ['request_id', 'req_id']);
  event['event.duration'] ??= durationOf(first(object, ['request_time']));
  event['url.domain'] ??= hostOf(first(object, ['host', 'http_host', 'vhost']) ?? '');
  event['service.name'] ??= serviceOf(first(object, ['proxy_upstream_name', 'server_name']));
  takeUpstream(object, event);
}

function takeUpstream(object: JsonObject, event: SiagaEvent): void {
  event['siaga.upstream.duration'] ??= durationOf(first(object, ['upstream_response_time']));
  event['siaga.upstream.address'] ??= lastOf(first(object, ['upstream_addr']));
  event['siaga.upstream.status_code'] ??= statusOf(first(object, ['upstream_status']) ?? '');
}

/** `_` is how nginx names a server without a name. */
const serviceOf = (name: string | null): string | null => (name === '_' ? null : name);
const durationOf = (text: string | null): number | null => (text === null ? null : nginxDuration(text));
const lastOf = (text: string | null): string | null => (text === null ? null : lastTried(text));

function takeMapped(object: JsonObject, event: SiagaEvent, { fields, zone }: ParseContext): string | null {
  for (const [name, path] of fields) {
    const value = lookUp(object, path);
    if (value === undefined || value === null || value === '' || value === '-') continue;
    if (!setMapped(event, name, value, zone)) return `${path}: expected what ${name} takes`;
  }
  return null;
}

function setMapped(event: SiagaEvent, name: FieldName, value: unknown, zone: Zone): boolean {
  if (name === '@timestamp') {
    const time = parseAnyTime(value, zone);
    event['@timestamp'] = time ?? 0;
    return time !== null;
  }
  if (name === 'url.original') return setMappedTarget(event, textOf(value));
  const taken = takenAs(name, value);
  if (taken === undefined) return false;
  (event as Record<FieldName, unknown>)[name] = taken;
  return true;
}

/** `url.original` may be named for a whole request line. */
function setMappedTarget(event: SiagaEvent, text: string | null): boolean {
  if (text === null) return false;
  if (/^[A-Z]{1,20} /.test(text) && text.includes(' HTTP/')) parseRequest(text, event);
  else setTarget(text, event);
  return true;
}

/** The value by the type of its field; durations are in seconds, as nginx has them. `undefined` when it doesn't fit. */
function takenAs(name: FieldName, value: unknown): string | number | null | undefined {
  const { type } = eventFields[name];
  if (type === 'address') return typeof value === 'string' ? peerAddress(value) : undefined;
  if (type === 'string') return textOf(value) ?? undefined;
  if (name === 'event.duration' || name === 'siaga.upstream.duration') return takenDuration(value);
  const most = name === 'log.syslog.priority' ? 191 : name.endsWith('status_code') ? 999 : undefined;
  const number = name === 'event.risk_score' ? numberOf(value) : wholeOf(value, most);
  return number ?? undefined;
}

function takenDuration(value: unknown): number | null | undefined {
  if (typeof value === 'number') return nanoseconds(value) ?? undefined;
  if (typeof value !== 'string') return undefined;
  // Tries of which none was answered: `-, -`.
  return nginxDuration(value) ?? (/^[-,: ]{1,200}$/.test(value) ? null : undefined);
}
