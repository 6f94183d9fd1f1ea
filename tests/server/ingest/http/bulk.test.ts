import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bulkDialect, maxActionBytes } from '../../../../server/ingest/http/bulk.ts';
import { maxItems } from '../../../../server/ingest/http/dialect.ts';
import { answerProbe } from '../../../../server/ingest/http/elastic.ts';

const dialect = bulkDialect({ index: 'sipol' });

function read(body: string | Uint8Array<ArrayBuffer>) {
  const result = dialect.read(typeof body === 'string' ? new Uint8Array(Buffer.from(body)) : body);
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  const delivery = result.value;
  const receipt = {
    received: delivery.lines,
    stored: delivery.lines,
    unparsed: 0,
    rejected: [],
    unparsedLines: [],
  };
  return {
    delivery,
    text: Buffer.from(delivery.bytes).toString(),
    answer: JSON.parse(String(delivery.answer(receipt).body)) as Answer,
  };
}

interface Told {
  _index: string;
  _id: string;
  status: number;
  error?: { type: string; reason: string };
}
interface Answer {
  errors: boolean;
  items: Record<string, Told>[];
}
const statuses = ({ items }: Answer) =>
  items.map((item) => Object.entries(item).map(([operation, { status }]) => `${operation} ${status}`)[0]);

describe('a _bulk request', () => {
  it('gives each document as a line, byte for byte', () => {
    const { text, answer, delivery } = read(
      '{"index":{"_index":"logs","_id":"7"}}\n{"n":1.0,"s":"\\u0041", "n":2}\n{"create":{}}\r\n{"b":2}\r\n{"index":{}}\nno json\n',
    );
    expect(text).toBe('{"n":1.0,"s":"\\u0041", "n":2}\n{"b":2}\nno json\n');
    expect(delivery).toMatchObject({ lines: 3, rejected: [] });
    expect(answer).toMatchObject({
      errors: false,
      took: 0,
      items: [
        {
          index: {
            _index: 'logs',
            _id: '7',
            _version: 1,
            result: 'created',
            _shards: { total: 1, successful: 1, failed: 0 },
            _seq_no: 0,
            _primary_term: 1,
            status: 201,
          },
        },
        { create: { _index: 'sipol', status: 201 } },
        { index: { _index: 'sipol', status: 201 } },
      ],
    });
  });

  it('names documents without an id alike when it comes again, and each by its own name', () => {
    const body = '{"create":{}}\n{"a":1}\n{"create":{}}\n{"a":1}\n';
    const ids = read(body).answer.items.map(({ create }) => create?._id);
    expect(ids).toEqual(read(body).answer.items.map(({ create }) => create?._id));
    expect(new Set(ids).size).toBe(2);
  });

  it.each([
    ['an update', '{"update":{"_id":"1"}}\n{"doc":{"a":1}}\n', 'update 400'],
    ['a delete', '{"delete":{"_id":"1"}}\n', 'delete 400'],
    ['an unknown action', '{"upsert":{}}\n{"a":1}\n', 'index 400'],
    ['two actions in one', '{"index":{},"create":{}}\n{"a":1}\n', 'index 400'],
    ['an action that is no object', '{"index":7}\n{"a":1}\n', 'index 400'],
    ['an action that is a list', '{"index":[]}\n{"a":1}\n', 'index 400'],
    ['an action that is null', 'null\n{"a":1}\n', 'index 400'],
    ['an action named like a property', '{"__proto__":{}}\n{"a":1}\n', 'index 400'],
    ['no JSON', '{"index":\n{"a":1}\n', 'index 400'],
    ['too long an action', `{"index":{"_id":"${'x'.repeat(maxActionBytes)}"}}\n{"a":1}\n`, 'index 400'],
    ['an action that nests deeply', `${'['.repeat(4_000)}\n{"a":1}\n`, 'index 400'],
    ['an action without its document, before another', '{"upsert":{}}\n', 'index 400'],
    ['an empty document', '{"create":{}}\n\n', 'create 400'],
  ])('refuses %s alone, and goes on with the next', (_what, items, told) => {
    const next = '{"create":{"_index":"logs"}}\n{"b":2}\n';
    const { text, answer, delivery } = read(next + items + next);
    expect(text).toBe('{"b":2}\n{"b":2}\n');
    expect(answer.errors).toBe(true);
    expect(statuses(answer)).toEqual(['create 201', told, 'create 201']);
    expect(Object.values(answer.items[1] ?? {})[0]?.error?.reason).toBe(delivery.rejected[0]?.reason);
    expect(delivery.rejected).toHaveLength(1);
    expect(delivery.rejected[0]).toMatchObject({ line: 2 });
    expect(delivery.rejected[0]?.sample).toBe(items.slice(0, items.indexOf('\n')).slice(0, 200));
  });

  it('refuses an action at its end whose document is missing', () => {
    const { answer } = read('{"index":{}}\n{"a":1}\n{"index":{}}\n');
    expect(statuses(answer)).toEqual(['index 201', 'index 400']);
  });

  it('takes a document that looks like an action for a document', () => {
    const { text } = read('{"index":{}}\n{"index":{}}\n{"index":{}}\n{"delete":{}}\n');
    expect(text).toBe('{"index":{}}\n{"delete":{}}\n');
  });

  it('tells of documents that the pipeline rejected at their own places', () => {
    const result = dialect.read(
      new Uint8Array(Buffer.from('{"delete":{}}\n{"index":{}}\n{"a":1}\n{"index":{}}\n{"a":2}\n')),
    );
    const rejected = [{ line: 2, reason: 'no room' }];
    const reply =
      result.ok && result.value.answer({ received: 2, stored: 1, unparsed: 0, rejected, unparsedLines: [] });
    const answer = JSON.parse(String(reply && reply.body)) as Answer;
    expect(statuses(answer)).toEqual(['delete 400', 'index 201', 'index 400']);
    expect(answer.items[2]?.['index']?.error?.reason).toBe('no room');
  });

  it('skips empty lines between items', () => {
    expect(read('\n\r\n{"index":{}}\n{"a":1}\n\n').text).toBe('{"a":1}\n');
  });

  it.each([
    ['', 'bad-request'],
    ['{"index":{}}\n{"a":1}', 'bad-request'],
  ])('%j is refused as a whole, as Elasticsearch does', (body, code) => {
    expect(dialect.read(new Uint8Array(Buffer.from(body)))).toMatchObject({ ok: false, code });
  });

  it('is bounded in items', () => {
    const items = (count: number) => new Uint8Array(Buffer.from('{"index":{}}\nx\n'.repeat(count)));
    expect(dialect.read(items(maxItems)).ok).toBe(true);
    expect(dialect.read(items(maxItems + 1))).toMatchObject({ code: 'too-large' });
  });

  it('answers one item for each pair of any documents, and keeps their bytes', () => {
    const document = fc
      .uint8Array({ minLength: 1, maxLength: 40 })
      .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 10 || byte === 13 ? 32 : byte))));
    fc.assert(
      fc.property(fc.array(document, { minLength: 1 }), (documents) => {
        const body = Buffer.concat(
          documents.flatMap((bytes) => [Buffer.from('{"create":{}}\n'), bytes, Buffer.from('\n')]),
        );
        const { delivery, answer } = read(new Uint8Array(body));
        const lines = Buffer.concat(documents.flatMap((bytes) => [bytes, Buffer.from('\n')]));
        expect(Buffer.from(delivery.bytes).equals(lines)).toBe(true);
        expect(statuses(answer)).toEqual(documents.map(() => 'create 201'));
      }),
    );
  });

  it('never throws on what is no bulk request', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const result = dialect.read(new Uint8Array([...bytes, 10]));
        expect(result.ok && result.value.rejected.length + result.value.lines).not.toBe(-1);
      }),
    );
  });
});

describe('in the words of Elasticsearch', () => {
  it.each([
    ['unauthorised', 401, 'security_exception'],
    ['too-large', 413, 'content_too_large_exception'],
    ['too-many', 429, 'es_rejected_execution_exception'],
    ['unavailable', 503, 'unavailable_shards_exception'],
    ['bad-request', 400, 'illegal_argument_exception'],
  ] as const)('a refusal (%s) has status %i and a type', (code, status, type) => {
    const reply = dialect.refuse({ code, message: 'why' });
    expect(reply).toMatchObject({ status, headers: { 'X-Elastic-Product': 'Elasticsearch' } });
    expect(JSON.parse(String(reply.body))).toEqual({
      error: { root_cause: [{ type, reason: 'why' }], type, reason: 'why' },
      status,
    });
  });

  it.each([
    ['/', 200],
    ['/_license', 200],
    ['/_xpack', 200],
    ['/_ilm/policy/filebeat', 404],
    ['/_index_template/filebeat', 404],
    ['/_cluster/health', 404],
    ['/__proto__', 404],
  ])('%s is answered %i, with the header of the product', (path, status) => {
    expect(answerProbe('sipol', path)).toMatchObject({
      status,
      headers: { 'X-Elastic-Product': 'Elasticsearch' },
    });
  });

  it('the root tells the version that is spoken', () => {
    expect(JSON.parse(String(answerProbe('sipol', '/').body))).toMatchObject({
      name: 'siaga',
      version: { number: '8.19.0' },
      tagline: 'You Know, for Search',
    });
  });
});
