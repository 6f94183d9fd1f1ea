const quote = 34;
const backslash = 92;
const space = 32;
const dash = 45;

/** Index of the quote that ends a field; a quote behind an odd number of backslashes belongs to the field. -1 when none does. */
export function closingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (line.charCodeAt(at - 1 - backslashes) === backslash) backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
  return -1;
}

/** Whether a `-` without quotes stands behind the space at `start`, as a whole field. */
export function isBareDash(line: string, start: number): boolean {
  if (line.charCodeAt(start) !== space || line.charCodeAt(start + 1) !== dash) return false;
  return start + 2 === line.length || line.charCodeAt(start + 2) === space;
}

/** Whether a quoted field stands behind the space at `start`. */
export const isQuoted = (line: string, start: number): boolean =>
  line.charCodeAt(start) === space && line.charCodeAt(start + 1) === quote;

const maxDigits = 15;

/** The digits between two places as a number; -1 when there are none, too many, or anything else. */
export function wholeNumber(line: string, start: number, end: number): number {
  if (end <= start || end - start > maxDigits) return -1;
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = line.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
