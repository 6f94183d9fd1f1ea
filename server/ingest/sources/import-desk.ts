import { fail, ok, type Result } from '../../../shared/result.ts';
import type { SourceFormat } from '../../config/configuration.ts';
import type { Chunk, ChunkReceipt, HandOver, LongLine, TailPrint } from '../source.ts';
import { beginsAs, type FileIdentity } from './file-identity.ts';
import type { FileMemory, RememberedFile } from './file-memory.ts';
import { maxChunksUnderWay } from './followed-file.ts';

/** Whole lines of a file that is imported, or the head of one long line. */
export interface ImportPiece {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where it begins in the file, and what follows begins. */
  readonly offset: number;
  readonly end: number;
  readonly long?: LongLine | undefined;
  readonly tail?: TailPrint | undefined;
}

/** How the lines of an import are read. */
export interface ImportSettings {
  /** Id under which its lines are stored. */
  readonly source: string;
  readonly format: SourceFormat;
  readonly zone?: string | undefined;
}

/** A file that is to be imported from an offset on. */
export interface ImportedFile extends ImportSettings {
  /** Of the answer in which `file.id` was looked for. */
  readonly ticket: string;
  /** `id` is `null` for a file that was never imported. */
  readonly file: FileIdentity & { readonly id: string | null; readonly path: string };
  readonly from: number;
}

/** What an import came to. */
export interface ImportDone {
  readonly stored: number;
  readonly unparsed: number;
  /** Lines of the file that were stored before. */
  readonly before: number;
}

export type ImportCode = 'live-source' | 'busy' | 'stale' | 'bad-piece' | 'unavailable';

/** Takes files in as history, each line once, however often the import is broken off and begun again. */
export interface ImportDesk {
  /** Files imported into the source before that begin with `head`, and the ticket for `take`. */
  known(
    source: string,
    head: Uint8Array,
  ): Promise<Result<{ files: RememberedFile[]; ticket: string }, ImportCode>>;
  /**
   * Stores the pieces in order and resolves once they are durable and in the books. When they end with an error it rejects,
   * and what came before is kept. `stale`: look for the file again.
   */
  take(
    file: ImportedFile,
    pieces: AsyncIterable<ImportPiece>,
    told: (receipt: ChunkReceipt, piece: { readonly end: number }) => void,
  ): Promise<Result<ImportDone, ImportCode>>;
  /** Resolves once nothing is under way; nothing more is taken. */
  stop(): Promise<void>;
}

export interface ImportDeskParts {
  readonly memory: Pick<FileMemory, 'all' | 'create' | 'identify'>;
  /** Whether a configured source has that id. */
  readonly isLive: (source: string) => boolean;
  /** Makes ready for the source's lines as history. */
  readonly begin: (settings: ImportSettings) => Promise<HandOver>;
  /** Resolves once what was settled is in the books; rejects when it can't be written now. */
  readonly committed: () => Promise<void>;
  /** Lines stored of a file. */
  readonly storedOf: (fileId: string) => Promise<number>;
  /** Unguessable. */
  readonly newId: () => string;
}

/** Under what positions of an import are kept: apart from those of a source that is followed under the same id. */
const memoryName = (source: string): string => `import:${source}`;

export function createImportDesk(parts: ImportDeskParts): ImportDesk {
  const { memory, isLive, newId } = parts;
  const underWay = new Map<string, Promise<unknown>>();
  let ticket = newId();
  let stopped = false;

  const refusal = (source: string): Result<never, ImportCode> | null => {
    if (stopped) return fail('unavailable', 'the server is stopping');
    if (isLive(source))
      return fail('live-source', `${source} is a source that is heard live, expected another id`);
    return underWay.has(source)
      ? fail('busy', `another import into ${source} is under way, expected one at a time`)
      : null;
  };

  return {
    known: async (source, head) => {
      const refused = refusal(source);
      if (refused !== null) return refused;
      // Given out before the files are read: what is taken meanwhile makes it stale.
      const given = ticket;
      const files = await memory.all(memoryName(source));
      return ok({ files: files.filter((file) => beginsAs(head, file)), ticket: given });
    },
    take: async (file, pieces, told) => {
      const refused = refusal(file.source);
      if (refused !== null) return refused;
      if (file.ticket !== ticket) return fail('stale', 'other files were imported meanwhile');
      ticket = newId();
      const done = takeFile(parts, file, pieces, told);
      underWay.set(
        file.source,
        done.catch(() => undefined),
      );
      try {
        return await done;
      } finally {
        underWay.delete(file.source);
      }
    },
    stop: async () => {
      stopped = true;
      await Promise.all(underWay.values());
    },
  };
}

type Told = Parameters<ImportDesk['take']>[2];

async function takeFile(
  parts: ImportDeskParts,
  imported: ImportedFile,
  pieces: AsyncIterable<ImportPiece>,
  told: Told,
): Promise<Result<ImportDone, ImportCode>> {
  const id = await remember(parts, imported);
  if (id === null) return fail('stale', 'the file is not known as it was');
  const before = await parts.storedOf(id);
  const handOver = await parts.begin(imported);
  const sum = { stored: 0, unparsed: 0, before };
  const count: Told = (receipt, piece) => {
    sum.stored += receipt.stored;
    sum.unparsed += receipt.unparsed;
    told(receipt, piece);
  };
  const outcome = await handAll({ imported, id, handOver, pieces, told: count });
  await parts.committed();
  return outcome ?? ok(sum);
}

/** Knows the file from now on; `null` when it was known otherwise. */
async function remember({ memory, newId }: ImportDeskParts, imported: ImportedFile): Promise<string | null> {
  const { file, from, source } = imported;
  const { id, path, device, inode, headHash, headLength } = file;
  const identity = { path, device, inode, headHash, headLength };
  if (id === null) {
    const created = newId();
    await memory.create({
      ...identity,
      id: created,
      source: memoryName(source),
      offset: 0,
      tail: null,
      lastLine: null,
      finished: false,
    });
    return from === 0 ? created : null;
  }
  const known = (await memory.all(memoryName(source))).find((each) => each.id === id);
  if (!known || from < known.offset) return null;
  await memory.identify({ ...identity, id });
  return id;
}

interface HandAllParts {
  readonly imported: ImportedFile;
  readonly id: string;
  readonly handOver: HandOver;
  readonly pieces: AsyncIterable<ImportPiece>;
  readonly told: Told;
}

/** Hands the pieces over, a few at a time, and waits until all are durable, also when their sender is gone. */
async function handAll({ imported, id, handOver, pieces, told }: HandAllParts) {
  const underWay = new Set<Promise<void>>();
  let at = imported.from;
  try {
    for await (const piece of pieces) {
      if (piece.offset !== at || piece.end <= at)
        return fail('bad-piece', `a piece from ${piece.offset} to ${piece.end}, expected one from ${at}`);
      at = piece.end;
      const done: Promise<void> = handOver(chunkOf(imported.source, id, piece)).then((receipt) => {
        underWay.delete(done);
        told(receipt, piece);
      });
      underWay.add(done);
      if (underWay.size >= maxChunksUnderWay) await Promise.race(underWay);
    }
    return null;
  } finally {
    await Promise.all(underWay);
  }
}

const chunkOf = (source: string, id: string, { bytes, offset, end, long, tail }: ImportPiece): Chunk => ({
  origin: { source, file: { id, offset } },
  bytes,
  end,
  ...(long && { long }),
  ...(tail && { tail }),
});
