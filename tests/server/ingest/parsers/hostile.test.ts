import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceFormats } from '../../../../server/config/source-formats.ts';
import { createLineParser } from '../../../../server/ingest/parsers/line-parser.ts';
import { fieldNames, eventFields } from '../../../../shared/event/fields.ts';
import { isEventTime } from '../../../../shared/event/time-range.ts';
import { isIP } from 'node:net';

const fixtures = join(import.meta.dirname, '../../../fixtures/parsers');
const samples = sourceFormats
  .filter((format) => format !== 'auto')
  .flatMap((format) =>
    readFileSync(join(fixtures, `${format}.log`), 'utf8')
      .trimEnd()
      .split('\n'),
  );
const fields = [
  ['event.duration', 'took'],
  ['source.ip', 'who.ip'],
  ['url.original', 'what'],
  ['http.response.status_code', 'status'],
] as const;
const arrival = Date.parse('2026-11-23T07:00:00Z');
const datasets = ['access', 'account', 'signal', 'error', 'log', 'unparsed'];

/** What holds of every event, so that the store takes it. */
function expectSound(event: ReturnType<ReturnType<typeof createLineParser>>): void {
  expect(datasets).toContain(event['event.dataset']);
  for (const name of fieldNames) {
    const value = event[name];
    const { type } = eventFields[name];
    if (value === null) continue;
    expect([name, typeof value]).toEqual([name, type === 'number' || type === 'time' ? 'number' : 'string']);
    if (typeof value === 'number') expect([name, value >= 0 && Number.isFinite(value)]).toEqual([name, true]);
    if (type === 'address') expect([name, value, isIP(String(value)) !== 0]).toEqual([name, value, true]);
    if (type === 'number' && name !== 'event.risk_score')
      expect([name, Number.isInteger(value)]).toEqual([name, true]);
  }
  if (event['@timestamp'] !== 0) expect(isEventTime(event['@timestamp'])).toBe(true);
}

/** Characters that mean something to some format. */
const telling = fc.string({
  unit: fc.constantFrom(
    ...Array.from(' "\\[]{}<>:,-/#=.%|\t\u0000\u007f\u00ff\u0100'),
    '0',
    '9',
    'a',
    'HTTP/',
    ' - - [',
    '] "',
  ),
  maxLength: 60,
});

describe.each(sourceFormats)('the %s parser', (format) => {
  it('never throws, whatever the line', () => {
    const parse = createLineParser(format, { fields });
    const line = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), telling);
    fc.assert(
      fc.property(line, (text) => expectSound(parse(text, arrival))),
      { numRuns: 200 },
    );
  });

  it('never throws on a valid line with a piece cut, doubled or replaced, and says only what the store takes', () => {
    const parse = createLineParser(format, { fields, zone: 'Asia/Jakarta' });
    const place = fc.double({ min: 0, max: 1, noNaN: true });
    const sample = fc.constantFrom(...samples);
    fc.assert(
      fc.property(sample, place, place, fc.oneof(telling, sample), (line, a, b, text) => {
        const [from, to] = [Math.floor(a * line.length), Math.floor(b * line.length)];
        expectSound(parse(line.slice(0, from) + text + line.slice(to), arrival));
      }),
      { numRuns: 500 },
    );
  });
});

/** So long that work which grows with the square of the length would not end. */
const size = 1_000_000;
const long = (text: string) => text.repeat(Math.ceil(size / text.length));
const head = '203.0.113.9 - - [23/Nov/2026:13:52:04 +0700] "GET / HTTP/1.1" 200 1 ';
const beginnings = [
  '',
  '203.0.113.9 - - [',
  '203.0.113.9 - - [23/Nov/2026:13:52:04 +0700] "',
  head,
  `${head}"-" "`,
  `${head}"-" "-" `,
  `${head}"-" "-" rt="`,
  'sipol.example:443 ',
  '203.0.113.9:1 [23/Nov/2026:06:52:04.655] a b/c 0/0/0/0/0 200 1 - - ---- 1/1/1/1/0 0/0 ',
  '203.0.113.9:1 [23/Nov/2026:06:52:04.655] ',
  '2026/11/23 06:52:04 [error] 1#1: *1 x, client: 203.0.113.9, server: a, request: "',
  '2026/11/23 06:52:04 [error] 1#1: ',
  '[Mon Nov 23 06:52:04.902022 2026] [core:error] [pid 1] ',
  '[Mon Nov 23 06:52:04.902022 2026] [',
  '<13>1 2026-11-23T06:52:04Z a b - - [x y="',
  '<13>1 ',
  '<13>Nov 23 06:52:04 ',
  '<13>Nov 23 06:52:04 host tag: ',
  '{"time":"2026-11-23T06:52:04Z","request":"',
  '{"a":',
];
const runs = [
  '"',
  '\\',
  '\\"',
  '" ',
  '[',
  ']',
  '] "',
  ' [',
  ' ',
  ':',
  ', ',
  '-',
  '- ',
  '0',
  '0.001, ',
  'a',
  '{"a":',
  '[[',
  '\\x41',
  '#22',
  'a=',
  'a="b" ',
  ', client: ',
  '", host: "',
  ', referer: ',
  ' HTTP/1.1',
  '(1)',
  '\u00ff',
];

describe('lines of a million characters', () => {
  it.each(runs)('are read at once when they repeat %j', (text) => {
    const run = long(text);
    const parse = createLineParser('auto', { fields });
    for (const beginning of beginnings) expectSound(parse(beginning + run, arrival));
  });

  it.each(sourceFormats)('are read at once as %s', (format) => {
    const parse = createLineParser(format, { fields });
    for (const sample of samples)
      expectSound(parse(sample.replace('/', `/${'a "'.repeat(100_000)}`), arrival));
  });
});

describe('JSON', () => {
  const formats = ['ecs-json', 'nginx-json', 'traefik', 'caddy'] as const;
  const key = fc.constantFrom(
    '@timestamp',
    'event',
    'action',
    'source.ip',
    'request',
    'status',
    'uri',
    'headers',
    'ts',
    'logger',
    'RequestMethod',
    'RequestPath',
    'StartUTC',
    '__proto__',
    'constructor',
  );

  it.each(formats)('of any shape is no danger to %s, and touches no prototype', (format) => {
    const parse = createLineParser(format, { fields });
    const value = fc.oneof(fc.jsonValue(), fc.dictionary(key, fc.jsonValue()), fc.constantFrom('GET', 1.5e9));
    fc.assert(fc.property(fc.dictionary(key, value), (object) => expectSound(parse(JSON.stringify(object)))));
    parse(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"ts":1795416724,"uri":"/"}',
    );
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it.each(formats)('that is nested deeply does not overflow the stack of %s', (format) => {
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    const parse = createLineParser(format, { fields: [['url.original', 'a.a.a.a.a.a']] });
    expect(parse(deep)['event.dataset']).toBe('unparsed');
  });

  it('says nothing by what an object inherits', () => {
    const parse = createLineParser('nginx-json', { fields: [['user.name', 'constructor.name']] });
    const event = parse('{"ts":1795416724,"uri":"/","status":200}');
    expect(event).toMatchObject({ 'event.dataset': 'access', 'user.name': null });
  });
});
