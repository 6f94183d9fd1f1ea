import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxItems } from '../../../../server/ingest/http/dialect.ts';
import { maxJsonDepth } from '../../../../server/ingest/http/json-scan.ts';
import { linesDialect } from '../../../../server/ingest/http/lines.ts';

const asJson = linesDialect('application/json; charset=utf-8');
const asLines = linesDialect('application/x-ndjson');
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text));

function read(body: string | Uint8Array<ArrayBuffer>, dialect = asJson): string {
  const result = dialect.read(typeof body === 'string' ? bytesOf(body) : body);
  return result.ok ? Buffer.from(result.value.bytes).toString() : `${result.code}: ${result.message}`;
}

describe('plain lines', () => {
  it.each([
    ['one\ntwo\n', 2],
    ['one\r\n\r\n\ntwo', 2],
    ['', 0],
    ['\n\n\r\n', 0],
    ['[1,2]', 1],
    ['{\n"a":1\n}', 3],
    ['\uFEFF{"a":1}\n', 1],
    ['nul\0 and \u2028\n', 1],
  ])('%j pass as they are, and are counted: %i', (body, lines) => {
    const bytes = bytesOf(body);
    const result = asLines.read(bytes);
    expect(result.ok && [result.value.bytes, result.value.lines, result.value.rejected]).toEqual([
      bytes,
      lines,
      [],
    ]);
  });

  it('pass bit for bit, also when they are no text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (given) => {
        const bytes = new Uint8Array(given);
        const result = asLines.read(bytes);
        expect(result.ok && Buffer.from(result.value.bytes).equals(given)).toBe(true);
      }),
    );
  });

  it('are bounded in number, empty ones not counted', () => {
    expect(asLines.read(bytesOf('x\n'.repeat(maxItems))).ok).toBe(true);
    expect(asLines.read(bytesOf('x\n\n'.repeat(maxItems))).ok).toBe(true);
    expect(asLines.read(bytesOf('x\n'.repeat(maxItems + 1)))).toMatchObject({ code: 'too-large' });
  });
});

describe('a JSON array', () => {
  const item = fc.jsonValue({ maxDepth: 6 });
  const layout = fc.constantFrom(undefined, 1, 2, '\t', '\r');

  it('is split into the items that JSON.parse finds, however it is laid out', () => {
    fc.assert(
      fc.property(fc.array(item), layout, fc.boolean(), (items, indent, mark) => {
        const text = (mark ? '\uFEFF \r\n' : '') + JSON.stringify(items, null, indent);
        const lines = read(text).split('\n');
        expect(lines.pop()).toBe('');
        expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(JSON.parse(JSON.stringify(items)));
      }),
      { numRuns: 500 },
    );
  });

  it('accepts just what JSON.parse accepts, whatever was changed in it', () => {
    const piece = fc.constantFrom(...Array.from('[]{}",:\\u0a-1.eE+ \n\r\ttrufalsn\0\u2028\u00e9'));
    fc.assert(
      fc.property(
        fc.array(item, { maxLength: 4 }),
        fc.nat(),
        fc.nat(3),
        fc.array(piece, { maxLength: 3 }),
        (items, place, cut, pieces) => {
          const whole = JSON.stringify(items, null, 1);
          const at = 1 + (place % whole.length);
          const text = whole.slice(0, at) + pieces.join('') + whole.slice(at + cut);
          let isJson = true;
          try {
            JSON.parse(text);
          } catch {
            isJson = false;
          }
          expect([text, !read(text).startsWith('bad-request')]).toEqual([text, isJson]);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it.each([
    [
      '[{"n":12345678901234567890.10,"s":"\\u0041\\/\\ud800"}]',
      '{"n":12345678901234567890.10,"s":"\\u0041\\/\\ud800"}\n',
    ],
    ['[{"a":1,"a":2,"__proto__":{"x":1}}]', '{"a":1,"a":2,"__proto__":{"x":1}}\n'],
    ['[{\r\n  "a": [1,\n2] }\n, "text", 3, null, [ ] ]\r\n', '{    "a": [1, 2] }\n"text"\n3\nnull\n[ ]\n'],
    ['[{"a":"\u2028\u00e9"}]', '{"a":"\u2028\u00e9"}\n'],
    ['[]', ''],
    ['[-0,1e5,1E+2,0.1e-3]', '-0\n1e5\n1E+2\n0.1e-3\n'],
  ])('%j keeps the bytes of its items', (body, lines) => {
    expect(read(body)).toBe(lines);
  });

  it.each([
    ['[{"a":1},', 'line 1, column 10: expected a JSON value'],
    ['[{"a":1}', 'line 1, column 9: expected "," or "]"'],
    ['[{"a":1} {"b":2}]', 'line 1, column 10: expected "," or "]"'],
    ['[\n{"a":1},\n{"\u00e9\u00e9" 2}]', 'line 3, column 7: expected ":"'],
    ['[{"a":1,}]', 'line 1, column 9: expected a name in double quotes'],
    ["[{'a':1}]", 'line 1, column 3: expected a name in double quotes'],
    ['[{"a":01}]', 'line 1, column 8: expected "," or "}"'],
    ['[1.]', 'line 1, column 4: expected a digit'],
    ['["\\x41"]', 'line 1, column 4: expected an escape of JSON'],
    ['["\\u00g0"]', 'line 1, column 7: expected four hexadecimal digits'],
    ['["a\nb"]', 'line 1, column 4: expected no control character in a string'],
    ['["a\0"]', 'line 1, column 4: expected no control character in a string'],
    ['["a', 'line 1, column 4: expected the closing quote of a string'],
    ['[nul]', 'line 1, column 2: expected a JSON value'],
    ['[1]\n[2]', 'line 2, column 1: expected nothing more'],
    ['[NaN]', 'line 1, column 2: expected a JSON value'],
  ])('%j is refused with the place', (body, message) => {
    expect(read(body)).toBe(`bad-request: ${message}`);
  });

  it('is bounded in depth and in items', () => {
    const nested = (depth: number) => `[${'['.repeat(depth)}${']'.repeat(depth)}]`;
    expect(read(nested(maxJsonDepth))).not.toContain('bad-request');
    for (const depth of [maxJsonDepth + 1, 10_000, 1_000_000])
      expect(read(nested(depth))).toContain(`expected at most ${maxJsonDepth} levels of nesting`);
    expect(read(`[${'{"a":'.repeat(10_000)}`)).toContain('levels of nesting');
    expect(read(`[${'1,'.repeat(maxItems - 1)}1]`)).toHaveLength(2 * maxItems);
    expect(read(`[${'1,'.repeat(maxItems)}1]`)).toContain('too-large');
  });
});

describe('a JSON object sent as application/json', () => {
  it.each([
    ['{\n  "a": "x",\r\n  "b": {}\n}\n', '{   "a": "x",    "b": {} }\n'],
    [' {"a":1}', '{"a":1}\n'],
    ['\uFEFF{"a":1}', '{"a":1}\n'],
    ['{"a":1}\n{"b":2}\n', '{"a":1}\n{"b":2}\n'],
    ['{"a":1}\nno json\n', '{"a":1}\nno json\n'],
    ['{\n"a":1\n', '{\n"a":1\n'],
    ['no json', 'no json'],
  ])('%j becomes one line when it is the only one, and else passes as lines', (body, lines) => {
    expect(read(body)).toBe(lines);
  });

  it('is known by its whole media type', () => {
    expect(read('[1,2]', linesDialect('application/json-seq'))).toBe('[1,2]');
    expect(read('[1,2]', linesDialect('APPLICATION/JSON'))).toBe('1\n2\n');
    expect(read('[1,2]', linesDialect(''))).toBe('[1,2]');
  });
});

describe('answers', () => {
  it('tell the receipt, or why nothing was taken and when to come again', () => {
    const result = asJson.read(bytesOf('[1,2]'));
    const receipt = { received: 2, stored: 2, unparsed: 1, rejected: [], unparsedLines: [] };
    expect(result.ok && result.value.answer(receipt)).toEqual({
      status: 200,
      contentType: 'application/json; charset=utf-8',
      headers: {},
      body: JSON.stringify(receipt),
    });
    expect(asJson.refuse({ code: 'unavailable', message: 'later' })).toMatchObject({
      status: 503,
      headers: { 'Retry-After': '2' },
      body: '{"error":{"code":"unavailable","message":"later"}}',
    });
    expect(asJson.refuse({ code: 'too-large', message: '' }).headers).toEqual({ Connection: 'close' });
  });
});
