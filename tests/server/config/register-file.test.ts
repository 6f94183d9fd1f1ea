import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { maxParties, parseRegister } from '../../../server/config/register-file.ts';

const header = 'id,name,kind,number,expectedSince';
const line = (id: string, number = 1) => `${id},Partai ${id},national,${number},2026-08-01`;
const party = (id: string, number = 1) => ({
  id,
  name: `Partai ${id}`,
  kind: 'national',
  number,
  expectedSince: '2026-08-01',
});
const problems = (text: string, file = 'parties.csv') => {
  const result = parseRegister(text, file);
  return result.ok ? [] : result.message.split('\n');
};

describe('a register in CSV', () => {
  it.each([
    ['commas', `${header}\n${line('P1')}\n`],
    ['no line end at the end', `${header}\n${line('P1')}`],
    ['CR LF, a byte order mark and blank lines', `\uFEFF${header}\r\n\r\n${line('P1')}\r\n,,,,\r\n`],
    ['semicolons, as spreadsheets in Indonesian write', `${header}\n${line('P1')}`.replaceAll(',', ';')],
    [
      'columns in another order and case',
      'NUMBER,Name,ID,expectedsince,kind\n1,Partai P1,P1,2026-08-01,national',
    ],
    [
      'quotes and spaces',
      '"id","name","kind","number","expectedSince"\n"P1", Partai P1 ,national,"1",2026-08-01',
    ],
  ])('is read with %s', (_, text) => {
    expect(parseRegister(text, 'parties.csv')).toEqual({ ok: true, value: [party('P1')] });
  });

  it('reads separators, quotes and line ends inside of quotes, and counts the lines right', () => {
    const text = `${header}\nP1,"Partai ""Maju"", Jaya",national,1,2026-08-01\nP2,"dua\nbaris",national,2,2026-08-01\n${line('P 3')}`;
    expect(problems(text)).toEqual([
      'parties.csv:3: name: found "dua\\nbaris", expected a name of 1 to 120 characters',
      'parties.csv:5: id: found "P 3", expected 1 to 40 letters, digits, dots, dashes or underscores',
    ]);
    const first = parseRegister(text.split('\n').slice(0, 2).join('\n'), 'parties.csv');
    expect(first.ok && first.value[0]?.name).toBe('Partai "Maju", Jaya');
  });

  it.each([
    ['nothing', '', ['parties.csv: found no party, expected at least one']],
    ['a header alone', header, ['parties.csv: found no party, expected at least one']],
    [
      'a missing column',
      'id,name,kind,number\nP1,A,national,1',
      ['parties.csv:1: expectedSince: found nothing, expected a column of this name in the header'],
    ],
    ['an unknown column', `${header},nmae\n`, ['parties.csv:1: nmae: unknown column, did you mean name?']],
    ['a column twice', `${header},id\n`, ['parties.csv:1: id: found this column twice, expected it once']],
    ['too few columns', `${header}\nP1,A`, ['parties.csv:2: found 2 columns, expected 5 as in the header']],
    [
      'a kind there is not',
      `${header}\nP1,A,nasional,1,2026-08-01`,
      ['parties.csv:2: kind: found "nasional", expected national or aceh'],
    ],
    [
      'a number that is none',
      `${header}\nP1,A,aceh,satu,2026-08-01`,
      ['parties.csv:2: number: found "satu", expected a whole number from 1 to 999'],
    ],
    [
      'a number too large',
      `${header}\nP1,A,aceh,1000,2026-08-01`,
      ['parties.csv:2: number: found number 1000, expected a whole number from 1 to 999'],
    ],
    [
      'a date as spreadsheets like it',
      `${header}\nP1,A,aceh,1,01/08/2026`,
      ['parties.csv:2: expectedSince: found "01/08/2026", expected a date, YYYY-MM-DD'],
    ],
    [
      'a day that is not in the calendar',
      `${header}\nP1,A,aceh,1,2026-02-30`,
      ['parties.csv:2: expectedSince: found "2026-02-30", expected a date, YYYY-MM-DD'],
    ],
    [
      'an empty cell',
      `${header}\nP1,,aceh,1,2026-08-01`,
      ['parties.csv:2: name: found nothing, expected a name of 1 to 120 characters'],
    ],
    [
      'an id twice',
      `${header}\n${line('P1')}\n${line('P1', 2)}`,
      ['parties.csv:3: id: found "P1", which line 2 has too, expected it once'],
    ],
    [
      'a number twice in a kind',
      `${header}\n${line('P1')}\n${line('P2')}`,
      ['parties.csv:3: number: found number 1, which line 2 has too, expected it once'],
    ],
    [
      'a quote without end',
      `${header}\nP1,"A,national,1,2026-08-01`,
      ['parties.csv:2: found a quote that is never closed'],
    ],
    [
      'text behind a quote',
      `${header}\nP1,"A"B,national,1,2026-08-01`,
      ['parties.csv:2: found text after a closing quote, expected a separator or the end of the line'],
    ],
    [
      'hidden signs in a name',
      `${header}\nP1,A\u202EB,national,1,2026-08-01`,
      ['parties.csv:2: name: found "A\\u{202e}B", expected a name of 1 to 120 characters'],
    ],
  ])('is refused with %s', (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it.each([
    ['', undefined],
    ['4', 4],
  ])('may say how many accounts a party has: %j', (cell, accounts) => {
    const result = parseRegister(`${header},accounts\n${line('P1')},${cell}\n`, 'parties.csv');
    expect(result.ok && result.value[0]?.accounts).toBe(accounts);
    expect(result.ok && Object.hasOwn(result.value[0] ?? {}, 'accounts')).toBe(accounts !== undefined);
  });

  it.each(['0', '1001', 'empat', '-1', '2.5'])('is refused with %s accounts', (cell) => {
    const [first, ...others] = problems(`${header},accounts\n${line('P1')},${cell}\n`);
    expect(others).toEqual([]);
    expect(first).toMatch(
      /^parties\.csv:2: accounts: found .+, expected a whole number from 1 to 1000, or nothing$/,
    );
  });

  it('lets a national and an Aceh local party have the same number', () => {
    const text = `${header}\n${line('P1')}\nA1,Partai Aceh,aceh,1,2026-08-01`;
    expect(problems(text)).toEqual([]);
  });

  it('is refused above its limit', () => {
    const many = Array.from({ length: maxParties + 1 }, (_, index) => line(`P${index}`, (index % 999) + 1));
    expect(problems([header, ...many].join('\n'))).toEqual([
      'parties.csv: found 1001 parties, expected at most 1000',
    ]);
  });

  it('shows the example in the repository', () => {
    const text = readFileSync(new URL('../../../docs/examples/parties.csv', import.meta.url), 'utf8');
    expect(problems(text)).toEqual([]);
  });
});

describe('a register in YAML', () => {
  it('is a list', () => {
    const text = '- { id: P1, name: Partai P1, kind: national, number: 1, expectedSince: 2026-08-01 }\n';
    expect(parseRegister(text, 'parties.yaml')).toEqual({ ok: true, value: [party('P1')] });
  });

  it.each([
    ['a mapping', 'parties: []', ['parties.yaml:1: found a mapping, expected a list of parties']],
    ['a word', '- P1', ['parties.yaml:1: [0]: found "P1", expected a party']],
    [
      'an unknown key',
      '- id: P1\n  nmae: x\n  name: A\n  kind: aceh\n  number: 1\n  expectedSince: 2026-08-01',
      ['parties.yaml:2: [0].nmae: unknown key, did you mean name?'],
    ],
    [
      'a key that is missing',
      '- id: P1\n  name: A\n  number: 1\n  expectedSince: 2026-08-01',
      ['parties.yaml:1: [0].kind: found nothing, expected national or aceh'],
    ],
    [
      'a number as text',
      '- id: P1\n  name: A\n  kind: aceh\n  number: "1"\n  expectedSince: 2026-08-01',
      ['parties.yaml:4: [0].number: found "1", expected a whole number from 1 to 999'],
    ],
    [
      'an id twice',
      '- &a { id: P1, name: A, kind: aceh, number: 1, expectedSince: 2026-08-01 }\n- { id: P1, name: A, kind: aceh, number: 2, expectedSince: 2026-08-01 }',
      ['parties.yaml:2: [1].id: found "P1", which line 1 has too, expected it once'],
    ],
  ])('is refused with %s', (_, text, expected) => {
    expect(problems(text, 'parties.yaml')).toEqual(expected);
  });
});
