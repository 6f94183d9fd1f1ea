import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvRow, formulaSafe } from '../../../server/export/csv.ts';

describe('a text in a cell', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+62 21', "'+62 21"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['\rx', "'\rx"],
    ['＝1+1', "'＝1+1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠x', "'＠x"],
    ['−1', "'−1"],
    [' =1', "' =1"],
    ['"=1', `'"=1`],
    ['\n=1', "'\n'=1"],
    ['\u200b=1', "'\u200b=1"],
    ['\u0000=1', "'\u0000=1"],
    ['a;=cmd()', "a;'=cmd()"],
    ['a\n @x', "a\n '@x"],
    ['a\t"-1', `a\t"'-1`],
    ['a=1', 'a=1'],
    ['/login?x=1', '/login?x=1'],
    ['', ''],
  ])('%j is written as %j', (text, safe) => {
    expect(formulaSafe(text)).toBe(safe);
  });
});

describe('a row', () => {
  test('quotes what needs it, writes numbers as they are and leaves out what is not there', () => {
    expect(csvRow(['a', 'b,c', 'd"e', 'f\r\ng', -5, 0, null, ' h'])).toBe(
      'a,"b,c","d""e","f\r\ng",-5,0,," h"\r\n',
    );
  });

  test('is read back as it was written, by RFC 4180', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (cells) => {
        expect(parse(csvRow(cells))).toEqual(cells.map(formulaSafe));
      }),
    );
  });

  test('has no cell that begins a formula, whatever comes in', () => {
    const unit = fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', ' ', '"', "'", ';', '＝', 'a');
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        const [cell = ''] = parse(csvRow([text]));
        for (const part of cell.split(/[;\t\r\n]/)) expect(part).not.toMatch(/^[\s"]*[=+\-@＝]/);
      }),
    );
  });
});

/** Cells of one row by RFC 4180. */
function parse(row: string): string[] {
  const cells: string[] = [];
  let rest = row.slice(0, -2);
  for (;;) {
    const quoted = /^"((?:[^"]|"")*)"/.exec(rest);
    const text = quoted ? quoted[0] : (/^[^,]*/.exec(rest)?.[0] ?? '');
    cells.push(quoted ? (quoted[1] ?? '').replaceAll('""', '"') : text);
    if (rest.length === text.length) return cells;
    rest = rest.slice(text.length + 1);
  }
}
