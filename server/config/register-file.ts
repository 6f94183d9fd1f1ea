import * as z from 'zod/mini';
import { partySchema, type Party } from '../../shared/party.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { createProblems, found, type Problems } from './problem.ts';
import { foundIn, isUnprintable, readRows, type Row, type Table } from './table-file.ts';

/** Parties in one register. */
export const maxParties = 1_000;

const columns = ['id', 'name', 'kind', 'number', 'expectedSince', 'accounts'] as const;
type Column = (typeof columns)[number];

const table: Table<Column> = {
  columns,
  optional: ['accounts'],
  numbers: ['number', 'accounts'],
  item: 'a party',
  list: 'a list of parties',
};

const expectations: Record<Column, string> = {
  id: '1 to 40 letters, digits, dots, dashes or underscores',
  name: 'a name of 1 to 120 characters',
  kind: 'national or aceh',
  number: 'a whole number from 1 to 999',
  expectedSince: 'a date, YYYY-MM-DD',
  accounts: 'a whole number from 1 to 1000, or nothing',
};

/**
 * Reads a register: CSV with a header row, or a YAML list when `fileName` ends in `.yaml` or `.yml`.
 * The columns are id, name, kind, number, expectedSince and, if wanted, accounts, in any order. Refused are unknown and missing
 * columns, ids that occur twice, numbers that occur twice within a kind, an empty register and one of more than 1,000 parties.
 * The message has one line a problem, headed by `fileName` and the line in it.
 */
export function parseRegister(text: string, fileName: string): Result<Party[], 'bad-register'> {
  const problems = createProblems();
  const rows = readRows(table, { text, file: fileName, problems });
  const parties = rows.length > maxParties ? [] : judge(rows, fileName, problems);
  if (rows.length > maxParties)
    problems.report(
      { file: fileName, line: null, path: [] },
      `found ${rows.length} parties, expected at most ${maxParties}`,
    );
  const lines = problems.lines();
  if (lines.length > 0) return fail('bad-register', lines.join('\n'));
  if (parties.length === 0) return fail('bad-register', `${fileName}: found no party, expected at least one`);
  return ok(parties);
}

function judge(rows: readonly Row<Column>[], file: string, problems: Problems): Party[] {
  const seen = new Map<string, number>();
  return rows.flatMap((row) => {
    const report = (column: Column, what: string) =>
      problems.report({ file, line: row.lineOf(column), path: [...row.path, column] }, what);
    const { values } = row;
    const parsed = z.safeParse(partySchema, values);
    const wrong = columns.filter(
      (column) =>
        parsed.error?.issues.some(({ path }) => path[0] === column) ||
        isUnprintableOrNoDay(column, values[column]),
    );
    for (const column of wrong)
      report(column, `${foundIn(values[column])}, expected ${expectations[column]}`);
    if (!parsed.success || wrong.length > 0) return [];
    const party = parsed.data;
    const once = (column: Column, key: string) => {
      const before = seen.get(key);
      if (before !== undefined)
        report(column, `${found(values[column])}, which line ${before} has too, expected it once`);
      else seen.set(key, row.lineOf(column));
    };
    once('id', `id ${party.id}`);
    once('number', `number ${party.kind} ${party.number}`);
    return [party];
  });
}

/** What the schema of a party lets pass and a register must not hold. */
function isUnprintableOrNoDay(column: Column, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  if (column === 'name') return isUnprintable(value);
  if (column !== 'expectedSince') return false;
  const day = new Date(`${value}T00:00:00Z`);
  return Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== value;
}
