import protobuf from 'protobufjs/light.js';
import fc from 'fast-check';

const message = (fields: Record<string, readonly [number, string, 'repeated'?]>, oneof?: string) => ({
  fields: Object.fromEntries(
    Object.entries(fields).map(([name, [id, type, rule]]) => [name, { id, type, ...(rule && { rule }) }]),
  ),
  ...(oneof && { oneofs: { [oneof]: { oneof: Object.keys(fields) } } }),
});

/** opentelemetry-proto 1.x for an encoder that shares nothing with what reads it. */
const root = protobuf.Root.fromJSON({
  nested: {
    Request: message({ resourceLogs: [1, 'ResourceLogs', 'repeated'] }),
    ResourceLogs: message({
      resource: [1, 'Resource'],
      scopeLogs: [2, 'ScopeLogs', 'repeated'],
      schemaUrl: [3, 'string'],
      unknownText: [77, 'string'],
    }),
    Resource: message({ attributes: [1, 'KeyValue', 'repeated'], droppedAttributesCount: [2, 'uint32'] }),
    ScopeLogs: message({
      scope: [1, 'Scope'],
      logRecords: [2, 'LogRecord', 'repeated'],
      schemaUrl: [3, 'string'],
    }),
    Scope: message({ name: [1, 'string'], version: [2, 'string'], attributes: [3, 'KeyValue', 'repeated'] }),
    LogRecord: message({
      timeUnixNano: [1, 'fixed64'],
      severityNumber: [2, 'int32'],
      severityText: [3, 'string'],
      body: [5, 'AnyValue'],
      attributes: [6, 'KeyValue', 'repeated'],
      droppedAttributesCount: [7, 'uint32'],
      flags: [8, 'fixed32'],
      traceId: [9, 'bytes'],
      spanId: [10, 'bytes'],
      observedTimeUnixNano: [11, 'fixed64'],
      eventName: [12, 'string'],
      unknownNumber: [500, 'fixed64'],
      unknownRecord: [501, 'LogRecord'],
    }),
    KeyValue: message({ key: [1, 'string'], value: [2, 'AnyValue'] }),
    AnyValue: message(
      {
        stringValue: [1, 'string'],
        boolValue: [2, 'bool'],
        intValue: [3, 'int64'],
        doubleValue: [4, 'double'],
        arrayValue: [5, 'ArrayValue'],
        kvlistValue: [6, 'KvList'],
        bytesValue: [7, 'bytes'],
      },
      'value',
    ),
    ArrayValue: message({ values: [1, 'AnyValue', 'repeated'] }),
    KvList: message({ values: [1, 'KeyValue', 'repeated'] }),
    Response: message({ partialSuccess: [1, 'PartialSuccess'] }),
    PartialSuccess: message({ rejectedLogRecords: [1, 'int64'], errorMessage: [2, 'string'] }),
    Status: message({ code: [1, 'int32'], message: [2, 'string'] }),
  },
});

/** What a request in OTLP/JSON is in protobuf: ids are hexadecimal text there and bytes here. */
export function toProtobuf(request: object): Uint8Array<ArrayBuffer> {
  const type = root.lookupType('Request');
  const plain = JSON.parse(JSON.stringify(request), (key, value: unknown) => {
    if ((key === 'traceId' || key === 'spanId') && typeof value === 'string')
      return Buffer.from(value, 'hex').toString('base64');
    return key === 'doubleValue' && typeof value === 'string' ? Number(value) : value;
  }) as Record<string, unknown>;
  return new Uint8Array(type.encode(type.fromObject(plain)).finish());
}

/** An answer in protobuf, as OTLP/JSON has it. */
export function fromProtobuf(name: 'Response' | 'Status', bytes: Uint8Array): unknown {
  const type = root.lookupType(name);
  return type.toObject(type.decode(bytes), { longs: String });
}

const text = fc.string({ unit: fc.constantFrom(...Array.from('aZ09 ."\\\n\r\0\u2028é😀')), maxLength: 8 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const nanos = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((id) => Buffer.from(id).toString('hex'));
const double = fc
  .double()
  .map((value) => (Number.isFinite(value) ? value : String(value)))
  .map((value) => (Object.is(value, -0) ? 0 : value));

const { any } = fc.letrec<{ any: object; attribute: object }>((tie) => ({
  attribute: fc.record({ key: fc.oneof(text, fc.constant('__proto__')), value: tie('any') }),
  any: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.record({ stringValue: text }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ intValue: int64 }),
    fc.record({ doubleValue: double }),
    fc.record({ bytesValue: fc.uint8Array({ maxLength: 9 }).map((b) => Buffer.from(b).toString('base64')) }),
    fc.constant({}),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie('any'), { maxLength: 3 }) }) }),
    fc.record({ kvlistValue: fc.record({ values: fc.array(tie('attribute'), { maxLength: 3 }) }) }),
  ),
}));
const attributes = fc.array(fc.record({ key: text, value: any }), { maxLength: 3 });
const optional = { requiredKeys: [] };

const logRecord = fc.record(
  {
    timeUnixNano: nanos,
    observedTimeUnixNano: nanos,
    severityNumber: fc.nat(24),
    severityText: text,
    eventName: text,
    body: any,
    attributes,
    traceId: hex(16),
    spanId: hex(8),
    flags: fc.nat(),
    droppedAttributesCount: fc.nat(),
    unknownNumber: nanos,
    unknownRecord: fc.record({ severityText: text }),
  },
  optional,
);
const scopeLogs = fc.record(
  {
    scope: fc.record({ name: text, version: text, attributes }, optional),
    logRecords: fc.array(logRecord, { maxLength: 3 }),
    schemaUrl: text,
  },
  optional,
);

/** Any request with records in it, in OTLP/JSON. */
export const anyRequest = fc.record({
  resourceLogs: fc.array(
    fc.record(
      {
        resource: fc.record({ attributes, droppedAttributesCount: fc.nat() }, optional),
        scopeLogs: fc.array(scopeLogs, { maxLength: 2 }),
        schemaUrl: text,
        unknownText: text,
      },
      optional,
    ),
    { maxLength: 3 },
  ),
});
