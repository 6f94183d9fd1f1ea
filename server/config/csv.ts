/** One record of a CSV text: its fields, and the 1-based line on which it starts. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

export interface CsvProblem {
  readonly line: number;
  readonly what: string;
}

/**
 * Reads CSV as of RFC 4180, with LF, CR LF or CR at line ends and blank lines left out. The separator is `;` when the
 * first line has more of those outside of quotes than commas, as spreadsheets write where the comma is decimal.
 */
export function readCsv(text: string): { records: CsvRecord[]; problems: CsvProblem[] } {
  const separator = separatorOf(text);
  const records: CsvRecord[] = [];
  const problems: CsvProblem[] = [];
  // Either a quoted field with what stands after it, or a bare one, then what ends it.
  const bare = `[^${separator}\\r\\n]*`;
  const field = new RegExp(`(?:"((?:[^"]|"")*)"(${bare})|(${bare}))(${separator}|\\r\\n|\\n|\\r|$)`, 'y');
  let fields: string[] = [];
  let line = 1;
  let start = 1;
  while (field.lastIndex < text.length || fields.length > 0) {
    const match = field.exec(text);
    if (match === null) break;
    const [all, quoted, after, plain = '', end] = match;
    if (after !== undefined && after.trim() !== '')
      problems.push({
        line,
        what: 'found text after a closing quote, expected a separator or the end of the line',
      });
    if (quoted === undefined && plain.startsWith('"'))
      problems.push({ line, what: 'found a quote that is never closed' });
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    line += lineEndsIn(all);
    if (end === separator) continue;
    if (fields.some((value) => value.trim() !== '')) records.push({ line: start, fields });
    fields = [];
    start = line;
  }
  return { records, problems };
}

const lineEndsIn = (text: string) => text.match(/\r\n|\n|\r/g)?.length ?? 0;

function separatorOf(text: string): ',' | ';' {
  const header = /^[^\r\n]*/.exec(text.trimStart())?.[0].replaceAll(/"(?:[^"]|"")*"/g, '') ?? '';
  return header.split(';').length > header.split(',').length ? ';' : ',';
}
