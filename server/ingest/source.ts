import type { SourceHealth } from '../../shared/live/frame.ts';

/** Where a chunk's bytes came from, as far as the source can say. */
export interface ChunkOrigin {
  readonly source: string;
  /**
   * What the bytes were read from (a followed file, a batch, a connection) and the byte offset in it at which they begin;
   * `null` when nothing can be read again from there.
   */
  readonly file: { readonly id: string; readonly offset: number } | null;
}

/** A line that is too long to be kept whole: the chunk holds its head only. */
export interface LongLine {
  /** Length of the whole line, bytes, without its line end. */
  readonly length: number;
  /** SHA-256 of the whole line, hex. */
  readonly sha256: string;
}

/** By what a followed file is known to be the one that was read so far: hash of the `length` bytes before an offset. */
export interface TailPrint {
  readonly hash: string;
  readonly length: number;
}

/** A batch that its sender may send again under the same id; it is stored once. */
export interface BatchMark {
  /** As the sender gave it. */
  readonly id: string;
  /** SHA-256 of the body, hex. */
  readonly digest: string;
  /** What a try before a crash had stored of it already. */
  readonly before: { readonly received: number; readonly unparsed: number };
}

/** A line that was received and is not stored, and why. */
export interface Rejection {
  readonly lines: number;
  readonly reason: string;
  /** The beginning of what was rejected, at most `maxSampleLength` characters. */
  readonly sample: string;
  /** Number of the line or item in its request, from 1; `null` where there is no such thing. */
  readonly line: number | null;
}

export const maxSampleLength = 200;

/** Whole lines: ends with a line feed or is the end of a request or file. Handed over, the sender no longer touches `bytes`. */
export interface Chunk {
  readonly origin: ChunkOrigin;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Offset of what follows in the file; right behind `bytes` when absent. */
  readonly end?: number;
  /** Set when `bytes` is the head of one long line. */
  readonly long?: LongLine;
  readonly tail?: TailPrint;
  readonly batch?: BatchMark;
  /** Lines of the same request that could not become lines of `bytes`. */
  readonly rejected?: readonly Rejection[];
}

/** A line that is stored as unparsed: its number in the chunk, from 1, and the parser's complaint. */
export interface LineComplaint {
  readonly line: number;
  readonly reason: string;
}

/** What became of a chunk's lines. `received = stored + rejected`; `unparsed` are stored too. */
export interface ChunkReceipt {
  readonly received: number;
  readonly stored: number;
  readonly unparsed: number;
  readonly rejected: readonly LineComplaint[];
  /** The first of the unparsed lines, at most `maxUnparsedListed`. */
  readonly unparsedLines: readonly LineComplaint[];
}

export const maxUnparsedListed = 20;

/** Takes a chunk and resolves once every line of it is durable, however long the store fails meanwhile; at the stop it may never resolve. */
export type HandOver = (chunk: Chunk) => Promise<ChunkReceipt>;

/** Lines that a source read, or knows to be lost, and could not take. */
export interface SourceRejection extends Omit<Rejection, 'line'> {
  readonly source: string;
}

/** Counts lines as received and rejected. */
export type Reject = (rejection: SourceRejection) => void;

/**
 * Turns the outside world into chunks. It commits its position, or answers its sender, only after the hand-over resolved.
 * `stop` ends reading, waits for chunks under way, and resolves; it may be called twice.
 */
export interface Source {
  readonly id: string;
  readonly kind: SourceHealth['kind'];
  start(handOver: HandOver): Promise<void>;
  stop(): Promise<void>;
  /** What is wrong now, `null` when nothing is. */
  fault(): SourceHealth['fault'];
  /** Bytes that are there and not read yet; `null` where nobody can tell. */
  behind?(): number | null;
}
