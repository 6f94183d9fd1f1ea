import type { HandOver } from '../source.ts';
import type { Content } from './content.ts';
import { hashOf } from './file-identity.ts';
import type { FileMemory } from './file-memory.ts';
import type { KnownFile } from './known-files.ts';
import {
  createLineReader,
  endBehind,
  firstText,
  skipLine,
  tailBefore,
  type LineReader,
  type Piece,
} from './read-lines.ts';

/** Chunks of one file handed over and not yet durable. */
export const maxChunksUnderWay = 24;
/** Pieces of one file read before the next file has its turn. */
const piecesATurn = 8;

/** What became of a turn: read something, found nothing, waits for what is under way, or found another content under the file. */
export type Turn = 'read' | 'nothing' | 'busy' | 'replaced';

/** One file that is being read: open, and known. */
export interface FollowedFile {
  readonly content: Content;
  readonly known: KnownFile;
  path: string;
  /** As it looked at the last scan. */
  look: string;
  /** No name that we were told of leads to it any more; what writes to it may not know yet. */
  left: boolean;
  /** A copy, which won't grow. */
  readonly finite: boolean;
  /** Monotonic ms since when there was nothing to read. */
  quietSince: number;
  /** Size at the last look. */
  size: number;
  turn(): Promise<Turn>;
  /** Hands over what stands behind the last line feed. */
  finish(): Promise<void>;
  /** Resolves once all that was handed over is durable. */
  settled(): Promise<unknown>;
  underWay(): Promise<void> | null;
}

export interface FollowParts {
  readonly source: string;
  readonly content: Content;
  readonly known: KnownFile;
  readonly path: string;
  readonly look: string;
  readonly finite: boolean;
  readonly memory: FileMemory;
  readonly handOver: HandOver;
  readonly clock: () => number;
}

/** Reading goes on behind what is durable, and behind the newest line that was found stored after a crash. */
export async function resume(content: Content, known: KnownFile): Promise<void> {
  const { offset, lastLine } = known.file;
  if (lastLine === null) return;
  // Stored without its end it was the last line of a file that was read to its end.
  const behind = (await skipLine(content, lastLine)) ?? (await endBehind(content, lastLine));
  if (behind === null || behind <= offset) return;
  known.readTo = behind;
  known.tail = await tailBefore(content, behind);
}

export function followFile(parts: FollowParts): FollowedFile {
  const { content, known } = parts;
  let reader = createLineReader(content, known.readTo);
  const underWay = new Set<Promise<void>>();
  const give = (piece: Piece): void => {
    const done = handOver(parts, reader, piece).then(
      () => void underWay.delete(done),
      () => void underWay.delete(done),
    );
    underWay.add(done);
  };
  const self: FollowedFile = {
    content,
    known,
    path: parts.path,
    look: parts.look,
    left: false,
    finite: parts.finite,
    quietSince: parts.clock(),
    size: 0,
    underWay: () => (underWay.size === 0 ? null : Promise.race(underWay)),
    settled: () => Promise.all(underWay),
    finish: async () => {
      for (let piece = await reader.rest(); piece; piece = await reader.rest()) {
        give(piece);
        reader.taken(piece);
      }
    },
    turn: async () => {
      if (underWay.size >= maxChunksUnderWay) return 'busy';
      // A program that goes on writing at its old place in a file that was cut short leaves a hole before its next line.
      const text = reader.offset() === 0 ? await firstText(content) : 0;
      if (text > 0) reader = createLineReader(content, text);
      const before = reader.offset();
      for (let count = 0; count < piecesATurn && underWay.size < maxChunksUnderWay; count += 1) {
        const piece = await reader.next();
        if (!(await isUnchanged(parts, self, piece?.end ?? reader.offset()))) return 'replaced';
        if (!piece) break;
        give(piece);
        reader.taken(piece);
      }
      if (reader.offset() === before) return 'nothing';
      self.quietSince = parts.clock();
      return 'read';
    },
  };
  return self;
}

async function handOver(
  { source, known, handOver: give }: FollowParts,
  reader: LineReader,
  piece: Piece,
): Promise<void> {
  const origin = { source, file: { id: known.file.id, offset: reader.offset() } };
  known.readTo = piece.end;
  known.tail = piece.tail ?? null;
  await give({ origin, ...piece });
}

/**
 * Whether the file is still the one whose beginning we know: asked after each read and before anything is handed over, since a
 * file that was cut short and has grown again would give a piece from the middle of its new lines. Learns more of a beginning
 * that was short.
 */
async function isUnchanged(parts: FollowParts, self: FollowedFile, end: number): Promise<boolean> {
  const { content, known, memory } = parts;
  const size = await content.size();
  if (size === null) return true;
  if (size === self.size && size === known.readTo) return true;
  if (size < end) return false;
  const { headHash, headLength } = known.file;
  const head = await content.head();
  if (head.length < headLength || hashOf(head.subarray(0, headLength)) !== headHash) return false;
  self.size = size;
  if (head.length > headLength) {
    known.file = { ...known.file, headHash: hashOf(head), headLength: head.length };
    await memory.identify(known.file);
  }
  return true;
}
