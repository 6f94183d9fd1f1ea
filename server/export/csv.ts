/** What a spreadsheet may take for the beginning of a formula, in full width and other forms too. */
const starts = '=+\\-@\\uFF1D\\uFF0B\\uFF0D\\uFF20\\uFE66\\uFE62\\uFE63\\uFE6B\\u2212';
/** Space, quotes and unseen characters that a spreadsheet may pass over before it. */
const passedOver = '[\\s\\p{Cc}\\p{Cf}"\'`]*';

const leading = new RegExp(`^(?:[\\t\\r]|${passedOver}[${starts}])`, 'u');
// Where another separator is usual, as in Indonesia, or quotes are not understood, a cell may begin here too.
const within = new RegExp(`([;\\t\\r\\n]${passedOver})(?=[${starts}])`, 'gu');

/** A text that no spreadsheet takes for a formula: `'` is put before what could begin one. */
export function formulaSafe(text: string): string {
  const safe = text.replaceAll(within, "$1'");
  return leading.test(text) ? `'${safe}` : safe;
}

/** One row by RFC 4180, with its CRLF; numbers are written as they are, texts formula-safe, `null` as nothing. */
export const csvRow = (cells: readonly (string | number | null)[]): string =>
  `${cells.map(cell).join(',')}\r\n`;

function cell(value: string | number | null): string {
  if (value === null) return '';
  const text = typeof value === 'number' ? String(value) : formulaSafe(value);
  return /[",;\s]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
