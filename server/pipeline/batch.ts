import type { SiagaEvent } from '../../shared/event/fields.ts';
import { encodeRow } from '../store/events/encode-row.ts';
import type { ChunkDone, FromPipeline } from './messages.ts';

/** Rows that make one insert; about this many is where the store is quickest. */
const maxRows = 40_000;
/** Characters of rows that make one insert even with fewer rows: stays one block, and so atomic, in the store. */
const maxChars = 24_000_000;
/** Rows are turned to bytes in strings of about this length: long ones are slow to build, short ones slow to write. */
const pieceChars = 65_536;
/** Bytes that a batch begins with room for; it grows as it must. */
const firstCapacity = 4 * 1_048_576;

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
  let bytes = createGrowing();
  let text = '';
  let chars = 0;
  let rows = 0;
  let done: ChunkDone[] = [];
  let day = 0;

  const flush = (): void => {
    if (rows === 0 && done.length === 0) return;
    bytes.append(text);
    const tsv = bytes.taken();
    send({ kind: 'batch', tsv, rows, done }, [tsv.buffer]);
    bytes = createGrowing();
    text = '';
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
      if (text.length >= pieceChars) {
        bytes.append(text);
        text = '';
      }
      if (rows >= maxRows || chars >= maxChars) flush();
    },
    endChunk: (chunk) => {
      done.push(chunk);
    },
    flush,
  };
}

/** Bytes to which text is appended as UTF-8; begun once there is any. */
function createGrowing() {
  let buffer = Buffer.alloc(0);
  let size = 0;
  return {
    append: (text: string): void => {
      // A character of a JavaScript string takes at most three bytes.
      if (buffer.length - size < text.length * 3) {
        const capacity = Math.max(firstCapacity, buffer.length * 2, size + text.length * 3);
        const larger = Buffer.from(new ArrayBuffer(text === '' ? 0 : capacity));
        larger.set(buffer.subarray(0, size));
        buffer = larger;
      }
      size += buffer.write(text, size, 'utf8');
    },
    taken: (): Uint8Array<ArrayBuffer> => new Uint8Array(buffer.buffer, 0, size),
  };
}
