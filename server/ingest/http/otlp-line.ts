import type { Message } from './otlp-protobuf.ts';

/** Deepest nesting of an attribute's value or of a body. */
export const maxValueDepth = 16;

/** Why a record can't become a line. */
export class RecordFault extends Error {}

/** A field that was sent and is not `null`; also of objects that were made by a stranger. */
export function fieldOf(message: unknown, name: string): unknown {
  return typeof message === 'object' && message !== null && Object.hasOwn(message, name)
    ? ((message as Message)[name] ?? undefined)
    : undefined;
}

/** `{"attributes":{…}}` of a resource, with its schema when it has one. */
export function resourceText(resource: unknown, schemaUrl: unknown): string {
  return objectText([
    ['attributes', attributesText(fieldOf(resource, 'attributes'))],
    ...counted(resource),
    ['schemaUrl', text(schemaUrl, 'schemaUrl')],
  ]);
}

/** The scope that made the records: name, version, attributes, schema; empty fields are left out. */
export function scopeText(scope: unknown, schemaUrl: unknown): string {
  const attributes = attributesText(fieldOf(scope, 'attributes'));
  return objectText([
    ['name', textIn(scope, 'name')],
    ['version', textIn(scope, 'version')],
    ['attributes', attributes === '{}' ? null : attributes],
    ...counted(scope),
    ['schemaUrl', text(schemaUrl, 'schemaUrl')],
  ]);
}

/**
 * One record as a JSON object under the names of OTLP/JSON, but attributes are an object, bodies and values are plain JSON,
 * 64-bit integers exact decimal text, bytes base64. Empty fields are left out. Throws a `RecordFault`.
 */
export function recordText(record: unknown): string {
  if (typeof record !== 'object' || record === null || Array.isArray(record))
    throw new RecordFault('expected a log record');
  const attributes = attributesText(fieldOf(record, 'attributes'));
  const body = fieldOf(record, 'body');
  return objectText([
    ['timeUnixNano', time(record, 'timeUnixNano')],
    ['observedTimeUnixNano', time(record, 'observedTimeUnixNano')],
    ['severityText', textIn(record, 'severityText')],
    ['severityNumber', count(record, 'severityNumber')],
    ['eventName', textIn(record, 'eventName')],
    ['body', body === undefined ? null : valueText(body, 0)],
    ['attributes', attributes === '{}' ? null : attributes],
    ['traceId', id(record, 'traceId')],
    ['spanId', id(record, 'spanId')],
    ['flags', count(record, 'flags')],
    ...counted(record),
  ]);
}

type Entry = readonly [name: string, json: string | null];

function objectText(entries: readonly Entry[]): string {
  const sent = entries.filter(([, json]) => json !== null);
  return `{${sent.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`;
}

const counted = (message: unknown): Entry[] => [
  ['droppedAttributesCount', count(message, 'droppedAttributesCount')],
];

/** Attributes in the order they were sent; a name that was sent twice stands there twice. */
function attributesText(attributes: unknown, depth = 0): string {
  if (attributes === undefined) return '{}';
  if (!Array.isArray(attributes)) throw new RecordFault('attributes: expected a list');
  return objectText(
    attributes.map((attribute): Entry => {
      const key = fieldOf(attribute, 'key') ?? '';
      if (typeof key !== 'string') throw new RecordFault('an attribute: expected a key that is text');
      return [key, valueText(fieldOf(attribute, 'value'), depth)];
    }),
  );
}

type ValueReader = (value: unknown, depth: number) => string;

const valueReaders: Record<string, ValueReader> = {
  stringValue: (value) =>
    JSON.stringify(expect(value, typeof value === 'string', 'stringValue: expected text')),
  boolValue: (value) =>
    String(expect(value, typeof value === 'boolean', 'boolValue: expected true or false')),
  intValue: (value) => JSON.stringify(wholeText(value, 'intValue')),
  doubleValue: doubleText,
  arrayValue: (value, depth) =>
    `[${list(value)
      .map((item) => valueText(item, depth + 1))
      .join(',')}]`,
  kvlistValue: (value, depth) => attributesText(list(value), depth + 1),
  bytesValue: (value) => JSON.stringify(base64(value)),
};

function valueText(any: unknown, depth: number): string {
  if (depth > maxValueDepth) throw new RecordFault(`expected at most ${maxValueDepth} levels in a value`);
  if (any === undefined || any === null) return 'null';
  for (const [kind, read] of Object.entries(valueReaders)) {
    const value = fieldOf(any, kind);
    if (value !== undefined) return read(value, depth);
  }
  return 'null';
}

function expect(value: unknown, isGood: boolean, message: string): unknown {
  if (!isGood) throw new RecordFault(message);
  return value;
}

function list(value: unknown): unknown[] {
  const values = fieldOf(value, 'values') ?? [];
  return expect(values, Array.isArray(values), 'values: expected a list') as unknown[];
}

const longest = { least: -(2n ** 63n), most: 2n ** 63n - 1n };

function wholeText(value: unknown, name: string): string {
  const digits = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof digits !== 'string' || !/^-?\d{1,19}$/.test(digits))
    throw new RecordFault(`${name}: expected a whole number`);
  const whole = BigInt(digits);
  if (whole < longest.least || whole > longest.most) throw new RecordFault(`${name}: expected 64 bits`);
  return whole.toString();
}

const words = new Set<unknown>(['NaN', 'Infinity', '-Infinity']);

function doubleText(value: unknown): string {
  if (words.has(value)) return JSON.stringify(value);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number') throw new RecordFault('doubleValue: expected a number');
  return Number.isFinite(number) ? JSON.stringify(number) : JSON.stringify(String(number));
}

function base64(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value !== 'string' || !/^[\w+/-]*={0,2}$/.test(value))
    throw new RecordFault('bytesValue: expected base64');
  return Buffer.from(value, 'base64').toString('base64');
}

function text(value: unknown, name: string): string | null {
  if (value === undefined || value === null || value === '') return null;
  return JSON.stringify(expect(value, typeof value === 'string', `${name}: expected text`));
}

const textIn = (message: unknown, name: string): string | null => text(fieldOf(message, name), name);

function time(record: unknown, name: string): string | null {
  const value = fieldOf(record, name);
  if (value === undefined || value === 0) return null;
  const digits = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof digits !== 'string' || !/^\d{1,20}$/.test(digits))
    throw new RecordFault(`${name}: expected nanoseconds since 1970`);
  const whole = BigInt(digits).toString();
  return whole === '0' ? null : JSON.stringify(whole);
}

function count(message: unknown, name: string): string | null {
  const value = fieldOf(message, name);
  if (value === undefined || value === 0) return null;
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number))
    throw new RecordFault(`${name}: expected a whole number`);
  return number === 0 ? null : String(number);
}

/** Ids are bytes in protobuf and hexadecimal text in OTLP/JSON, not base64. */
function id(record: unknown, name: string): string | null {
  const value = fieldOf(record, name);
  const hex = value instanceof Uint8Array ? Buffer.from(value).toString('hex') : (value ?? '');
  if (typeof hex !== 'string' || hex.length > 64 || !/^[0-9a-f]*$/i.test(hex))
    throw new RecordFault(`${name}: expected hexadecimal digits`);
  return hex === '' ? null : JSON.stringify(hex.toLowerCase());
}
