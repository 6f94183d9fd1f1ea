import type { SiagaEvent } from '../../../shared/event/fields.ts';
import { hostOf, isDottedQuad, isHostName, peerAddress } from './address.ts';
import { parseIsoTime } from './iso-time.ts';
import { parseLogTime } from './log-time.ts';
import type { ParseContext } from './parser.ts';
import { describeRequest, parseRequest, unescape } from './request-line.ts';
import { closingQuote, isBareDash, isQuoted, wholeNumber } from './scan.ts';

const comma = 44;
const dash = 45;
const space = 32;

/**
 * The head that access formats share (NCSA httpd log format): address, identity, user, time, request, status, size, from
 * `start` on. Fills `event` and returns where the head ends, or why the line isn't one.
 */
export function parseAccessHead(
  line: string,
  event: SiagaEvent,
  context: ParseContext,
  start = 0,
): number | string {
  let addressEnd = line.indexOf(' ', start);
  if (line.charCodeAt(addressEnd - 1) === comma) addressEnd = listEnd(line, addressEnd);
  const identityEnd = line.indexOf(' ', addressEnd + 1);
  // The time's bracket is the last one before the request: a user name may hold one too, and any client may choose it.
  const timeEnd = line.indexOf('] "', identityEnd + 1);
  const userEnd = line.lastIndexOf(' [', timeEnd);
  if (addressEnd <= start || identityEnd < 0 || userEnd <= identityEnd || timeEnd < 0)
    return 'expected "address identity user [time] "request""';
  const problem = setClient(line, start, addressEnd, event);
  if (problem !== null) return problem;
  const stamp = line.slice(userEnd + 2, timeEnd);
  const time = parseLogTime(stamp, context.zone) ?? parseIsoTime(stamp, context.zone);
  if (time === null) return 'expected a time like [23/Nov/2026:13:52:04 +0700]';
  const requestEnd = closingQuote(line, timeEnd + 3);
  if (requestEnd < 0) return 'the quote of the request does not end';
  const sizeEnd = parseStatusAndSize(line, requestEnd + 1, event);
  if (sizeEnd < 0) return 'expected status and size after the request';
  event['@timestamp'] = time;
  event['user.name'] = userOf(line.slice(identityEnd + 1, userEnd));
  parseRequest(line.slice(timeEnd + 3, requestEnd), event);
  describeRequest(event);
  return sizeEnd;
}

const userOf = (text: string): string | null => (text === '-' || text === '""' ? null : unescape(text));

/** Referrer and user agent behind the size, in quotes or `-`: where they end; -1 when they aren't there. */
export function parseReferrerAndAgent(line: string, start: number, event: SiagaEvent): number {
  const referrerEnd = textEnd(line, start);
  const agentEnd = referrerEnd < 0 ? -1 : textEnd(line, referrerEnd);
  if (agentEnd < 0) return -1;
  event['http.request.referrer'] = textAt(line, start, referrerEnd);
  event['user_agent.original'] = textAt(line, referrerEnd, agentEnd);
  return agentEnd;
}

/** Addresses that a client's field may list; what is longer is no list. */
const maxListed = 50;

/** Where a list `203.0.113.9, 198.51.100.1` ends whose first address ends at `first`. */
function listEnd(line: string, first: number): number {
  let end = first;
  for (let listed = 1; line.charCodeAt(end - 1) === comma && listed < maxListed; listed += 1)
    end = line.indexOf(' ', end + 1);
  return end;
}

function setClient(line: string, start: number, end: number, event: SiagaEvent): string | null {
  const client = line.slice(start, end);
  const hasIdentity = line.charCodeAt(end + 1) !== dash || line.charCodeAt(end + 2) !== space;
  if (hasIdentity || !isDottedQuad(client)) return setOddClient(client, line.slice(end + 1), event);
  event['source.ip'] = client;
  return null;
}

/** A client that is a list, has a port, or is no IPv4 address; or an identity that says something. `rest` begins with the identity. */
function setOddClient(client: string, rest: string, event: SiagaEvent): string | null {
  const identity = rest.slice(0, rest.indexOf(' '));
  if (rest.startsWith('- ', identity.length + 1) && typeof peerAddress(identity) === 'string')
    return 'expected no host before the address';
  // Of a list the last one is the peer of the nearest proxy; what comes before it is what that peer claims.
  const before = client.lastIndexOf(', ');
  const address = peerAddress(client.slice(before < 0 ? 0 : before + 2));
  if (address === undefined && (before >= 0 || identity !== '-' || !isHostName(client)))
    return 'expected an IP address at the start';
  event['source.ip'] = address ?? null;
  if (before >= 0) event['siaga.forwarded_for'] = client.slice(0, before);
  // lighttpd writes the host that was asked for in the place of the identity, which nobody uses.
  if (identity.includes('.') || identity.includes(':')) event['url.domain'] = hostOf(identity);
  return null;
}

function parseStatusAndSize(line: string, start: number, event: SiagaEvent): number {
  const statusEnd = line.indexOf(' ', start + 1);
  let status: number | null = wholeNumber(line, start + 1, statusEnd);
  if (status < 0 && isBareDash(line, start)) status = null;
  if (
    line.charCodeAt(start) !== space ||
    statusEnd < 0 ||
    (status !== null && !(status >= 0 && status <= 999))
  )
    return -1;
  let end = line.indexOf(' ', statusEnd + 1);
  if (end < 0) end = line.length;
  let size: number | null = wholeNumber(line, statusEnd + 1, end);
  if (size < 0 && isBareDash(line, statusEnd)) size = null;
  if (size === -1) return -1;
  event['http.response.status_code'] = status;
  event['http.response.body.bytes'] = size;
  return end;
}

function textEnd(line: string, start: number): number {
  if (!isQuoted(line, start)) return isBareDash(line, start) ? start + 2 : -1;
  return closingQuote(line, start + 2) + 1 || -1;
}

/** What stands between the quotes; `null` of nothing and of `-`. */
function textAt(line: string, start: number, end: number): string | null {
  const value = line.slice(start + 2, end - 1);
  return value === '-' || value === '' ? null : unescape(value);
}
