import { isAscii, isUtf8 } from 'node:buffer';

/** Longest line that is kept whole, bytes; of a longer one the head is kept, and it counts as not understood. */
export const maxLineBytes = 65_536;

/** One line of a chunk. `bytes`: no valid UTF-8, so each character of `text` stands for one byte. */
export type OnLine = (text: string, offset: number, form: { bytes: boolean; length: number }) => void;

const lineFeed = 10;
const carriageReturn = 13;
const plain = { bytes: false };

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
      const kept = Math.min(end, start + maxLineBytes);
      onLine(text.slice(start, kept), start, { ...plain, length: end - start });
      count += 1;
    }
    start = next;
  }
  return count;
}

function eachByteLine(buffer: Buffer, onLine: OnLine): number {
  let count = 0;
  for (let start = 0; start < buffer.length;) {
    let end = buffer.indexOf(lineFeed, start);
    if (end < 0) end = buffer.length;
    const next = end + 1;
    if (buffer[end - 1] === carriageReturn) end -= 1;
    if (end > start) {
      const line = buffer.subarray(start, Math.min(end, start + maxLineBytes));
      const bytes = !isUtf8(line);
      onLine(bytes ? line.toString('latin1') : line.toString('utf8'), start, { bytes, length: end - start });
      count += 1;
    }
    start = next;
  }
  return count;
}
