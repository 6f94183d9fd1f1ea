/** Deepest nesting of JSON in a request. */
export const maxJsonDepth = 100;
/** Values in one JSON value, so that what is made of them has a bound. */
export const maxJsonValues = 4_000_000;

/** Where JSON stops being JSON, a byte offset, and what should stand there. */
export class JsonFault extends Error {
  readonly at: number;
  readonly expected: string;
  constructor(at: number, expected: string) {
    super(`expected ${expected}`);
    this.at = at;
    this.expected = expected;
  }
}

/** Told of each number: its first byte and the one after its last. */
export type OnNumber = (start: number, end: number) => void;

const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= zero && byte <= 0x39;
const isHex = (byte: number | undefined): boolean =>
  isDigit(byte) || (byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);

/** Bytes that may follow a backslash, but `u`: `"\/bfnrt`. */
const escapes = new Set(Buffer.from('"\\/bfnrt'));
const literals = new Map(['true', 'false', 'null'].map((word) => [word.charCodeAt(0), Buffer.from(word)]));

/** The first place from `at` that holds no JSON white space. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  let place = at;
  while (isSpace(bytes[place])) place += 1;
  return place;
}

/**
 * Where the JSON value (RFC 8259) ends that starts at `start`, read without making anything of it; throws a `JsonFault`.
 * Accepts what `JSON.parse` accepts, up to `maxJsonDepth` levels and `maxJsonValues` values. Uses no recursion.
 */
export function endOfValue(bytes: Uint8Array, start: number, onNumber?: OnNumber): number {
  const open = new Uint8Array(maxJsonDepth);
  let depth = 0;
  let at = start;
  for (let values = 0; values < maxJsonValues; values += 1) {
    at = skipSpace(bytes, at);
    const byte = bytes[at];
    if (byte === openBrace || byte === openBracket) {
      if (depth === maxJsonDepth) throw new JsonFault(at, `at most ${maxJsonDepth} levels of nesting`);
      open[depth] = byte;
      depth += 1;
      at = skipSpace(bytes, at + 1);
      if (bytes[at] !== byte + 2) {
        if (byte === openBrace) at = endOfName(bytes, at);
        continue;
      }
    } else at = endOfScalar(bytes, at, onNumber);
    ({ at, depth } = closed(bytes, at, { open, depth }));
    if (depth === 0) return at;
  }
  throw new JsonFault(at, `at most ${maxJsonValues} values`);
}

/** Goes over the closing brackets after a value, and over a comma with the name after it. */
function closed(
  bytes: Uint8Array,
  from: number,
  nesting: { open: Uint8Array; depth: number },
): { at: number; depth: number } {
  let at = from;
  let { depth } = nesting;
  while (depth > 0) {
    at = skipSpace(bytes, at);
    const close = (nesting.open[depth - 1] ?? 0) + 2;
    if (bytes[at] === comma) {
      at = skipSpace(bytes, at + 1);
      return { at: close === closeBrace ? endOfName(bytes, at) : at, depth };
    }
    if (bytes[at] !== close) throw new JsonFault(at, `"," or "${String.fromCharCode(close)}"`);
    at += 1;
    depth -= 1;
  }
  return { at, depth };
}

function endOfName(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== quote) throw new JsonFault(at, 'a name in double quotes');
  const end = skipSpace(bytes, endOfString(bytes, at));
  if (bytes[end] !== colon) throw new JsonFault(end, '":"');
  return end + 1;
}

function endOfScalar(bytes: Uint8Array, at: number, onNumber: OnNumber | undefined): number {
  const byte = bytes[at];
  if (byte === quote) return endOfString(bytes, at);
  if (byte === minus || isDigit(byte)) {
    const end = endOfNumber(bytes, at);
    onNumber?.(at, end);
    return end;
  }
  const word = literals.get(byte ?? 0);
  if (word?.every((letter, index) => bytes[at + index] === letter)) return at + word.length;
  throw new JsonFault(at, 'a JSON value');
}

function endOfString(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === quote) return at + 1;
    if (byte < 0x20) throw new JsonFault(at, 'no control character in a string');
    if (byte === backslash) at = endOfEscape(bytes, at + 1);
  }
  throw new JsonFault(bytes.length, 'the closing quote of a string');
}

/** The last byte of the escape whose letter is at `at`. */
function endOfEscape(bytes: Uint8Array, at: number): number {
  if (bytes[at] === 0x75) {
    for (let digit = at + 1; digit <= at + 4; digit += 1)
      if (!isHex(bytes[digit])) throw new JsonFault(digit, 'four hexadecimal digits');
    return at + 4;
  }
  if (!escapes.has(bytes[at] ?? 0)) throw new JsonFault(at, 'an escape of JSON');
  return at;
}

function endOfNumber(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === minus ? start + 1 : start;
  at = bytes[at] === zero ? at + 1 : endOfDigits(bytes, at);
  if (bytes[at] === point) at = endOfDigits(bytes, at + 1);
  if (((bytes[at] ?? 0) | 0x20) !== 0x65) return at;
  const sign = bytes[at + 1];
  return endOfDigits(bytes, sign === minus || sign === 0x2b ? at + 2 : at + 1);
}

function endOfDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  while (isDigit(bytes[at])) at += 1;
  if (at === start) throw new JsonFault(at, 'a digit');
  return at;
}

/** Says where and what: `line 2, column 14: expected "," or "]"`; lines and characters are counted from 1. */
export function tellFault(bytes: Uint8Array, { at, expected }: JsonFault): string {
  const before = Buffer.from(bytes.buffer, bytes.byteOffset, at);
  let line = 1;
  let lineStart = 0;
  for (let feed = before.indexOf(10); feed >= 0; feed = before.indexOf(10, lineStart)) {
    line += 1;
    lineStart = feed + 1;
  }
  const column = before.toString('utf8', lineStart).length + 1;
  return `line ${line}, column ${column}: expected ${expected}`;
}

/** Each item of the JSON array at `start` as its first byte and the one after its last; throws a `JsonFault`, also for what follows the array. */
export function* itemsOf(bytes: Uint8Array, start: number): Generator<readonly [number, number]> {
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === closeBracket) return expectEnd(bytes, at + 1);
  for (;;) {
    const end = endOfValue(bytes, at);
    yield [at, end];
    at = skipSpace(bytes, end);
    if (bytes[at] === closeBracket) return expectEnd(bytes, at + 1);
    if (bytes[at] !== comma) throw new JsonFault(at, '"," or "]"');
    at = skipSpace(bytes, at + 1);
  }
}

/** Throws a `JsonFault` unless only white space follows. */
export function expectEnd(bytes: Uint8Array, from: number): void {
  const at = skipSpace(bytes, from);
  if (at < bytes.length) throw new JsonFault(at, 'nothing more');
}

/** Where the text begins: after a byte order mark, when there is one. */
export const textStart = (bytes: Uint8Array): number =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
