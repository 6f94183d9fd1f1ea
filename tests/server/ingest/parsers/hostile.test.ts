import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineParser } from '../../../../server/ingest/parsers/line-parser.ts';

const formats = ['combined', 'common', 'ecs-json', 'otlp', 'auto'] as const;
const valid = '203.0.113.9 - - [23/Nov/2026:13:52:04 +0700] "GET /a?b=c HTTP/1.1" 200 5120 "-" "Mozilla/5.0"';

describe.each(formats)('the %s parser', (format) => {
  it('never throws, whatever the line', () => {
    const parse = createLineParser(format);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (line) => {
        expect(['access', 'account', 'signal', 'log', 'unparsed']).toContain(parse(line)['event.dataset']);
      }),
    );
  });

  it('never throws on a valid line with a piece cut, doubled or replaced', () => {
    const parse = createLineParser(format);
    const index = fc.nat(valid.length);
    fc.assert(
      fc.property(index, index, fc.string({ maxLength: 10 }), (a, b, text) => {
        parse(valid.slice(0, a) + text + valid.slice(b));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the JSON parser', () => {
  it('never throws on JSON of any shape and never touches a prototype', () => {
    const parse = createLineParser('ecs-json');
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('@timestamp', 'event', 'action', 'source.ip', '__proto__', 'constructor'),
          fc.jsonValue(),
        ),
        (value) => {
          parse(JSON.stringify(value));
        },
      ),
    );
    parse(
      '{"@timestamp":"2026-11-23T06:52:04Z","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    );
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('refuses deep nesting without overflowing the stack', () => {
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    expect(createLineParser('ecs-json')(deep)['event.dataset']).toBe('unparsed');
  });
});
