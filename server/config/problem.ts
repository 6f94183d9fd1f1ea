/** Where a problem is: as the operator wrote the file's name, 1-based line, keys and indices from the outermost in. */
export interface Place {
  readonly file: string;
  readonly line: number | null;
  readonly path: readonly PropertyKey[];
}

/** Gathers problems, so that one start shows all of them. */
export interface Problems {
  /** `what` reads on from the place: `found number 5, expected a path`. */
  report(place: Place, what: string): void;
  /** Takes over lines that are printed already, as they are. */
  add(file: string, lines: readonly string[]): void;
  /** One line a problem, `file:line: key: what`, in the order of files as reported and of lines within a file; at most 100 and how many more. */
  lines(): string[];
}

/** Problems that are shown; nobody reads more at once. */
export const maxProblemsShown = 100;
const maxShown = 60;

/** An empty list of problems. */
export function createProblems(): Problems {
  const byFile = new Map<string, { line: number; text: string }[]>();
  const listOf = (file: string) => {
    const list = byFile.get(file) ?? [];
    byFile.set(file, list);
    return list;
  };
  return {
    report(place, what) {
      listOf(place.file).push({ line: place.line ?? 0, text: printProblem(place, what) });
    },
    add(file, lines) {
      const list = listOf(file);
      for (const text of lines) list.push({ line: 0, text });
    },
    lines() {
      const all = [...byFile.values()].flatMap((list) =>
        list.toSorted((a, b) => a.line - b.line).map(({ text }) => text),
      );
      const more = all.length - maxProblemsShown;
      return more > 0 ? [...all.slice(0, maxProblemsShown), `and ${more} more`] : all;
    },
  };
}

/** One problem as one line, whatever is in the names: `siaga.yaml:7: sources[0].path: found number 5, expected a path`. */
function printProblem({ file, line, path }: Place, what: string): string {
  const where = line === null ? file : `${file}:${line}`;
  return path.length === 0 ? `${where}: ${what}` : `${where}: ${printPath(path)}: ${what}`;
}

/** Keys as in code, `sources[0].path`; a key that is no plain word is quoted, and shortened to 60 characters. */
function printPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = String(key);
    if (!/^[\w-]{1,60}$/.test(name)) return `${text}[${quoted(name)}]`;
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

/** A value in a few words, safe to print: `number 5`, `"abc"`, `a list`, `nothing`. */
export function found(value: unknown): string {
  if (value === undefined || value === null) return 'found nothing';
  if (typeof value === 'string') return `found ${quoted(value)}`;
  if (typeof value === 'number' || typeof value === 'bigint') return `found number ${value}`;
  if (typeof value === 'boolean') return `found ${value}`;
  return Array.isArray(value) ? 'found a list' : 'found a mapping';
}

/** JSON string with control characters escaped, those of C1 and of text direction too. */
function quoted(text: string): string {
  const short = text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
  return JSON.stringify(short).replace(
    /[\u007f-\u009f\p{Cf}\u2028\u2029]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** What to say of a key that there isn't: the nearest known one, or all of them when none is near. */
export function unknownWord(
  kind: 'key' | 'column' | 'option' | 'field' | 'command' | 'format',
  word: string,
  known: readonly string[],
): string {
  const near = nearest(word, known);
  const hint = near === null ? `expected one of ${known.join(', ')}` : `did you mean ${near}?`;
  return `unknown ${kind}, ${hint}`;
}

/** The known word with the fewest edits, case ignored; `null` when more than a third of it would change. */
function nearest(word: string, known: readonly string[]): string | null {
  if (word.length > maxShown) return null;
  const plain = (text: string) => text.toLowerCase().replaceAll(/[_-]/g, '');
  const ranked = known
    .map((candidate) => ({ candidate, edits: edits(plain(word), plain(candidate)) }))
    .toSorted((a, b) => a.edits - b.edits);
  const best = ranked[0];
  if (best === undefined) return null;
  return best.edits <= Math.max(1, Math.floor(best.candidate.length / 3)) ? best.candidate : null;
}

/** Edits (insert, delete, replace, swap of neighbours) between two short words: optimal string alignment. */
function edits(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= a.length; row += 1) {
    rows[row] = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1;
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const least = Math.min(
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        at(row - 1, column - 1) + same,
        swapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
      rows[row]?.push(least);
    }
  }
  return at(a.length, b.length);
}
