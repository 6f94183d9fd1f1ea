import { readCsv } from './csv.ts';
import { parseYaml } from './located-yaml.ts';
import { found, unknownWord, type Problems } from './problem.ts';

/** Bytes of a register file. */
export const maxRegisterBytes = 1_048_576;

/** A row as it stands in the file, and where a column of it stands. */
export interface Row<Column extends string> {
  readonly values: Readonly<Partial<Record<Column, unknown>>>;
  lineOf(column: Column | null): number;
  readonly path: readonly PropertyKey[];
}

/** What a file of rows holds. */
export interface Table<Column extends string> {
  readonly columns: readonly Column[];
  /** Columns that may be left out of a CSV header. */
  readonly optional: readonly Column[];
  /** Columns whose CSV cells are whole numbers. */
  readonly numbers: readonly Column[];
  /** One row in words: `a party`. */
  readonly item: string;
  /** All rows in words: `a list of parties`. */
  readonly list: string;
}

interface Source {
  readonly text: string;
  /** As the operator wrote it. */
  readonly file: string;
  readonly problems: Problems;
}

/**
 * Rows of a CSV file with a header, or of a YAML list when the file's name ends in `.yaml` or `.yml`. Columns come in any order;
 * unknown, missing and doubled ones are reported, with the line. A column that a row doesn't fill is absent from its values.
 */
export function readRows<Column extends string>(table: Table<Column>, source: Source): Row<Column>[] {
  const text = source.text.startsWith('\uFEFF') ? source.text.slice(1) : source.text;
  return /\.ya?ml$/i.test(source.file)
    ? yamlRows(table, { ...source, text })
    : csvRows(table, { ...source, text });
}

function csvRows<Column extends string>(table: Table<Column>, { text, file, problems }: Source) {
  const { records, problems: broken } = readCsv(text);
  for (const { line, what } of broken) problems.report({ file, line, path: [] }, what);
  const [header, ...body] = records;
  if (header === undefined || broken.length > 0) return [];
  const names = header.fields.map((name) => name.trim());
  const places = columnPlaces(table, names, (path, what) =>
    problems.report({ file, line: header.line, path }, what),
  );
  if (places === null) return [];
  return body.flatMap(({ fields, line }): Row<Column>[] => {
    if (fields.length !== names.length) {
      problems.report(
        { file, line, path: [] },
        `found ${fields.length} columns, expected ${names.length} as in the header`,
      );
      return [];
    }
    const values: Partial<Record<Column, unknown>> = {};
    for (const [column, place] of places) {
      const cell = fields[place]?.trim() ?? '';
      if (cell === '' && table.optional.includes(column)) continue;
      values[column] = table.numbers.includes(column) && /^\d{1,9}$/.test(cell) ? Number(cell) : cell;
    }
    return [{ values, lineOf: () => line, path: [] }];
  });
}

/** Where each column stands in the header; `null` when a column is missing, unknown or there twice. */
function columnPlaces<Column extends string>(
  { columns, optional }: Table<Column>,
  names: readonly string[],
  report: (path: string[], what: string) => void,
): Map<Column, number> | null {
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
    if (place(column) < 0 && !optional.includes(column))
      refuse(column, 'found nothing, expected a column of this name in the header');
  if (!complete) return null;
  return new Map(
    columns.filter((column) => place(column) >= 0).map((column) => [column, place(column)] as const),
  );
}

function yamlRows<Column extends string>(table: Table<Column>, { text, file, problems }: Source) {
  const yaml = parseYaml(text);
  if (!('value' in yaml)) {
    for (const { line, what } of yaml) problems.report({ file, line, path: [] }, what);
    return [];
  }
  if (!Array.isArray(yaml.value)) {
    problems.report(
      { file, line: yaml.lineOf([]), path: [] },
      `${found(yaml.value)}, expected ${table.list}`,
    );
    return [];
  }
  return (yaml.value as unknown[]).flatMap((values, index): Row<Column>[] => {
    const lineOf = (key: string | null) => yaml.lineOf(key === null ? [index] : [index, key]);
    if (!isMapping(values)) {
      problems.report(
        { file, line: lineOf(null), path: [index] },
        `${found(values)}, expected ${table.item}`,
      );
      return [];
    }
    for (const key of Object.keys(values))
      if (!table.columns.some((column) => column === key))
        problems.report(
          { file, line: lineOf(key), path: [index, key] },
          unknownWord('key', key, table.columns),
        );
    const filled = Object.entries(values).filter(([, value]) => value !== null);
    return [{ values: Object.fromEntries(filled) as Row<Column>['values'], lineOf, path: [index] }];
  });
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An empty cell is nothing. */
export const foundIn = (cell: unknown) => found(cell === '' ? null : cell);

/** Whether text holds characters that can't be seen, or nothing that can. */
export const isUnprintable = (text: string): boolean =>
  /[\p{Cc}\p{Cf}\u2028\u2029]/u.test(text) || text.trim() === '';
