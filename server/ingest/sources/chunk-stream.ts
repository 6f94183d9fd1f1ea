import type { HandOver } from '../source.ts';

/** Calls back once after so many ms, unless cancelled before. */
export type Schedule = (callback: () => void, afterMs: number) => { cancel(): void };

export interface ChunkStreamParts {
  readonly source: string;
  /** Names the stream in every event of it, where a followed file has the file's id. */
  readonly id: string;
  readonly handOver: HandOver;
  readonly schedule: Schedule;
  /** A batch is handed over when it has so many bytes, or is so old. */
  readonly batchBytes: number;
  readonly batchMs: number;
  /** Called whenever a chunk became durable. */
  readonly onDurable: () => void;
}

/** Gathers lines of one sender into chunks, hands them over in order, and knows how much of them is not durable yet. */
export interface ChunkStream {
  /** One line without its line end and without line feeds; an empty one is none. The bytes must not change afterwards. */
  add(line: Uint8Array): void;
  /** Hands over what is gathered. */
  flush(): void;
  /** Bytes gathered or handed over, and not durable. */
  readonly underWay: () => number;
  /** Resolves once all that was handed over is durable. */
  settled(): Promise<unknown>;
}

const lineEnd = new Uint8Array([10]);

export function createChunkStream(parts: ChunkStreamParts): ChunkStream {
  const waiting = new Set<Promise<void>>();
  let lines: Uint8Array[] = [];
  let gathered = 0;
  let handedOver = 0;
  let offset = 0;
  let timer: { cancel(): void } | null = null;

  const flush = (): void => {
    timer?.cancel();
    timer = null;
    if (gathered === 0) return;
    const bytes = joined(lines, gathered);
    lines = [];
    gathered = 0;
    handedOver += bytes.length;
    const { length } = bytes;
    const origin = { source: parts.source, file: { id: parts.id, offset } };
    offset += length;
    const settle = (): void => {
      handedOver -= length;
      waiting.delete(done);
      parts.onDurable();
    };
    const done: Promise<void> = parts.handOver({ origin, bytes }).then(settle);
    waiting.add(done);
  };

  return {
    add: (line) => {
      if (line.length === 0) return;
      lines.push(line, lineEnd);
      gathered += line.length + 1;
      if (gathered >= parts.batchBytes) flush();
      else timer ??= parts.schedule(flush, parts.batchMs);
    },
    flush,
    underWay: () => gathered + handedOver,
    settled: () => Promise.all(waiting),
  };
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
