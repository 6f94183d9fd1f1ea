import type { FileHandle } from 'node:fs/promises';

/** Bytes read at once, and so the longest piece handed over. */
export const maxChunkBytes = 1_048_576;

const lineFeed = 10;

/**
 * Reads whole lines from `offset`: at most 1 MiB that end with a line feed, `null` when no whole line is there yet.
 * A line longer than that is handed over in pieces, so that it can't hold up what comes after it.
 */
export async function readLines(file: FileHandle, offset: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const bytes = new Uint8Array(maxChunkBytes);
  const { bytesRead } = await file.read(bytes, 0, maxChunkBytes, offset);
  if (bytesRead === 0) return null;
  const end = bytes.subarray(0, bytesRead).lastIndexOf(lineFeed) + 1;
  if (end === 0) return bytesRead === maxChunkBytes ? bytes : null;
  return end === maxChunkBytes ? bytes : bytes.slice(0, end);
}

/** Offset just behind the line that starts at `offset`; `null` when its end is not there. */
export async function skipLine(file: FileHandle, offset: number): Promise<number | null> {
  const bytes = Buffer.alloc(65_536);
  for (let at = offset; ;) {
    const { bytesRead } = await file.read(bytes, 0, bytes.length, at);
    if (bytesRead === 0) return null;
    const end = bytes.subarray(0, bytesRead).indexOf(lineFeed);
    if (end >= 0) return at + end + 1;
    at += bytesRead;
  }
}
