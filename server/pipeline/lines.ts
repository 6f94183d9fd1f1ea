import { isAscii, isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';

/** Longest line that is kept whole, bytes; of a longer one the head is kept, and it counts as not understood. */
export const maxLineBytes = 65_536;

export interface LineForm {
  /** True when it is no valid UTF-8: each character of the text stands for one byte. */
  readonly bytes: boolean;
  /** Length of the whole line, bytes. */
  readonly length: number;
  /** Hex SHA-256 of the whole line where only its head is kept, else `null`. */
  readonly sha256: string | null;
}

/** One line of a chunk, or its head. */
export type OnLine = (text: string, offset: number, form: LineForm) => void;

const lineFeed = 10;
const carriageReturn = 13;

const hashOfLong = (line: Uint8Array): string | null =>
  line.length > maxLineBytes ? createHash('sha256').update(line).digest('hex') : null;

/** Calls `onLine` for each line of a chunk, without its line end; empty lines are no lines. Returns how many there were. */
export function eachLine(chunk: Uint8Array, onLine: OnLine): number {
  const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  return isAscii(buffer) ? eachAsciiLine(buffer, onLine) : eachByteLine(buffer, onLine);
}

/** In ASCII a character is a byte, so the whole chunk is decoded at once and offsets are string indices. */
function eachAsciiLine(buffer: Buffer, onLine: OnLine): number {
  const text = buffer.toString('latin1');
  let count = 0;
  for (let start = 0; start < text.length;) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const next = end + 1;
    if (text.charCodeAt(end - 1) === carriageReturn) end -= 1;
    if (end > start) {
      if (end - start > maxLineBytes) byteLine(buffer.subarray(start, end), start, onLine);
      else onLine(text.slice(start, end), start, { bytes: false, length: end - start, sha256: null });
      count += 1;
    }
    start = next;
  }
  return count;
}

function byteLine(line: Buffer, offset: number, onLine: OnLine): void {
  const head = headOf(line);
  const bytes = !isUtf8(head);
  const form = { bytes, length: line.length, sha256: hashOfLong(line) };
  onLine(bytes ? head.toString('latin1') : head.toString('utf8'), offset, form);
}

/** What is kept of a line: all, or its beginning, which ends between two characters. */
function headOf(line: Buffer): Buffer {
  if (line.length <= maxLineBytes) return line;
  let end = maxLineBytes;
  // A character of UTF-8 has at most three continuation bytes.
  for (let back = 0; back < 3 && ((line[end] ?? 0) & 0xc0) === 0x80; back += 1) end -= 1;
  return line.subarray(0, isUtf8(line.subarray(0, end)) ? end : maxLineBytes);
}

function eachByteLine(buffer: Buffer, onLine: OnLine): number {
  let count = 0;
  for (let start = 0; start < buffer.length;) {
    let end = buffer.indexOf(lineFeed, start);
    if (end < 0) end = buffer.length;
    const next = end + 1;
    if (buffer[end - 1] === carriageReturn) end -= 1;
    if (end > start) {
      byteLine(buffer.subarray(start, end), start, onLine);
      count += 1;
    }
    start = next;
  }
  return count;
}
