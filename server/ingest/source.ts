import type { SourceHealth } from '../../shared/live/frame.ts';

/** Where a chunk's bytes came from, as far as the source can say. */
export interface ChunkOrigin {
  readonly source: string;
  /** Id and byte offset of a followed file; `null` for sources that have no such thing. */
  readonly file: { readonly id: string; readonly offset: number } | null;
}

/** Whole lines: ends with a line feed or is the end of a request. Handed over, the sender no longer touches `bytes`. */
export interface Chunk {
  readonly origin: ChunkOrigin;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What became of a chunk's lines. `received = stored + rejected`; `unparsed` are stored too. */
export interface ChunkReceipt {
  readonly received: number;
  readonly stored: number;
  readonly unparsed: number;
  readonly rejected: readonly { readonly line: number; readonly reason: string }[];
}

/** Takes a chunk and resolves once every line of it is durable, however long the store fails meanwhile; at the stop it may never resolve. */
export type HandOver = (chunk: Chunk) => Promise<ChunkReceipt>;

/** Lines that a source read, or knows to be lost, and could not take: `reason` is a short code, `sample` the beginning of the first of them. */
export interface Rejection {
  readonly source: string;
  readonly lines: number;
  readonly reason: string;
  readonly sample: string;
}

/** Counts lines as received and rejected. */
export type Reject = (rejection: Rejection) => void;

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
}
