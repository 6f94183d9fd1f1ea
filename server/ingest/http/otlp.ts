import { fail, ok, type Result } from '../../../shared/result.ts';
import {
  maxItems,
  refusalHeaders,
  statusOf,
  type Delivery,
  type Dialect,
  type IngestCode,
  type Rejection,
  type Reply,
} from './dialect.ts';
import { maxSampleLength } from '../source.ts';
import { maxInflatedBytes } from './inflate.ts';
import { endOfValue, expectEnd, JsonFault, skipSpace, tellFault, textStart } from './json-scan.ts';
import { fieldOf, RecordFault, recordText, resourceText, scopeText } from './otlp-line.ts';
import { decodeRequest, encodeResponse, encodeStatus } from './otlp-protobuf.ts';

type Encoding = 'json' | 'protobuf';
type Read = Result<Delivery, 'bad-request' | 'unsupported' | 'too-large'>;

/** The body doesn't have the shape of a request. */
class RequestFault extends Error {}

/**
 * Logs by OTLP/HTTP (OpenTelemetry Protocol 1.x), in JSON and in protobuf. Each record becomes one line
 * `{"resource":{"attributes":{…}},"scope":{…},"logRecord":{…}}`, the same from both. Answers are in the request's encoding.
 */
export function otlpDialect(contentType: string): Dialect {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase();
  const encoding: Encoding = type === 'application/x-protobuf' ? 'protobuf' : 'json';
  const isKnown = encoding === 'protobuf' || type === 'application/json';
  return {
    name: 'otlp',
    read: (body) =>
      isKnown
        ? readRequest(body, encoding)
        : fail('unsupported', 'Content-Type: expected application/x-protobuf or application/json'),
    refuse: ({ code, message }) => ({
      ...reply(encoding, statusOf[code], {
        json: { code: rpcCodeOf[code], message },
        protobuf: () => encodeStatus(rpcCodeOf[code], message),
      }),
      headers: refusalHeaders(code),
    }),
  };
}

/** Codes of `google.rpc.Code`. */
const rpcCodeOf: Record<IngestCode, number> = {
  'bad-request': 3,
  unsupported: 3,
  'not-found': 5,
  'too-large': 8,
  'too-many': 8,
  unavailable: 14,
  unauthorised: 16,
  conflict: 6,
};

function reply(
  encoding: Encoding,
  status: number,
  body: { readonly json: unknown; readonly protobuf: () => Uint8Array },
): Reply {
  return encoding === 'json'
    ? { status, contentType: 'application/json', headers: {}, body: JSON.stringify(body.json) }
    : { status, contentType: 'application/x-protobuf', headers: {}, body: body.protobuf() };
}

function readRequest(body: Uint8Array<ArrayBuffer>, encoding: Encoding): Read {
  let request: unknown;
  try {
    request = encoding === 'json' ? parseJson(body) : decodeRequest(body);
  } catch (error) {
    if (error instanceof JsonFault) return fail('bad-request', tellFault(body, error));
    return fail('bad-request', `expected an ExportLogsServiceRequest: ${(error as Error).message}`);
  }
  const lines = createLines();
  try {
    for (const resourceLogs of listIn(request, 'resourceLogs')) addResource(resourceLogs, lines);
  } catch (error) {
    if (error instanceof RequestFault) return fail('bad-request', error.message);
    throw error;
  }
  return lines.delivery(encoding);
}

const longNumberDigits = 16;

/** Numbers too long for a double are read as text, which is how OTLP/JSON writes them. */
function parseJson(body: Uint8Array): unknown {
  const start = skipSpace(body, textStart(body));
  const long: (readonly [number, number])[] = [];
  const end = endOfValue(body, start, (from, to) => {
    if (to - from >= longNumberDigits && isWhole(body, from, to)) long.push([from, to]);
  });
  expectEnd(body, end);
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  let at = start;
  const pieces = long.map(([from, to]) => {
    const piece = `${buffer.toString('utf8', at, from)}"${buffer.toString('latin1', from, to)}"`;
    at = to;
    return piece;
  });
  const value: unknown = JSON.parse(pieces.join('') + buffer.toString('utf8', at, end));
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new JsonFault(start, 'a JSON object');
  return value;
}

function isWhole(body: Uint8Array, from: number, to: number): boolean {
  return /^-?\d+$/.test(Buffer.from(body.buffer, body.byteOffset + from, to - from).toString('latin1'));
}

function listIn(message: unknown, name: string): unknown[] {
  const list = fieldOf(message, name) ?? [];
  if (!Array.isArray(list)) throw new RequestFault(`${name}: expected a list`);
  return list;
}

/** Text of a part that several records share; what is wrong with it is wrong with each of them. */
function shared(make: () => string): () => string {
  try {
    const text = make();
    return () => text;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function addResource(resourceLogs: unknown, lines: Lines): void {
  const resource = shared(() =>
    resourceText(fieldOf(resourceLogs, 'resource'), fieldOf(resourceLogs, 'schemaUrl')),
  );
  for (const scopeLogs of listIn(resourceLogs, 'scopeLogs')) {
    const scope = shared(() => scopeText(fieldOf(scopeLogs, 'scope'), fieldOf(scopeLogs, 'schemaUrl')));
    for (const record of listIn(scopeLogs, 'logRecords')) {
      if (lines.isFull()) return;
      lines.add(
        record,
        () => `{"resource":${resource()},"scope":${scope()},"logRecord":${recordText(record)}}\n`,
      );
    }
  }
}

interface Lines {
  add(record: unknown, make: () => string): void;
  /** More lines or bytes than a request may bring: what comes from now on is not looked at. */
  isFull(): boolean;
  delivery(encoding: Encoding): Read;
}

function createLines(): Lines {
  const texts: string[] = [];
  const rejected: Rejection[] = [];
  let items = 0;
  let size = 0;
  const isFull = (): boolean => items > maxItems || size > maxInflatedBytes;
  return {
    isFull,
    add: (record, make) => {
      items += 1;
      try {
        const text = make();
        // Each record repeats its resource, so a small request could make very long lines of many.
        size += Buffer.byteLength(text);
        if (!isFull()) texts.push(text);
      } catch (error) {
        if (!(error instanceof RecordFault)) throw error;
        const sample = JSON.stringify(record)?.slice(0, maxSampleLength) ?? '';
        rejected.push({ line: items, reason: error.message, sample });
      }
    },
    delivery: (encoding) => {
      if (isFull())
        return fail(
          'too-large',
          `expected at most ${maxItems} records and ${maxInflatedBytes} bytes of lines`,
        );
      const bytes = new Uint8Array(Buffer.from(texts.join('')));
      return ok({
        bytes,
        lines: texts.length,
        rejected,
        repeatable: false,
        answer: (receipt) => answer(encoding, [...rejected, ...receipt.rejected]),
      });
    },
  };
}

function answer(encoding: Encoding, rejected: readonly { readonly reason: string }[]): Reply {
  const count = rejected.length;
  const errorMessage = [...new Set(rejected.map(({ reason }) => reason))].slice(0, 5).join('; ');
  return reply(encoding, 200, {
    json: count === 0 ? {} : { partialSuccess: { rejectedLogRecords: String(count), errorMessage } },
    protobuf: () => encodeResponse(count, errorMessage),
  });
}
