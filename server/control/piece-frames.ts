import * as z from 'zod/mini';
import type { ImportPiece } from '../ingest/sources/import-desk.ts';
import { maxChunkBytes } from '../ingest/sources/read-lines.ts';
import { pieceHeadSchema } from './calls.ts';

/** Longest head of a piece, bytes of JSON. */
const maxHeadBytes = 4_096;
const sizeBytes = 4;

/** A piece on its way through a stream: the length of its head (32 bits, big-endian), the head in JSON, its bytes. */
export function pieceFrame({ bytes, ...place }: ImportPiece): Uint8Array[] {
  const head = Buffer.from(JSON.stringify({ ...place, length: bytes.length }));
  const size = Buffer.alloc(sizeBytes);
  size.writeUInt32BE(head.length);
  return [size, head, bytes];
}

/** The pieces of a stream of frames; throws when they are malformed or end within one. */
export async function* readPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ImportPiece> {
  const bytes = createByteQueue(chunks);
  for (;;) {
    const size = await bytes.take(sizeBytes);
    if (size === null) return;
    const headLength = Buffer.from(size).readUInt32BE();
    if (headLength > maxHeadBytes) throw new Error(`found a head of ${headLength} bytes`);
    const { length, ...place } = z.parse(pieceHeadSchema, JSON.parse(textOf(await bytes.must(headLength))));
    if (length > maxChunkBytes) throw new Error(`found a piece of ${length} bytes`);
    yield { ...place, bytes: await bytes.must(length) };
  }
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** Takes so many bytes at a time out of chunks of any length, each time as memory of its own. */
function createByteQueue(chunks: AsyncIterable<Uint8Array>) {
  const source = chunks[Symbol.asyncIterator]();
  let waiting: Uint8Array[] = [];
  let held = 0;
  const fill = async (count: number): Promise<boolean> => {
    while (held < count) {
      const next = await source.next();
      if (next.done) return false;
      waiting.push(next.value);
      held += next.value.length;
    }
    return true;
  };
  const cut = (count: number): Uint8Array<ArrayBuffer> => {
    const all = new Uint8Array(count);
    let filled = 0;
    const rest: Uint8Array[] = [];
    for (const chunk of waiting) {
      const step = Math.min(chunk.length, count - filled);
      all.set(chunk.subarray(0, step), filled);
      filled += step;
      if (step < chunk.length) rest.push(chunk.subarray(step));
    }
    waiting = rest;
    held -= count;
    return all;
  };
  const take = async (count: number): Promise<Uint8Array<ArrayBuffer> | null> => {
    if (await fill(count)) return cut(count);
    if (held > 0) throw new Error('the pieces end within one');
    return null;
  };
  return {
    /** `null` at the end. */
    take,
    must: async (count: number): Promise<Uint8Array<ArrayBuffer>> => {
      const bytes = await take(count);
      if (bytes === null) throw new Error('the pieces end within one');
      return bytes;
    },
  };
}
