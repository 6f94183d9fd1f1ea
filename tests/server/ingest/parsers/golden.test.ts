import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceFormats } from '../../../../server/config/source-formats.ts';
import { createLineParser } from '../../../../server/ingest/parsers/line-parser.ts';

const fixtures = join(import.meta.dirname, '../../../fixtures/parsers');

const formats = sourceFormats.filter((format) => format !== 'auto');
const arrival = Date.parse('2026-11-23T07:00:00Z');
const linesOf = (file: string): string[] => readFileSync(join(fixtures, file), 'utf8').trimEnd().split('\n');

/** Line in, event out, absent fields left out. `npx vitest run tests/server/ingest/parsers --update` rewrites the golden files. */
function golden(format: Parameters<typeof createLineParser>[0], file: string): string {
  const parse = createLineParser(format);
  const pairs = linesOf(file).map((line) => {
    const said = Object.entries(parse(line, arrival)).filter(
      ([, value]) => value !== null && value !== '' && value !== 0,
    );
    return { line, event: Object.fromEntries(said) };
  });
  return `${JSON.stringify(pairs, null, 2)}\n`;
}

describe('golden files: line in, event out', () => {
  it.each(formats)('%s', async (format) => {
    await expect(golden(format, `${format}.log`)).toMatchFileSnapshot(
      join(fixtures, `${format}.golden.json`),
    );
  });

  it('a line that no parser understands says why', async () => {
    await expect(golden('auto', 'refused.log')).toMatchFileSnapshot(join(fixtures, 'refused.golden.json'));
  });
});

describe('format detection', () => {
  it.each(formats)('understands every %s line without being told the format', (format) => {
    expect(golden('auto', `${format}.log`)).toBe(golden(format, `${format}.log`));
  });

  it.each(formats)('reads every %s line alike, whatever format came before it', (format) => {
    const named = createLineParser(format);
    for (const before of formats)
      for (const first of linesOf(`${before}.log`))
        for (const line of linesOf(`${format}.log`)) {
          const parse = createLineParser('auto');
          parse(first, arrival);
          expect(parse(line, arrival)).toEqual(named(line, arrival));
        }
  });

  it.each(formats)('understands a %s line as no other format', (format) => {
    for (const other of formats.filter((name) => name !== format && name !== 'syslog' && format !== 'syslog'))
      for (const line of linesOf(`${format}.log`))
        expect([other, line, createLineParser(other)(line)['event.dataset']]).toEqual([
          other,
          line,
          'unparsed',
        ]);
  });

  it('follows a source that changes its format', () => {
    const parse = createLineParser('auto');
    const [common] = readFileSync(join(fixtures, 'common.log'), 'utf8').split('\n');
    const [json] = readFileSync(join(fixtures, 'ecs-json.log'), 'utf8').split('\n');
    const datasets = [common, json, common].map((line) => parse(line ?? '')['event.dataset']);
    expect(datasets).toEqual(['access', 'account', 'access']);
  });

  it('keeps to a format that was named', () => {
    const event = createLineParser('ecs-json')(
      '203.0.113.9 - - [23/Nov/2026:13:52:04 +0700] "GET / HTTP/1.1" 200 1',
    );
    expect(event['event.dataset']).toBe('unparsed');
    expect(event['event.kind']).toBe('pipeline_error');
  });
});
