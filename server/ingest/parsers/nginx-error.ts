import type { SiagaEvent } from '../../../shared/event/fields.ts';
import { hostOf, peerAddress } from './address.ts';
import { parseIsoTime } from './iso-time.ts';
import type { Parser } from './parser.ts';
import { describeError, parseRequest } from './request-line.ts';

/** `2026/11/23 13:52:04 [error] 31#31: *1 …`; the connection's number is not always there. */
const head =
  /^(\d{4}\/\d{2}\/\d{2} \d{2}:\d{2}:\d{2}) \[([a-z]{1,10})\] (\d{1,10})#\d{1,10}: (?:\*\d{1,19} )?/;

/**
 * nginx's error log. Behind the message come the client, the server, and what was asked for. nginx escapes nothing there, so a
 * path or a referrer can pretend to be a client: where `, client: ` stands twice nobody is named.
 */
export const nginxError: Parser = {
  format: 'nginx-error',
  parse(line, event, { zone }) {
    const found = head.exec(line);
    if (!found) return 'expected "2026/11/23 13:52:04 [level] pid#tid: message"';
    const [start, time = '', level = '', pid] = found;
    const epoch = parseIsoTime(time, zone);
    if (epoch === null) return 'expected a time like 2026/11/23 13:52:04';
    event['@timestamp'] = epoch;
    event['log.level'] = level;
    event['process.pid'] = Number(pid);
    const text = line.slice(start.length);
    const client = text.indexOf(clientKey);
    const isOne = client >= 0 && text.indexOf(clientKey, client + 1) < 0;
    event['message'] = isOne ? text.slice(0, client) : text;
    if (isOne) readContext(text, client, event);
    describeError(event);
    return null;
  },
};

const clientKey = ', client: ';

type Set = (value: string, event: SiagaEvent) => void;

const keys = new Map<string, Set>([
  ['client', (value, event) => void (event['source.ip'] = peerAddress(value) ?? null)],
  ['server', (value, event) => void (event['service.name'] = value === '' || value === '_' ? null : value)],
  ['request', parseRequest],
  ['subrequest', () => undefined],
  ['upstream', (value, event) => void (event['siaga.upstream.address'] = value === '' ? null : value)],
  ['host', (value, event) => void (event['url.domain'] = hostOf(value))],
  ['referrer', (value, event) => void (event['http.request.referrer'] = value === '' ? null : value)],
]);

const key = /, ([a-z]{1,10}): /y;

/** Reads `, key: value` pairs from `start` on, and stops at what is none. */
function readContext(text: string, start: number, event: SiagaEvent): void {
  for (let at = start; at < text.length;) {
    key.lastIndex = at;
    const name = key.exec(text)?.[1];
    const set = keys.get(name ?? '');
    if (name === undefined || set === undefined) return;
    const from = at + name.length + 4;
    const isQuoted = text.charCodeAt(from) === 34;
    const end = isQuoted ? quotedEnd(text, from + 1) : bareEnd(text, from);
    set(text.slice(isQuoted ? from + 1 : from, end), event);
    at = isQuoted ? end + 1 : end;
  }
}

function bareEnd(text: string, from: number): number {
  const end = text.indexOf(', ', from);
  return end < 0 ? text.length : end;
}

/** A quote ends a value when another pair or nothing follows it; others are the client's. */
function quotedEnd(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    key.lastIndex = at + 1;
    if (at + 1 === text.length || keys.has(key.exec(text)?.[1] ?? '')) return at;
  }
  return text.length;
}
