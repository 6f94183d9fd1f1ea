import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pieceFrame, readPieces } from '../../../server/control/piece-frames.ts';
import type { ImportPiece } from '../../../server/ingest/sources/import-desk.ts';
import { maxChunkBytes } from '../../../server/ingest/sources/read-lines.ts';

const hash = 'a'.repeat(64);

async function* inChunksOf(size: number, bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function all(chunks: AsyncIterable<Uint8Array>): Promise<ImportPiece[]> {
  const pieces: ImportPiece[] = [];
  for await (const piece of readPieces(chunks)) pieces.push(piece);
  return pieces;
}

const framed = (pieces: readonly ImportPiece[]): Buffer => Buffer.concat(pieces.flatMap(pieceFrame));

describe('pieces in a stream', () => {
  it('come out as they went in, however the stream is cut', async () => {
    const piece = fc.record(
      {
        bytes: fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes)),
        offset: fc.nat(),
        end: fc.nat(),
        long: fc.constant({ length: 2_000_000, sha256: hash }),
        tail: fc.constant({ hash, length: 256 }),
      },
      { requiredKeys: ['bytes', 'offset', 'end'] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 5 }),
        fc.integer({ min: 1, max: 50 }),
        async (pieces, size) => {
          expect(await all(inChunksOf(size, framed(pieces)))).toEqual(pieces);
        },
      ),
      { numRuns: 50 },
    );
  });

  it.each([
    ['that end within one', framed([{ bytes: new Uint8Array(9), offset: 0, end: 9 }]).subarray(0, -1)],
    ['whose head is endless', Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ['whose head is no JSON', Buffer.from([0, 0, 0, 1, 0x7b])],
    ['that are too large', frameOf({ offset: 0, end: 1, length: maxChunkBytes + 1 })],
    ['with a word that nobody knows', frameOf({ offset: 0, end: 1, length: 0, live: true })],
  ])('are refused: pieces %s', async (_what, bytes) => {
    await expect(all(inChunksOf(64, bytes))).rejects.toThrow();
  });
});

function frameOf(head: object): Buffer {
  const text = Buffer.from(JSON.stringify(head));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(text.length);
  return Buffer.concat([size, text]);
}
