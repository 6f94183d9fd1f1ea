import type { SiagaEvent } from '../../../shared/event/fields.ts';
import { hostOf, isForwardedFor, peerAddress } from './address.ts';
import { durationWithUnits, lastTried, nginxDuration } from './duration.ts';
import { unescape } from './request-line.ts';
import { closingQuote } from './scan.ts';

/** A field behind the user agent: `0.012`, `"…"`, `[…]`, `rt=0.012` or `urt="…"`. */
export interface TailField {
  readonly key: string | null;
  readonly value: string;
  readonly form: 'bare' | 'quoted' | 'bracketed';
}

/** Fields that are looked at; no format has more. */
const maxFields = 40;

/** The fields of a line from `start` on; a quote or bracket that doesn't end, ends them. */
export function tailOf(line: string, start: number): TailField[] {
  const fields: TailField[] = [];
  let at = start;
  while (fields.length < maxFields) {
    while (line.charCodeAt(at) === 32) at += 1;
    if (at >= line.length) break;
    const next = fieldAt(line, at);
    if (next === null) break;
    fields.push(next.field);
    at = next.end;
  }
  return fields;
}

const keyed = /([A-Za-z_][\w-]{0,39})=/y;

function fieldAt(line: string, start: number): { field: TailField; end: number } | null {
  keyed.lastIndex = start;
  const key = keyed.exec(line)?.[1] ?? null;
  const at = key === null ? start : start + key.length + 1;
  if (line.charCodeAt(at) === 34) {
    const end = closingQuote(line, at + 1);
    return end < 0
      ? null
      : { field: { key, value: unescape(line.slice(at + 1, end)), form: 'quoted' }, end: end + 1 };
  }
  if (key === null && line.charCodeAt(at) === 91) {
    const end = line.indexOf(']', at);
    return end < 0
      ? null
      : { field: { key, value: line.slice(at + 1, end), form: 'bracketed' }, end: end + 1 };
  }
  const end = bareEnd(line, at);
  return { field: { key, value: line.slice(at, end), form: 'bare' }, end };
}

/** Tries of one request that a bare field may list: `0.001, 0.002`. */
const maxTries = 20;

function bareEnd(line: string, start: number): number {
  let end = start;
  for (let tries = 0; tries < maxTries; tries += 1) {
    end = line.indexOf(' ', end + 1);
    if (end < 0) return line.length;
    if (line.charCodeAt(end - 1) !== 44) break;
  }
  return end;
}

const whole = /^\d{1,15}$/;

/** Whether these are the fields that Traefik writes behind the user agent: `7 "router" "http://…" 12ms`. */
export function isTraefikTail(fields: readonly TailField[]): boolean {
  const [count, router, server, duration] = fields;
  return (
    fields.length === 4 &&
    /^(?:-|\d{1,15})$/.test(count?.value ?? '') &&
    router?.form === 'quoted' &&
    server?.form === 'quoted' &&
    duration?.form === 'bare' &&
    /^\d{1,12}ms$/.test(duration.value)
  );
}

/** Reads what these fields say where it can't be mistaken; others stay in the raw line. */
export function readTail(fields: readonly TailField[], event: SiagaEvent): void {
  if (isIngressTail(fields)) readIngressTail(fields, event);
  else for (const [index, field] of fields.entries()) readField(field, index === 0, event);
}

/** `462 0.050 [upstream] [alternative] 192.0.2.7:9000 19437 0.049 200 id`: `upstreaminfo` of the nginx ingress of Kubernetes. */
function isIngressTail(fields: readonly TailField[]): boolean {
  const [length, time, upstream, alternative] = fields;
  return (
    fields.length === 9 &&
    whole.test(length?.value ?? '') &&
    seconds.test(time?.value ?? '') &&
    upstream?.form === 'bracketed' &&
    alternative?.form === 'bracketed'
  );
}

function readIngressTail(fields: readonly TailField[], event: SiagaEvent): void {
  const [, time = '', service = '', , address = '', , upstreamTime = '', status = '', id = ''] = fields.map(
    ({ value }) => value,
  );
  event['event.duration'] = nginxDuration(time);
  event['service.name'] = said(service);
  event['siaga.upstream.address'] = lastTried(address);
  event['siaga.upstream.duration'] = nginxDuration(upstreamTime);
  event['siaga.upstream.status_code'] = statusOf(status);
  event['http.request.id'] = said(id);
}

const said = (text: string): string | null => (text === '' || text === '-' ? null : text);

/** Status of the upstream that answered, of nginx's list of those tried. */
export function statusOf(text: string): number | null {
  const last = lastTried(text);
  return last !== null && /^\d{3}$/.test(last) ? Number(last) : null;
}

/** nginx's seconds have three decimals, which tells them from other numbers (`$gzip_ratio` has two). */
const seconds = /^\d{1,9}\.\d{3}$/;
const secondsTried = /^(?:(?:\d{1,9}\.\d{3}|-)(?:, | : )?){1,20}$/;
const requestId = /^[0-9a-f]{32}$/;
const secondsAndMicroseconds = /^\*{0,2}(\d{1,9})\/(\d{1,15})\*{0,2}$/;

function readField(field: TailField, isFirst: boolean, event: SiagaEvent): void {
  const { key, value, form } = field;
  if (key !== null) {
    keys.get(key.toLowerCase())?.(value, event);
    return;
  }
  if (form === 'quoted' && isFirst && isForwardedFor(value)) event['siaga.forwarded_for'] = value;
  else if (event['event.duration'] === null) event['event.duration'] = requestTime(value);
  else if (event['siaga.upstream.duration'] === null && value !== '-' && secondsTried.test(value))
    event['siaga.upstream.duration'] = nginxDuration(value);
  if (event['http.request.id'] === null && requestId.test(value)) event['http.request.id'] = value;
}

function requestTime(text: string): number | null {
  if (seconds.test(text)) return nginxDuration(text);
  // Apache's `%T/%D`: seconds, and the same in microseconds.
  const pair = secondsAndMicroseconds.exec(text);
  if (pair && Math.floor(Number(pair[2]) / 1e6) === Number(pair[1])) return Number(pair[2]) * 1_000;
  return durationWithUnits(text);
}

type Set = (value: string, event: SiagaEvent) => void;

const setDuration: Set = (value, event) => void (event['event.duration'] = timeOf(value));
const setUpstreamTime: Set = (value, event) => void (event['siaga.upstream.duration'] = timeOf(value));
const setUpstreamStatus: Set = (value, event) => void (event['siaga.upstream.status_code'] = statusOf(value));
const setUpstream: Set = (value, event) => void (event['siaga.upstream.address'] = lastTried(value));
/** `ua=` is the upstream's address to some, the user agent to others. */
const setUpstreamIfAddress: Set = (value, event) => {
  const last = lastTried(value);
  const isPeer = last !== null && (last.startsWith('unix:') || typeof peerAddress(last) === 'string');
  if (isPeer) event['siaga.upstream.address'] = last;
};
const setDomain: Set = (value, event) => void (event['url.domain'] = hostOf(value));
const setService: Set = (value, event) => void (event['service.name'] = said(value));
const setRequestId: Set = (value, event) => void (event['http.request.id'] = said(value));
const setForwardedFor: Set = (value, event) => void (event['siaga.forwarded_for'] = said(value));

const timeOf = (text: string): number | null => nginxDuration(text) ?? durationWithUnits(text);

/** What keys say, in the formats that manuals and vendors show. */
const keys = new Map<string, Set>([
  ['rt', setDuration],
  ['request_time', setDuration],
  ['urt', setUpstreamTime],
  ['ut', setUpstreamTime],
  ['upstream_time', setUpstreamTime],
  ['upstream_response_time', setUpstreamTime],
  ['us', setUpstreamStatus],
  ['upstream_status', setUpstreamStatus],
  ['ua', setUpstreamIfAddress],
  ['upstream', setUpstream],
  ['upstream_addr', setUpstream],
  ['host', setDomain],
  ['http_host', setDomain],
  ['vhost', setDomain],
  ['sn', setService],
  ['server_name', setService],
  ['rid', setRequestId],
  ['req_id', setRequestId],
  ['request_id', setRequestId],
  ['xff', setForwardedFor],
  ['x_forwarded_for', setForwardedFor],
  ['http_x_forwarded_for', setForwardedFor],
]);
