import protobuf from 'protobufjs/minimal.js';

/** Messages in one request, so that a body of empty ones has a bound. */
export const maxMessages = 4_000_000;
/** Deepest nesting of messages, the limit of protobuf's own readers. */
export const maxMessageDepth = 100;

type Scalar = 'string' | 'bool' | 'int64' | 'double' | 'bytes' | 'fixed64' | 'fixed32' | 'uint32' | 'int32';
type Field = readonly [name: string, type: Scalar | MessageName, repeated?: 'repeated'];
type MessageName = keyof typeof messages;

/**
 * The messages of OTLP logs by field number (opentelemetry-proto 1.x: collector/logs/v1, logs/v1, resource/v1, common/v1),
 * under the names of OTLP/JSON. Fields that are not here are skipped.
 */
const messages = {
  ExportLogsServiceRequest: { 1: ['resourceLogs', 'ResourceLogs', 'repeated'] },
  ResourceLogs: {
    1: ['resource', 'Resource'],
    2: ['scopeLogs', 'ScopeLogs', 'repeated'],
    3: ['schemaUrl', 'string'],
  },
  Resource: { 1: ['attributes', 'KeyValue', 'repeated'], 2: ['droppedAttributesCount', 'uint32'] },
  ScopeLogs: {
    1: ['scope', 'InstrumentationScope'],
    2: ['logRecords', 'LogRecord', 'repeated'],
    3: ['schemaUrl', 'string'],
  },
  InstrumentationScope: {
    1: ['name', 'string'],
    2: ['version', 'string'],
    3: ['attributes', 'KeyValue', 'repeated'],
    4: ['droppedAttributesCount', 'uint32'],
  },
  LogRecord: {
    1: ['timeUnixNano', 'fixed64'],
    2: ['severityNumber', 'int32'],
    3: ['severityText', 'string'],
    5: ['body', 'AnyValue'],
    6: ['attributes', 'KeyValue', 'repeated'],
    7: ['droppedAttributesCount', 'uint32'],
    8: ['flags', 'fixed32'],
    9: ['traceId', 'bytes'],
    10: ['spanId', 'bytes'],
    11: ['observedTimeUnixNano', 'fixed64'],
    12: ['eventName', 'string'],
  },
  KeyValue: { 1: ['key', 'string'], 2: ['value', 'AnyValue'] },
  AnyValue: {
    1: ['stringValue', 'string'],
    2: ['boolValue', 'bool'],
    3: ['intValue', 'int64'],
    4: ['doubleValue', 'double'],
    5: ['arrayValue', 'ArrayValue'],
    6: ['kvlistValue', 'KeyValueList'],
    7: ['bytesValue', 'bytes'],
  },
  ArrayValue: { 1: ['values', 'AnyValue', 'repeated'] },
  KeyValueList: { 1: ['values', 'KeyValue', 'repeated'] },
} as const satisfies Record<string, Record<number, readonly [string, string, 'repeated'?]>>;

/** 64 bits as the reader gives them: a number can't hold them. */
interface Whole {
  toString(): string;
}

const varint = 0;
const fixed64 = 1;
const delimited = 2;
const fixed32 = 5;

interface ScalarReader {
  readonly wire: number;
  readonly read: (reader: protobuf.Reader) => unknown;
}

const scalars: Record<Scalar, ScalarReader> = {
  string: { wire: delimited, read: (reader) => reader.string() },
  bool: { wire: varint, read: (reader) => reader.bool() },
  // Decimal text, as in OTLP/JSON.
  int64: { wire: varint, read: (reader) => (reader.int64() as Whole).toString() },
  double: { wire: fixed64, read: (reader) => reader.double() },
  bytes: { wire: delimited, read: (reader) => reader.bytes() },
  fixed64: { wire: fixed64, read: readFixed64 },
  fixed32: { wire: fixed32, read: (reader) => reader.fixed32() },
  uint32: { wire: varint, read: (reader) => reader.uint32() },
  int32: { wire: varint, read: (reader) => reader.int32() },
};

function readFixed64(reader: protobuf.Reader): string {
  const low = reader.fixed32();
  return ((BigInt(reader.fixed32()) << 32n) | BigInt(low)).toString();
}

const isMessage = (type: Scalar | MessageName): type is MessageName => Object.hasOwn(messages, type);

const fieldsOf: ReadonlyMap<string, ReadonlyMap<number, Field>> = new Map(
  Object.entries(messages).map(([name, fields]) => [
    name,
    new Map(Object.entries(fields).map(([number, field]) => [Number(number), field as Field])),
  ]),
);

/** A message in the shape of OTLP/JSON, but bytes are bytes; a field that was not sent is not there. */
export type Message = Record<string, unknown>;

/** Reads an `ExportLogsServiceRequest`; throws when it is none, or too large for the limits. */
export function decodeRequest(body: Uint8Array): Message {
  const reader = protobuf.Reader.create(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  const budget = { messages: maxMessages };
  return decode(reader, body.length, { name: 'ExportLogsServiceRequest', depth: 0, budget });
}

interface Place {
  readonly name: MessageName;
  readonly depth: number;
  readonly budget: { messages: number };
}

function decode(reader: protobuf.Reader, end: number, { name, depth, budget }: Place): Message {
  budget.messages -= 1;
  if (budget.messages < 0) throw new RangeError(`expected at most ${maxMessages} messages`);
  if (depth > maxMessageDepth) throw new RangeError(`expected at most ${maxMessageDepth} levels of nesting`);
  let message: Message = {};
  while (reader.pos < end) {
    const tag = reader.uint32();
    const field = fieldsOf.get(name)?.get(tag >>> 3);
    const wire = tag & 7;
    if (!field || wire !== wireOf(field[1])) {
      reader.skipType(wire);
      continue;
    }
    const [key, type, repeated] = field;
    const value = isMessage(type)
      ? decode(reader, endOf(reader, end), { name: type, depth: depth + 1, budget })
      : scalars[type].read(reader);
    // Of a oneof only what was sent last counts.
    if (name === 'AnyValue') message = { [key]: value };
    else if (repeated) ((message[key] ??= []) as unknown[]).push(value);
    else message[key] = value;
  }
  if (reader.pos !== end) throw new RangeError('a field is longer than its message');
  return message;
}

const wireOf = (type: Scalar | MessageName): number => (isMessage(type) ? delimited : scalars[type].wire);

function endOf(reader: protobuf.Reader, outerEnd: number): number {
  const end = reader.uint32() + reader.pos;
  if (end > outerEnd) throw new RangeError('a message is longer than the one around it');
  return end;
}

/** An `ExportLogsServiceResponse`; empty when nothing was rejected. */
export function encodeResponse(rejected: number, message: string): Uint8Array {
  const writer = protobuf.Writer.create();
  if (rejected > 0)
    writer.uint32(0x0a).fork().uint32(0x08).int64(rejected).uint32(0x12).string(message).ldelim();
  return writer.finish();
}

/** A `google.rpc.Status`. */
export function encodeStatus(code: number, message: string): Uint8Array {
  return protobuf.Writer.create().uint32(0x08).int32(code).uint32(0x12).string(message).finish();
}
