import { fail, ok, type Result } from '../../../shared/result.ts';
import { maxItems, refusalHeaders, statusOf, type Delivery, type Dialect, type Reply } from './dialect.ts';
import { endOfValue, itemsOf, JsonFault, skipSpace, tellFault, textStart } from './json-scan.ts';

type Read = Result<Delivery, 'bad-request' | 'too-large'>;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;

/**
 * Siaga's own dialect: lines or NDJSON, taken bit for bit. Sent as `application/json`, an array is one line an item and an
 * object over several lines is one line; their bytes stay as they are, but line breaks between tokens become spaces.
 */
export function linesDialect(contentType: string): Dialect {
  const isJson = /^application\/json\s*(;|$)/i.test(contentType);
  return {
    name: 'lines',
    read: (body) => (isJson ? readJson(body) : plain(body)),
    refuse: ({ code, message }) => json(statusOf[code], { error: { code, message } }, refusalHeaders(code)),
  };
}

function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return { status, contentType: 'application/json; charset=utf-8', headers, body: JSON.stringify(value) };
}

const delivery = (bytes: Uint8Array<ArrayBuffer>, lines: number): Read =>
  lines > maxItems
    ? fail('too-large', `expected at most ${maxItems} lines`)
    : ok({ bytes, lines, rejected: [], repeatable: false, answer: (receipt) => json(200, receipt) });

function plain(body: Uint8Array<ArrayBuffer>): Read {
  return delivery(body, countLines(body));
}

/** How many lines are not empty. */
function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let start = 0; start < bytes.length;) {
    const feed = bytes.indexOf(lineFeed, start);
    const next = feed < 0 ? bytes.length : feed;
    const end = bytes[next - 1] === carriageReturn ? next - 1 : next;
    if (end > start) count += 1;
    start = next + 1;
  }
  return count;
}

function readJson(body: Uint8Array<ArrayBuffer>): Read {
  const start = skipSpace(body, textStart(body));
  if (body[start] === 0x5b) return readArray(body, start);
  const end = body[start] === 0x7b ? endOfOnlyValue(body, start) : -1;
  return end < 0 ? plain(body) : delivery(joined(body, [[start, end]]), 1);
}

function readArray(body: Uint8Array<ArrayBuffer>, start: number): Read {
  const items: (readonly [number, number])[] = [];
  try {
    for (const item of itemsOf(body, start)) {
      items.push(item);
      if (items.length > maxItems) break;
    }
  } catch (error) {
    if (error instanceof JsonFault) return fail('bad-request', tellFault(body, error));
    throw error;
  }
  return delivery(items.length > maxItems ? body : joined(body, items), items.length);
}

/** Where the one JSON value ends that the body holds; -1 when it is none, or more follows, as in NDJSON. */
function endOfOnlyValue(body: Uint8Array, start: number): number {
  try {
    const end = endOfValue(body, start);
    return skipSpace(body, end) === body.length ? end : -1;
  } catch {
    return -1;
  }
}

/** Each item as one line. In valid JSON a raw line break can only stand between tokens, so a space does as well. */
function joined(
  body: Uint8Array<ArrayBuffer>,
  items: readonly (readonly [number, number])[],
): Uint8Array<ArrayBuffer> {
  const size = items.reduce((sum, [start, end]) => sum + end - start + 1, 0);
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const [start, end] of items) {
    bytes.set(body.subarray(start, end), at);
    blank(bytes, at, at + end - start);
    at += end - start;
    bytes[at] = lineFeed;
    at += 1;
  }
  return bytes;
}

function blank(bytes: Uint8Array, start: number, end: number): void {
  const item = bytes.subarray(start, end);
  if (!item.includes(lineFeed) && !item.includes(carriageReturn)) return;
  for (let at = start; at < end; at += 1)
    if (bytes[at] === lineFeed || bytes[at] === carriageReturn) bytes[at] = space;
}
