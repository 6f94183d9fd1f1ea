import { createHash, type Hash } from 'node:crypto';
import type { LongLine, TailPrint } from '../source.ts';
import type { Content } from './content.ts';
import { tailBytes, tailOf } from './file-identity.ts';

/** Bytes read at once, and so the longest piece handed over. */
export const maxChunkBytes = 1_048_576;
/** How much of a line longer than a piece is handed over; the worker keeps as much of any line. */
const longHeadBytes = 65_536;

const lineFeed = 10;

/** Whole lines of a file, or the head of one line that is longer than a piece. */
export interface Piece {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Offset of what follows. */
  readonly end: number;
  readonly long?: LongLine;
  readonly tail?: TailPrint;
}

/** Reads a file onwards, piece by piece. */
export interface LineReader {
  /** Where the next piece begins. */
  offset(): number;
  /** The next whole lines; `null` when none is there yet. */
  next(): Promise<Piece | null>;
  /** What is left behind the last line feed, when nothing more will come; `null` when that is nothing. */
  rest(): Promise<Piece | null>;
  /** Goes on behind the piece; until then `next` gives it again. */
  taken(piece: Piece): void;
}

interface Long {
  readonly hash: Hash;
  readonly head: Uint8Array<ArrayBuffer>;
  length: number;
}

/** A reader from an offset on. Of a line longer than 1 MiB only the head is held: memory doesn't grow with it. */
export function createLineReader(content: Pick<Content, 'read'>, start: number): LineReader {
  let offset = start;
  let long: Long | null = null;

  const nextOfLong = async (begun: Long): Promise<Piece | null> => {
    const bytes = new Uint8Array(maxChunkBytes);
    for (;;) {
      const got = await content.read(bytes, offset + begun.length);
      if (got === 0) return null;
      const end = bytes.subarray(0, got).indexOf(lineFeed);
      begun.hash.update(bytes.subarray(0, end < 0 ? got : end));
      begun.length += end < 0 ? got : end;
      if (end >= 0) return longPiece(content, begun, offset + begun.length + 1);
    }
  };
  const next = async (): Promise<Piece | null> => {
    if (long) return nextOfLong(long);
    const bytes = new Uint8Array(maxChunkBytes);
    const got = await content.read(bytes, offset);
    const end = bytes.subarray(0, got).lastIndexOf(lineFeed) + 1;
    if (end > 0) return wholeLines(end === maxChunkBytes ? bytes : bytes.slice(0, end), offset);
    if (got < maxChunkBytes) return null;
    const hash = createHash('sha256').update(bytes);
    long = { hash, head: bytes.slice(0, longHeadBytes), length: got };
    return nextOfLong(long);
  };
  return {
    offset: () => offset,
    next,
    rest: async () => {
      const whole = await next();
      if (whole) return whole;
      if (long) return longPiece(content, long, offset + long.length);
      const bytes = new Uint8Array(maxChunkBytes);
      const got = await content.read(bytes, offset);
      return got === 0 ? null : wholeLines(bytes.slice(0, got), offset);
    },
    taken: ({ end }) => {
      offset = end;
      long = null;
    },
  };
}

const wholeLines = (bytes: Uint8Array<ArrayBuffer>, offset: number): Piece => ({
  bytes,
  end: offset + bytes.length,
  tail: tailOf(bytes),
});

async function longPiece(
  content: Pick<Content, 'read'>,
  { hash, head, length }: Long,
  end: number,
): Promise<Piece> {
  const long = { length, sha256: hash.copy().digest('hex') };
  return { bytes: head.slice(), end, long, tail: await tailBefore(content, end) };
}

/** Print of what stands before an offset. */
export async function tailBefore(content: Pick<Content, 'read'>, offset: number): Promise<TailPrint> {
  const bytes = new Uint8Array(Math.min(tailBytes, offset));
  const got = await content.read(bytes, offset - bytes.length);
  return tailOf(bytes.subarray(0, got));
}

/** Offset just behind the line that starts at `offset`, or behind the file's end when it has no end of its own; `null` when it isn't there. */
export async function skipLine(content: Pick<Content, 'read'>, offset: number): Promise<number | null> {
  const bytes = new Uint8Array(65_536);
  for (let at = offset; ;) {
    const got = await content.read(bytes, at);
    if (got === 0) return at > offset ? at : null;
    const end = bytes.subarray(0, got).indexOf(lineFeed);
    if (end >= 0) return at + end + 1;
    at += got;
  }
}

/** Where the content ends that goes on beyond `offset`; `null` when it doesn't. */
export async function endBehind(content: Pick<Content, 'read'>, offset: number): Promise<number | null> {
  const bytes = new Uint8Array(65_536);
  let end = offset;
  for (let got = await content.read(bytes, end); got > 0; got = await content.read(bytes, end)) end += got;
  return end === offset ? null : end;
}

/** Offset just behind the last line feed before `size`: where a file that is followed from its end begins. */
export async function lastLineEnd(content: Pick<Content, 'read'>, size: number): Promise<number> {
  const bytes = new Uint8Array(65_536);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - bytes.length);
    const got = await content.read(bytes.subarray(0, end - start), start);
    const at = bytes.subarray(0, got).lastIndexOf(lineFeed);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

/**
 * Offset of the first byte that is not NUL: a program that goes on writing at its old place in a file that was cut short
 * leaves a hole before it.
 */
export async function firstText(content: Pick<Content, 'read'>): Promise<number> {
  const bytes = new Uint8Array(maxChunkBytes);
  for (let at = 0; ;) {
    const got = await content.read(bytes, at);
    const text = bytes.subarray(0, got).findIndex((byte) => byte !== 0);
    if (text >= 0) return at + text;
    if (got === 0) return at;
    at += got;
  }
}
