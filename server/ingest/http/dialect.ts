import type { Result } from '../../../shared/result.ts';
import { maxSampleLength, type ChunkReceipt } from '../source.ts';

/** Why a request is refused as a whole; nothing of it was taken. */
export type IngestCode =
  | 'unauthorised'
  | 'not-found'
  | 'too-large'
  | 'too-many'
  | 'unavailable'
  | 'bad-request'
  | 'unsupported'
  | 'conflict';

/** Lines, documents or records of one request. */
export const maxItems = 200_000;

/** An item of a request that could not become a line. */
export interface Rejection {
  /** Which item of the request, from 1. */
  readonly line: number;
  readonly reason: string;
  /** Its beginning, at most 200 characters. */
  readonly sample: string;
}

/** What one request brings: its lines, what of it could not become a line, and how it is answered. */
export interface Delivery {
  /** Whole lines; all end with a line feed but those of plain text, which are as they were sent. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How many lines that are not empty `bytes` holds. */
  readonly lines: number;
  readonly rejected: readonly Rejection[];
  /** True when the same body can only be the same lines come again, since each has an id of its own. */
  readonly repeatable: boolean;
  /** The answer once every line is durable. */
  answer(receipt: ChunkReceipt): Reply;
}

export interface Refusal {
  readonly code: IngestCode;
  readonly message: string;
}

/** An answer, ready to be written. */
export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** How one request speaks: its body is read, and it is refused, in the terms of its sender. Neither throws. */
export interface Dialect {
  readonly name: 'lines' | 'bulk' | 'otlp';
  read(body: Uint8Array<ArrayBuffer>): Result<Delivery, 'bad-request' | 'unsupported' | 'too-large'>;
  refuse(refusal: Refusal): Reply;
}

/** Status of a refusal, whatever the dialect: all of them agree on these. */
export const statusOf: Record<IngestCode, number> = {
  unauthorised: 401,
  'not-found': 404,
  'too-large': 413,
  'too-many': 429,
  unavailable: 503,
  'bad-request': 400,
  unsupported: 415,
  conflict: 409,
};

const retryAfterSeconds = 2;

/** Headers of a refusal, whatever the dialect: when to come again, and that the rest of the body is not read. */
export function refusalHeaders(code: IngestCode): Record<string, string> {
  if (code === 'too-many' || code === 'unavailable') return { 'Retry-After': String(retryAfterSeconds) };
  return code === 'too-large' || code === 'unauthorised' ? { Connection: 'close' } : {};
}

/** The beginning of an item, as text. */
export function sampleOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, maxSampleLength))
    .toString('utf8')
    .slice(0, maxSampleLength);
}
