import * as z from 'zod/mini';
import { partySchema, type Party } from '../../shared/party.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { readCsv } from './csv.ts';
import { parseYaml } from './located-yaml.ts';
import { createProblems, found, unknownWord, type Problems } from './problem.ts';

/** Parties in one register. */
export const maxParties = 1_000;
/** Bytes of a register file. */
export const maxRegisterBytes = 1_048_576;

const columns = ['id', 'name', 'kind', 'number', 'expectedSince'] as const;
type Column = (typeof columns)[number];

/** A row as it stands in the file, and where a column of it stands. */
interface Row {
  readonly values: Readonly<Partial<Record<Column, unknown>>>;
  lineOf(column: Column | null): number;
  readonly path: readonly PropertyKey[];
}

const expectations: Record<Column, string> = {
  id: '1 to 40 letters, digits, dots, dashes or underscores',
  name: 'a name of 1 to 120 characters',
  kind: 'national or aceh',
  number: 'a whole number from 1 to 999',
  expectedSince: 'a date, YYYY-MM-DD',
};

/**
 * Reads a register: CSV with a header row, or a YAML list when `fileName` ends in `.yaml` or `.yml`.
 * The columns are id, name, kind, number, expectedSince, in any order. Refused are unknown and missing columns, ids that occur
 * twice, numbers that occur twice within a kind, an empty register and one of more than 1,000 parties.
 * The message has one line a problem, headed by `fileName` and the line in it.
 */
export function parseRegister(text: string, fileName: string): Result<Party[], 'bad-register'> {
  const problems = createProblems();
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const rows = /\.ya?ml$/i.test(fileName)
    ? yamlRows(source, fileName, problems)
    : csvRows(source, fileName, problems);
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

function csvRows(text: string, file: string, problems: Problems): Row[] {
  const { records, problems: broken } = readCsv(text);
  for (const { line, what } of broken) problems.report({ file, line, path: [] }, what);
  const [header, ...body] = records;
  if (header === undefined || broken.length > 0) return [];
  const names = header.fields.map((name) => name.trim());
  const places = columnPlaces(names, (path, what) =>
    problems.report({ file, line: header.line, path }, what),
  );
  if (places === null) return [];
  return body.flatMap(({ fields, line }) => {
    if (fields.length !== names.length) {
      problems.report(
        { file, line, path: [] },
        `found ${fields.length} columns, expected ${names.length} as in the header`,
      );
      return [];
    }
    const values = Object.fromEntries(
      columns.map((column) => {
        const cell = fields[places[column]]?.trim() ?? '';
        return [column, column === 'number' && /^\d{1,9}$/.test(cell) ? Number(cell) : cell];
      }),
    );
    return [{ values, lineOf: () => line, path: [] }];
  });
}

/** Where each column stands in the header; `null` when a column is missing, unknown or there twice. */
function columnPlaces(
  names: readonly string[],
  report: (path: string[], what: string) => void,
): Record<Column, number> | null {
  let complete = true;
  const refuse = (name: string, what: string) => {
    complete = false;
    report([name], what);
  };
  const plain = names.map((name) => name.toLowerCase());
  const place = (column: string) => plain.indexOf(column.toLowerCase());
  for (const [index, name] of names.entries()) {
    const known = columns.some((column) => column.toLowerCase() === plain[index]);
    if (!known) refuse(name, unknownWord('column', name, columns));
    else if (place(name) !== index) refuse(name, 'found this column twice, expected it once');
  }
  for (const column of columns)
    if (place(column) < 0) refuse(column, 'found nothing, expected a column of this name in the header');
  if (!complete) return null;
  return {
    id: place('id'),
    name: place('name'),
    kind: place('kind'),
    number: place('number'),
    expectedSince: place('expectedSince'),
  };
}

function yamlRows(text: string, file: string, problems: Problems): Row[] {
  const yaml = parseYaml(text);
  if (!('value' in yaml)) {
    for (const { line, what } of yaml) problems.report({ file, line, path: [] }, what);
    return [];
  }
  if (!Array.isArray(yaml.value)) {
    problems.report(
      { file, line: yaml.lineOf([]), path: [] },
      `${found(yaml.value)}, expected a list of parties`,
    );
    return [];
  }
  return (yaml.value as unknown[]).flatMap((values, index) => {
    const lineOf = (key: string | null) => yaml.lineOf(key === null ? [index] : [index, key]);
    if (!isMapping(values)) {
      problems.report({ file, line: lineOf(null), path: [index] }, `${found(values)}, expected a party`);
      return [];
    }
    for (const key of Object.keys(values))
      if (!columns.some((column) => column === key))
        problems.report({ file, line: lineOf(key), path: [index, key] }, unknownWord('key', key, columns));
    return [{ values, lineOf, path: [index] }];
  });
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function judge(rows: readonly Row[], file: string, problems: Problems): Party[] {
  const seen = new Map<string, number>();
  return rows.flatMap((row) => {
    const report = (column: Column, what: string) =>
      problems.report({ file, line: row.lineOf(column), path: [...row.path, column] }, what);
    const values = Object.fromEntries(columns.map((column) => [column, row.values[column]]));
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

/** An empty cell is nothing. */
const foundIn = (cell: unknown) => found(cell === '' ? null : cell);

/** What the schema of a party lets pass and a register must not hold. */
function isUnprintableOrNoDay(column: Column, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  if (column === 'name') return /[\p{Cc}\p{Cf}\u2028\u2029]/u.test(value) || value.trim() === '';
  if (column !== 'expectedSince') return false;
  const day = new Date(`${value}T00:00:00Z`);
  return Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== value;
}
