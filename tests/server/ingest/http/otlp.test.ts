import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxItems } from '../../../../server/ingest/http/dialect.ts';
import { maxJsonValues } from '../../../../server/ingest/http/json-scan.ts';
import { maxValueDepth } from '../../../../server/ingest/http/otlp-line.ts';
import { maxMessages } from '../../../../server/ingest/http/otlp-protobuf.ts';
import { otlpDialect } from '../../../../server/ingest/http/otlp.ts';
import { anyRequest, fromProtobuf, toProtobuf } from './otlp-messages.ts';

const json = otlpDialect('application/json; charset=utf-8');
const binary = otlpDialect('application/x-protobuf');
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text));
const receipt = { received: 1, stored: 1, unparsed: 0, rejected: [], unparsedLines: [] };

function read(body: Uint8Array<ArrayBuffer> | string | object, dialect = json) {
  const bytes =
    body instanceof Uint8Array ? body : bytesOf(typeof body === 'string' ? body : JSON.stringify(body));
  const result = dialect.read(bytes);
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  return { ...result.value, text: Buffer.from(result.value.bytes).toString() };
}

const requestOf = (...logRecords: unknown[]) => ({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
const line = (logRecord: string) => `{"resource":{"attributes":{}},"scope":{},"logRecord":${logRecord}}\n`;
const nested = (depth: number): object =>
  depth === 0 ? { intValue: '1' } : { arrayValue: { values: [nested(depth - 1)] } };

const example = {
  resourceLogs: [
    {
      resource: {
        attributes: [
          { key: 'service.name', value: { stringValue: 'sipol' } },
          { key: 'process.pid', value: { intValue: '4711' } },
        ],
      },
      schemaUrl: 'https://opentelemetry.io/schemas/1.30.0',
      scopeLogs: [
        {
          scope: { name: 'login', version: '1.0' },
          logRecords: [
            {
              timeUnixNano: '1795416724000000001',
              observedTimeUnixNano: '1795416724000000999',
              severityNumber: 9,
              severityText: 'INFO',
              body: { stringValue: 'masuk\n"budi"' },
              attributes: [
                { key: 'source.address', value: { stringValue: '192.0.2.4' } },
                { key: 'n', value: { intValue: '-9223372036854775808' } },
                { key: 'r', value: { doubleValue: 0.1 } },
                { key: 'b', value: { bytesValue: 'AP8=' } },
                { key: 'l', value: { arrayValue: { values: [{ boolValue: true }, {}] } } },
                { key: 'm', value: { kvlistValue: { values: [{ key: 'x', value: { stringValue: '' } }] } } },
              ],
              traceId: '5B8EFFF798038103D269B633813FC60C',
              spanId: 'eee19b7ec3c1b174',
              flags: 1,
            },
          ],
        },
      ],
    },
  ],
};

describe('a record by OTLP', () => {
  it('is one compact line, the same from JSON and from protobuf', () => {
    const expected =
      '{"resource":{"attributes":{"service.name":"sipol","process.pid":"4711"},"schemaUrl":"https://opentelemetry.io/schemas/1.30.0"},' +
      '"scope":{"name":"login","version":"1.0"},' +
      '"logRecord":{"timeUnixNano":"1795416724000000001","observedTimeUnixNano":"1795416724000000999","severityText":"INFO","severityNumber":9,' +
      '"body":"masuk\\n\\"budi\\"","attributes":{"source.address":"192.0.2.4","n":"-9223372036854775808","r":0.1,"b":"AP8=","l":[true,null],"m":{"x":""}},' +
      '"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","flags":1}}\n';
    expect(read(example).text).toBe(expected);
    expect(read(toProtobuf(example), binary).text).toBe(expected);
    expect(read(`\uFEFF${JSON.stringify(example, null, 2)}\r\n`).text).toBe(expected);
  });

  it('is the same line from both, whatever it says', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const fromJson = read(request);
        expect(read(toProtobuf(request), binary).text).toBe(fromJson.text);
        const lines = fromJson.text.split('\n');
        expect(lines.pop()).toBe('');
        expect(lines).toHaveLength(fromJson.lines);
        for (const each of lines)
          expect(Object.keys(JSON.parse(each) as object)).toEqual(['resource', 'scope', 'logRecord']);
      }),
      { numRuns: 400 },
    );
  });

  it('keeps 64-bit integers exact, also those that JSON brings as numbers', () => {
    const body =
      '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":1795416724000000001,"body":{"intValue":-9223372036854775808},' +
      '"severityText":"1234567890123456789","attributes":[{"key":"n","value":{"intValue":9223372036854775807}},{"key":"s","value":{"intValue":7}}]}]}]}]}';
    expect(read(body).text).toBe(
      line(
        '{"timeUnixNano":"1795416724000000001","severityText":"1234567890123456789","body":"-9223372036854775808","attributes":{"n":"9223372036854775807","s":"7"}}',
      ),
    );
  });

  it.each([
    [{ body: { stringValue: '\ud800' } }, '{"body":"\\ud800"}'],
    [{ body: { stringValue: 'a\0b' } }, '{"body":"a\\u0000b"}'],
    [{ attributes: [{ key: '__proto__', value: { boolValue: true } }] }, '{"attributes":{"__proto__":true}}'],
    [
      {
        attributes: [
          { key: 'a', value: { intValue: 1 } },
          { key: 'a', value: { intValue: 2 } },
        ],
      },
      '{"attributes":{"a":"1","a":"2"}}',
    ],
    [{ timeUnixNano: 0, severityText: '', body: null, attributes: [], traceId: '' }, '{}'],
    [{ timeUnixNano: '0', __proto__x: 1, unknown: { deep: [1] } }, '{}'],
    [{ body: { doubleValue: 'NaN' } }, '{"body":"NaN"}'],
    [{ body: { unknownValue: 1 } }, '{"body":null}'],
    [{ attributes: [{}] }, '{"attributes":{"":null}}'],
    [{ body: { bytesValue: '_-8' } }, '{"body":"/+8="}'],
  ])('%j is taken as it is', (record, expected) => {
    expect(read(requestOf(record)).text).toBe(line(expected));
  });

  it('takes text that is no valid UTF-8 with the replacement character', () => {
    const bytes = toProtobuf(requestOf({ body: { stringValue: 'aXb' } }));
    bytes[bytes.indexOf(88)] = 0xff;
    expect(read(bytes, binary).text).toBe(line('{"body":"a\ufffdb"}'));
  });
});

describe('a value in protobuf', () => {
  it('is what was sent last of it', () => {
    const record = [0x2a, 0x05, 0x0a, 0x01, 0x61, 0x18, 0x07];
    const wrapped = [0x12, record.length, ...record];
    const scope = [0x12, wrapped.length, ...wrapped];
    expect(read(new Uint8Array([0x0a, scope.length, ...scope]), binary).text).toBe(line('{"body":"7"}'));
  });
});

describe('a record that can be no line', () => {
  it.each([
    [7, 'expected a log record'],
    [null, 'expected a log record'],
    [{ timeUnixNano: '-1' }, 'timeUnixNano: expected nanoseconds since 1970'],
    [{ timeUnixNano: 1.5 }, 'timeUnixNano: expected nanoseconds since 1970'],
    [{ body: { intValue: '9223372036854775808' } }, 'intValue: expected 64 bits'],
    [{ body: { intValue: '1e3' } }, 'intValue: expected a whole number'],
    [{ body: { stringValue: 7 } }, 'stringValue: expected text'],
    [{ body: { boolValue: 'yes' } }, 'boolValue: expected true or false'],
    [{ body: { doubleValue: {} } }, 'doubleValue: expected a number'],
    [{ body: { bytesValue: '!' } }, 'bytesValue: expected base64'],
    [{ body: { arrayValue: { values: 7 } } }, 'values: expected a list'],
    [{ attributes: { a: 1 } }, 'attributes: expected a list'],
    [{ attributes: [{ key: 7 }] }, 'an attribute: expected a key that is text'],
    [{ severityNumber: 'INFO' }, 'severityNumber: expected a whole number'],
    [{ traceId: 'xyz' }, 'traceId: expected hexadecimal digits'],
    [{ body: nested(maxValueDepth + 1) }, `expected at most ${maxValueDepth} levels in a value`],
  ])('%j is rejected alone, and the sender is told: %s', (record, reason) => {
    const good = { body: { stringValue: 'good' } };
    const delivery = read(requestOf(good, record, good));
    expect(delivery.text).toBe(line('{"body":"good"}').repeat(2));
    expect(delivery.rejected).toMatchObject([{ line: 2, reason }]);
    expect(delivery.answer(receipt)).toMatchObject({
      status: 200,
      contentType: 'application/json',
      body: JSON.stringify({ partialSuccess: { rejectedLogRecords: '1', errorMessage: reason } }),
    });
  });

  it('is so with all records of a resource or a scope that is none', () => {
    const records = [{}, {}];
    const broken = { attributes: 'none' };
    const body = {
      resourceLogs: [
        { resource: broken, scopeLogs: [{ logRecords: records }] },
        { scopeLogs: [{ scope: broken, logRecords: records }, { logRecords: records }] },
      ],
    };
    expect(read(body)).toMatchObject({
      lines: 2,
      rejected: [{ line: 1 }, { line: 2 }, { line: 3 }, { line: 4 }],
    });
  });

  it('is told in protobuf to a sender of protobuf', () => {
    const delivery = read(toProtobuf(requestOf({}, { body: nested(maxValueDepth + 1) }, {})), binary);
    expect(delivery.lines).toBe(2);
    const reply = delivery.answer(receipt);
    expect([reply.status, reply.contentType]).toEqual([200, 'application/x-protobuf']);
    expect(fromProtobuf('Response', reply.body as Uint8Array)).toEqual({
      partialSuccess: {
        rejectedLogRecords: '1',
        errorMessage: `expected at most ${maxValueDepth} levels in a value`,
      },
    });
  });

  it('may be one that the pipeline rejected', () => {
    const rejected = [{ line: 1, reason: 'no room' }];
    expect(read(requestOf({})).answer({ ...receipt, rejected }).body).toContain('"rejectedLogRecords":"1"');
  });
});

describe('answers', () => {
  it('are empty when all is stored, also of a request without records', () => {
    for (const body of [{}, requestOf(), requestOf({}), { resourceLogs: null }])
      expect(read(body).answer(receipt)).toMatchObject({ status: 200, body: '{}' });
    expect(read(new Uint8Array(), binary).answer(receipt).body).toHaveLength(0);
  });

  it('are a google.rpc.Status in the encoding of the request when nothing is taken', () => {
    const refusal = { code: 'unavailable', message: 'later' } as const;
    expect(json.refuse(refusal)).toEqual({
      status: 503,
      contentType: 'application/json',
      headers: { 'Retry-After': '2' },
      body: '{"code":14,"message":"later"}',
    });
    const reply = binary.refuse(refusal);
    expect([reply.status, reply.contentType]).toEqual([503, 'application/x-protobuf']);
    expect(fromProtobuf('Status', reply.body as Uint8Array)).toEqual({ code: 14, message: 'later' });
    expect(otlpDialect('text/plain').refuse(refusal).contentType).toBe('application/json');
  });
});

describe('a request that is none', () => {
  it.each([
    ['{"resourceLogs":[', 'line 1, column 18: expected a JSON value'],
    ['[]', 'line 1, column 1: expected a JSON object'],
    ['{} {}', 'line 1, column 4: expected nothing more'],
    ['{"resourceLogs":{}}', 'resourceLogs: expected a list'],
    ['{"resourceLogs":[{"scopeLogs":7}]}', 'scopeLogs: expected a list'],
    ['{"resourceLogs":[{"scopeLogs":[{"logRecords":"x"}]}]}', 'logRecords: expected a list'],
    [`{"a":${'['.repeat(10_000)}`, 'levels of nesting'],
    [`{"a":${'{"a":'.repeat(10_000)}`, 'levels of nesting'],
  ])('%.60s is refused', (body, message) => {
    const result = json.read(bytesOf(body));
    expect(result.ok ? 'ok' : `${result.code}: ${result.message}`).toMatch(/^bad-request: /);
    expect(result.ok || result.message).toContain(message);
  });

  it('of another content type is unsupported', () => {
    expect(otlpDialect('application/grpc').read(bytesOf('{}'))).toMatchObject({ code: 'unsupported' });
    expect(otlpDialect('').read(bytesOf('{}'))).toMatchObject({ code: 'unsupported' });
  });

  it('in protobuf is refused or read, but never throws: bytes changed, cut, or made up', () => {
    const good = toProtobuf(example);
    fc.assert(
      fc.property(fc.nat(good.length), fc.nat(4), fc.uint8Array({ maxLength: 4 }), (at, cut, bytes) => {
        const body = new Uint8Array([...good.subarray(0, at), ...bytes, ...good.subarray(at + cut)]);
        const result = binary.read(body);
        expect(result.ok || result.code).toSatisfy((said) => said === true || said === 'bad-request');
      }),
      { numRuns: 3_000 },
    );
    for (let length = 1; length < good.length; length += 1)
      expect(binary.read(good.slice(0, length)).ok).toBe(false);
  });

  it('in protobuf may nest without end', () => {
    let body = Buffer.alloc(0);
    const wrap = (tag: number): void => {
      const length = Buffer.from([(body.length & 0x7f) | 0x80, body.length >> 7]);
      body = Buffer.concat([Buffer.from([tag]), length, body]);
    };
    for (let depth = 0; depth < 1_000; depth += 1) {
      wrap(0x0a);
      wrap(0x2a);
    }
    for (const tag of [0x2a, 0x12, 0x12, 0x0a]) wrap(tag);
    expect(binary.read(new Uint8Array(body))).toMatchObject({ code: 'bad-request' });
    // Groups, which are skipped.
    expect(binary.read(new Uint8Array(Buffer.alloc(10_000, 0xa3))).ok).toBe(false);
  });
});

describe('the bounds of a request', () => {
  it('hold for records', () => {
    const records = (count: number) =>
      bytesOf(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[${'{},'.repeat(count - 1)}{}]}]}]}`);
    expect(read(records(maxItems)).lines).toBe(maxItems);
    expect(json.read(records(maxItems + 1))).toMatchObject({ code: 'too-large' });
  });

  it('hold for lines that many records make of one resource', () => {
    const attributes = [{ key: 'a', value: { stringValue: 'x'.repeat(1_000_000) } }];
    const body = {
      resourceLogs: [
        { resource: { attributes }, scopeLogs: [{ logRecords: Array.from({ length: 10_000 }, () => ({})) }] },
      ],
    };
    expect(json.read(bytesOf(JSON.stringify(body)))).toMatchObject({ code: 'too-large' });
    expect(binary.read(toProtobuf(body))).toMatchObject({ code: 'too-large' });
  });

  it('hold for empty messages and values, of which a small body can have very many', () => {
    const messages = new Uint8Array(2 * (maxMessages + 1));
    for (let at = 0; at < messages.length; at += 2) messages[at] = 0x0a;
    expect(binary.read(messages)).toMatchObject({ code: 'bad-request' });
    const values = bytesOf(`{"resourceLogs":[${'1,'.repeat(maxJsonValues)}1]}`);
    expect(json.read(values)).toMatchObject({ code: 'bad-request' });
  });
});
