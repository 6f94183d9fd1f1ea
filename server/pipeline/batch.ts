import type { SiagaEvent } from '../../shared/event/fields.ts';
import { createRowWriter } from '../store/events/row-writer.ts';
import type { ChunkDone, FromPipeline } from './messages.ts';

/** Rows that make one insert; about this many is where the store is quickest. */
const maxRows = 40_000;
/** Bytes of rows that make one insert even with fewer rows: stays one block, and so atomic, in the store. */
const maxBytes = 24_000_000;

const dayMs = 86_400_000;

/** Gathers rows into batches that are sent in order; a batch never spans two days of arrival, the store's partition. */
export interface Batch {
  /** Epoch ms at which the chunk arrived. */
  beginChunk(receivedAt: number): void;
  /** With `bytes` each character of the event's texts stands for one byte of a line that is no valid UTF-8. */
  add(event: SiagaEvent, bytes: boolean): void;
  /** Says that the chunk's rows are all added; it is done with the batch that holds its last row. */
  endChunk(done: ChunkDone): void;
  flush(): void;
}

export function createBatch(send: (message: FromPipeline, transfer: ArrayBuffer[]) => void): Batch {
  const writer = createRowWriter();
  let done: ChunkDone[] = [];
  let day = 0;

  const flush = (): void => {
    if (writer.rows() === 0 && done.length === 0) return;
    const batch = writer.take();
    send({ kind: 'batch', batch, done }, [batch.data.buffer, batch.ends.buffer]);
    done = [];
  };

  return {
    beginChunk: (receivedAt) => {
      const today = Math.floor(receivedAt / dayMs);
      if (today !== day) flush();
      day = today;
    },
    add: (event, bytes) => {
      writer.add(event, bytes);
      if (writer.rows() >= maxRows || writer.size() >= maxBytes) flush();
    },
    endChunk: (chunk) => {
      done.push(chunk);
    },
    flush,
  };
}
