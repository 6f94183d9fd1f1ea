import type { SiagaEvent } from '../../shared/event/fields.ts';
import { encodeRow } from '../store/events/encode-row.ts';
import type { ChunkDone, FromPipeline } from './messages.ts';

/** Rows that make one insert; about this many is where the store is quickest. */
const maxRows = 20_000;
/** Characters of rows that make one insert even with fewer rows: stays one block, and so atomic, in the store. */
const maxChars = 12_000_000;
/** Rows are turned to bytes in strings of about this length: long ones are slow to build, short ones slow to write. */
const pieceChars = 65_536;

const dayMs = 86_400_000;

/** Gathers rows into batches that are sent in order; a batch never spans two days of arrival, the store's partition. */
export interface Batch {
  /** Epoch ms at which the chunk arrived. */
  beginChunk(receivedAt: number): void;
  add(event: SiagaEvent, form: { bytes: boolean; clean: boolean }): void;
  /** Says that the chunk's rows are all added; it is done with the batch that holds its last row. */
  endChunk(done: ChunkDone): void;
  flush(): void;
}

export function createBatch(send: (message: FromPipeline, transfer: ArrayBuffer[]) => void): Batch {
  let pieces: Buffer[] = [];
  let text = '';
  let chars = 0;
  let rows = 0;
  let done: ChunkDone[] = [];
  let day = 0;

  const cut = (): void => {
    if (text !== '') pieces.push(Buffer.from(text, 'utf8'));
    text = '';
  };

  const flush = (): void => {
    if (rows === 0 && done.length === 0) return;
    cut();
    const tsv = join(pieces);
    send({ kind: 'batch', tsv, rows, done }, [tsv.buffer]);
    pieces = [];
    chars = 0;
    rows = 0;
    done = [];
  };

  return {
    beginChunk: (receivedAt) => {
      const today = Math.floor(receivedAt / dayMs);
      if (today !== day) flush();
      day = today;
    },
    add: (event, form) => {
      const row = encodeRow(event, form);
      text += row;
      chars += row.length;
      rows += 1;
      if (text.length >= pieceChars) cut();
      if (rows >= maxRows || chars >= maxChars) flush();
    },
    endChunk: (chunk) => {
      done.push(chunk);
    },
    flush,
  };
}

function join(pieces: readonly Buffer[]): Uint8Array<ArrayBuffer> {
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
