import { isIP } from 'node:net';
import type { SiagaEvent } from '../../../shared/event/fields.ts';
import { parseLogTime } from './log-time.ts';

/**
 * The head that the common and combined formats share (NCSA httpd log format): address, identity, user, time, request,
 * status, size. Fills `event` and returns where the head ends, or why the line isn't one.
 */
export function parseAccessHead(line: string, event: SiagaEvent): number | string {
  const addressEnd = line.indexOf(' ');
  const identityEnd = line.indexOf(' ', addressEnd + 1);
  // The time's bracket is the last one before the request: a user name may hold one too, and any client may choose it.
  const timeEnd = line.indexOf('] "', identityEnd + 1);
  const userEnd = line.lastIndexOf(' [', timeEnd);
  if (addressEnd < 1 || identityEnd < 0 || userEnd <= identityEnd || timeEnd < 0)
    return 'expected "address identity user [time] "request""';
  const address = line.slice(0, addressEnd);
  if (!isAddress(address)) return 'expected an IP address at the start';
  const time = parseLogTime(line.slice(userEnd + 2, timeEnd));
  if (time === null) return 'expected a time like [23/Nov/2026:13:52:04 +0700]';
  const requestEnd = closingQuote(line, timeEnd + 3);
  if (requestEnd < 0) return 'the quote of the request does not end';
  const sizeEnd = parseStatusAndSize(line, requestEnd + 1, event);
  if (sizeEnd < 0) return 'expected status and size after the request';
  event['@timestamp'] = time;
  event['source.ip'] = address === '-' ? null : address;
  const user = line.slice(identityEnd + 1, userEnd);
  event['user.name'] = user === '-' || user === '""' ? null : unescape(user);
  parseRequest(line.slice(timeEnd + 3, requestEnd), event);
  describe(event);
  return sizeEnd;
}

/** The next quoted field of a line from `start`, and where it ends; `null` when there is none. */
export function quotedField(line: string, start: number): { value: string | null; end: number } | null {
  if (line.charCodeAt(start) !== 32 || line.charCodeAt(start + 1) !== 34) return null;
  const end = closingQuote(line, start + 2);
  if (end < 0) return null;
  const value = line.slice(start + 2, end);
  return { value: value === '-' || value === '' ? null : unescape(value), end: end + 1 };
}

const dottedQuad = /^(?:\d{1,3}\.){3}\d{1,3}$/;

function isAddress(text: string): boolean {
  if (dottedQuad.test(text)) return text.length <= 15 && isIP(text) === 4;
  return text === '-' || isIP(text) !== 0;
}

/** Index of the quote that ends the field; a quote behind an odd number of backslashes belongs to the field. */
function closingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (line.charCodeAt(at - 1 - backslashes) === 92) backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
  return -1;
}

const space = 32;
const dash = 45;

function parseStatusAndSize(line: string, start: number, event: SiagaEvent): number {
  const statusEnd = line.indexOf(' ', start + 1);
  const status = wholeNumber(line, start + 1, statusEnd);
  if (line.charCodeAt(start) !== space || !(status >= 0 && status <= 999)) return -1;
  let end = line.indexOf(' ', statusEnd + 1);
  if (end < 0) end = line.length;
  const isDash = line.charCodeAt(statusEnd + 1) === dash && end === statusEnd + 2;
  const size = isDash ? null : wholeNumber(line, statusEnd + 1, end);
  if (statusEnd < 0 || size === -1) return -1;
  event['http.response.status_code'] = status;
  event['http.response.body.bytes'] = size;
  return end;
}

const maxDigits = 15;

/** The digits between two places as a number; -1 when there are none, too many, or anything else. */
function wholeNumber(line: string, start: number, end: number): number {
  if (end <= start || end - start > maxDigits) return -1;
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = line.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** `GET /path?query HTTP/1.1`. What is no request (a TLS hello on a plain port, say) is kept as the target it claims to be. */
function parseRequest(request: string, event: SiagaEvent): void {
  const methodEnd = request.indexOf(' ');
  const version = request.lastIndexOf(' HTTP/');
  if (methodEnd < 1 || methodEnd > 20 || version < methodEnd) {
    event['url.original'] = request === '' || request === '-' ? null : request;
    return;
  }
  const target = unescape(request.slice(methodEnd + 1, version));
  const query = target.indexOf('?');
  event['http.request.method'] = request.slice(0, methodEnd);
  event['http.version'] = request.slice(version + 6);
  event['url.original'] = target;
  event['url.path'] = query < 0 ? target : target.slice(0, query);
  event['url.query'] = query < 0 ? null : target.slice(query + 1);
}

/** Undoes what servers do to quotes, backslashes and control characters; escapes of other bytes stay as written. */
function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:x([0-7][0-9a-fA-F])|(["\\]))/g, (_whole, hex?: string, char?: string) =>
    hex === undefined ? (char ?? '') : String.fromCharCode(parseInt(hex, 16)),
  );
}

function describe(event: SiagaEvent): void {
  event['event.kind'] = 'event';
  event['event.dataset'] = 'access';
  event['event.category'] = 'web';
  event['event.type'] = 'access';
  event['event.outcome'] = (event['http.response.status_code'] ?? 0) < 400 ? 'success' : 'failure';
}
