import type { SiagaEvent } from '../../../shared/event/fields.ts';
import { hostOf, peerAddress } from './address.ts';
import { nanoseconds } from './duration.ts';
import { parseLogTime } from './log-time.ts';
import type { Parser } from './parser.ts';
import { describeError, describeRequest, setTarget } from './request-line.ts';
import { wholeNumber } from './scan.ts';

/**
 * HAProxy's HTTP and TCP log lines (configuration manual, section 8.2), and its line of a connection that failed. Without the
 * head of syslog: that is the format `syslog`.
 */
export const haproxy: Parser = {
  format: 'haproxy',
  parse(line, event, { zone }) {
    const timeEnd = line.indexOf('] ');
    const clientEnd = line.indexOf(' [');
    if (clientEnd < 1 || timeEnd < clientEnd || line.lastIndexOf(' ', clientEnd - 1) >= 0)
      return 'expected "address:port [time] frontend backend/server"';
    const address = peerAddress(line.slice(0, clientEnd));
    if (address === undefined) return 'expected an IP address at the start';
    const time = parseLogTime(line.slice(clientEnd + 2, timeEnd), zone);
    if (time === null) return 'expected a time like [23/Nov/2026:13:52:04.123]';
    event['@timestamp'] = time;
    event['source.ip'] = address;
    return parseRest(line, timeEnd + 2, event);
  },
};

function parseRest(line: string, start: number, event: SiagaEvent): string | null {
  const quote = line.indexOf(' "', start);
  const head = line.slice(start, quote < 0 ? line.length : quote);
  const [frontend = '', server = '', timers = '', ...rest] = head.split(' ', 12);
  if (frontend.endsWith(':')) return parseFailure(line.slice(start + frontend.length + 1), event);
  const backend = server.indexOf('/');
  const times = timers.split('/', 6);
  if (backend < 1 || !times.every((time) => timer.test(time))) return 'expected backend/server and timers';
  event['service.name'] = named(server.slice(0, backend)) ?? frontend;
  event['siaga.upstream.address'] = named(server.slice(backend + 1));
  event['event.duration'] = durationOf(times.at(-1));
  if (times.length === 3) return parseTcp(rest, event);
  if (times.length !== 5 || quote < 0) return 'expected five timers and a request, or three timers';
  event['siaga.upstream.duration'] = durationOf(times[3]);
  return parseHttp(rest, line, quote + 2, event);
}

const timer = /^(?:-1|\+?\d{1,12})$/;
const counts = /^\d{1,9}(?:\/\+?\d{1,9}){4}$/;
const queues = /^\d{1,9}\/\d{1,9}$/;
const httpEnd = /^[\w-]{4}$/;
const tcpEnd = /^[\w-]{2}$/;

/** `<NOSRV>` and `<STATS>` name no server. */
const named = (name: string): string | null => (name === '' || name.startsWith('<') ? null : name);

/** Milliseconds to nanoseconds; a `+` says that it is still running, -1 that it never was. */
const durationOf = (ms: string | undefined): number | null => nanoseconds(Number(ms) / 1_000);

function bytesOf(text: string): number | null {
  const size = wholeNumber(text, text.startsWith('+') ? 1 : 0, text.length);
  return size < 0 ? null : size;
}

function parseTcp(
  [bytes = '', end = '', connections = '', queue = '']: string[],
  event: SiagaEvent,
): string | null {
  if (!tcpEnd.test(end) || !isLoad(connections, queue) || !setBytes(bytes, event))
    return 'expected bytes, state, connections and queues after the timers';
  event['event.code'] = end;
  describeRequest(event);
  event['event.outcome'] = end === '--' ? 'success' : 'failure';
  return null;
}

const isLoad = (connections = '', queue = ''): boolean => counts.test(connections) && queues.test(queue);

function setBytes(text: string, event: SiagaEvent): boolean {
  event['http.response.body.bytes'] = bytesOf(text);
  return event['http.response.body.bytes'] !== null;
}

function parseHttp(rest: string[], line: string, start: number, event: SiagaEvent): string | null {
  const [status = '', bytes = '', , , end = '', ...load] = rest;
  if (!/^(?:-1|\d{3})$/.test(status) || !httpEnd.test(end) || !isLoad(...load) || !setBytes(bytes, event))
    return 'expected status, bytes, cookies, state, connections and queues after the timers';
  event['http.response.status_code'] = status === '-1' ? null : Number(status);
  event['event.code'] = end;
  // A line that is cut off at HAProxy's limit has lost its last quote.
  const close = line.indexOf('"', start);
  parseRequest(line.slice(start, close < 0 ? line.length : close), event);
  if (close >= 0) event['url.domain'] = serverNameIn(line.slice(close + 1));
  describeRequest(event);
  return null;
}

/** `GET /path HTTP/1.1`, of which a line that was cut off has lost the end; `<BADREQ>` is none. */
function parseRequest(request: string, event: SiagaEvent): void {
  const [method = '', target] = request.split(' ', 2);
  if (target === undefined || !/^[!#$%&'*+.^_`|~\w-]{1,20}$/.test(method)) {
    event['url.original'] = request === '<BADREQ>' || request === '' ? null : unescape(request);
    return;
  }
  const version = request.lastIndexOf(' HTTP/');
  const targetEnd = version > method.length ? version : request.length;
  event['http.request.method'] = method;
  if (version > 0) event['http.version'] = request.slice(version + 6);
  setTarget(unescape(request.slice(method.length + 1, targetEnd)), event);
}

/** HAProxy writes quotes and `#` as `#22` and `#23`; other escapes stay as written. */
const unescape = (text: string): string =>
  text.replace(/#2([23])/g, (_whole, digit: string) => (digit === '2' ? '"' : '#'));

/** The HTTPS format ends with `0/0/0/0/0 name/TLSv1.3/cipher`. */
function serverNameIn(tail: string): string | null {
  const fields = /^ \S{1,80} ([^\s/]{1,255})\/TLS/.exec(tail);
  return fields ? hostOf(fields[1] ?? '') : null;
}

function parseFailure(message: string, event: SiagaEvent): string | null {
  if (message === '') return 'expected a message after the frontend';
  event['message'] = message;
  describeError(event);
  return null;
}
