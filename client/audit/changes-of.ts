/** What a detail says of one field: what it was and is, or just what it is. */
export interface DetailLine {
  readonly field: string;
  /** `null` where nothing is said of before. */
  readonly before: string | null;
  /** `null` where it is gone. */
  readonly after: string | null;
}

/** Lines that are drawn of one row. */
export const maxDetailLines = 60;

/** The fields of `before` and `after` side by side, those that differ first, then all else that the detail says. */
export function changesOf(detail: Readonly<Record<string, unknown>>): DetailLine[] {
  const [before, after] = [fieldsOf(detail['before']), fieldsOf(detail['after'])];
  const both = [...new Set([...before.keys(), ...after.keys()])].map((field) => ({
    field,
    before: before.get(field) ?? null,
    after: after.get(field) ?? null,
  }));
  const differ = (line: DetailLine): number => Number(line.before === line.after);
  const others = Object.entries(detail)
    .filter(([name]) => name !== 'before' && name !== 'after')
    .map(([field, value]) => ({ field, before: null, after: textOf(value) }));
  return [...both.toSorted((a, b) => differ(a) - differ(b)), ...others].slice(0, maxDetailLines);
}

function fieldsOf(value: unknown): Map<string, string> {
  if (value === undefined || value === null) return new Map();
  if (typeof value !== 'object' || Array.isArray(value)) return new Map([['', textOf(value)]]);
  return new Map(Object.entries(value).map(([field, each]) => [field, textOf(each)]));
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
