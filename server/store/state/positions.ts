import type { Transaction } from 'kysely';
import { inChunks } from './in-chunks.ts';
import { readMeta, writeMeta } from './ledger-rows.ts';
import type { FilePositionRow, StateDatabase } from './schema.ts';
import type { StateDb } from './state-store.ts';

/** How far a followed file is durable, and by what it is known again after a rename or a copy. */
export interface FilePosition {
  /** Siaga's id of the file. */
  readonly id: string;
  readonly source: string;
  readonly path: string;
  readonly device: number;
  readonly inode: number;
  /** Hash of the first `headLength` bytes. */
  readonly headHash: string;
  readonly headLength: number;
  /** Bytes from the file's start that are durable. */
  readonly offset: number;
  /** Hash of the bytes before `offset`; `null` where it is not known. */
  readonly tail: { readonly hash: string; readonly length: number } | null;
  /** Offset of the newest line found stored behind `offset` after a crash; `null` when there is none. */
  readonly lastLine: number | null;
  /** Nothing more is read from it. */
  readonly finished: boolean;
}

/** What the books say of a file. */
export type DurableFile = Pick<FilePosition, 'id' | 'offset' | 'tail'>;

export interface Positions {
  /** All known files of a source, by id. */
  readonly all: (source: string) => Promise<FilePosition[]>;
  /** Keeps a file for the first time; rejects when its id is known. */
  readonly create: (position: FilePosition) => Promise<void>;
  /** Takes in another name or a longer head; how far the file is durable is for the books to say. */
  readonly identify: (
    file: Pick<FilePosition, 'id' | 'path' | 'device' | 'inode' | 'headHash' | 'headLength'>,
  ) => Promise<void>;
  /** Nothing more is read from the file. */
  readonly finish: (id: string) => Promise<void>;
  /** Until when a source was followed before; `null` at its first start ever. Forgets its files beyond `maxRemembered`, those read to their end first, then those seen longest ago. */
  readonly begin: (source: string) => Promise<number | null>;
  /** All files of the source that were there at that moment are known. */
  readonly alive: (source: string, at: number) => Promise<void>;
}

/** Files remembered of a source. */
export const maxRemembered = 2_000;

const toRow = (position: FilePosition, now: number): FilePositionRow => ({
  id: position.id,
  source: position.source,
  path: position.path,
  device: position.device,
  inode: position.inode,
  head_hash: position.headHash,
  head_length: position.headLength,
  offset: position.offset,
  tail_hash: position.tail?.hash ?? null,
  tail_length: position.tail?.length ?? null,
  last_line: position.lastLine,
  finished: position.finished ? 1 : 0,
  seen_at: now,
});

function fromRow(row: FilePositionRow): FilePosition {
  const { head_hash, head_length, tail_hash, tail_length, last_line, finished, seen_at, ...same } = row;
  void seen_at;
  return {
    ...same,
    headHash: head_hash,
    headLength: head_length,
    tail: tail_hash === null || tail_length === null ? null : { hash: tail_hash, length: tail_length },
    lastLine: last_line,
    finished: finished === 1,
  };
}

/** Positions of followed files in the state store. */
export function createPositions({ db, now }: { db: StateDb; now: () => number }): Positions {
  return {
    async all(source) {
      const rows = await db
        .selectFrom('file_positions')
        .selectAll()
        .where('source', '=', source)
        .orderBy('id')
        .execute();
      return rows.map(fromRow);
    },
    async create(position) {
      await db.insertInto('file_positions').values(toRow(position, now())).execute();
    },
    async identify({ id, path, device, inode, headHash, headLength }) {
      await db
        .updateTable('file_positions')
        .set({ path, device, inode, head_hash: headHash, head_length: headLength, seen_at: now() })
        .where('id', '=', id)
        .execute();
    },
    async finish(id) {
      await db.updateTable('file_positions').set({ finished: 1 }).where('id', '=', id).execute();
    },
    async begin(source) {
      const before = await readMeta(db, aliveName(source));
      const first = await db
        .selectFrom('file_positions')
        .select('id')
        .where('source', '=', source)
        .limit(1)
        .execute();
      if (before === null) await writeMeta(db, aliveName(source), now());
      await forgetOld(db, source);
      return before ?? (first.length > 0 ? now() : null);
    },
    alive: (source, at) => writeMeta(db, aliveName(source), at),
  };
}

const aliveName = (source: string): string => `source:${source}`;

async function forgetOld(db: StateDb, source: string): Promise<void> {
  const old = await db
    .selectFrom('file_positions')
    .select('id')
    .where('source', '=', source)
    // Those that are read to their end go first: a log that is never rotated was last seen to change long ago.
    .orderBy((each) => each.fn.coalesce('finished', each.val(0)))
    .orderBy('seen_at', 'desc')
    .limit(1_000)
    .offset(maxRemembered)
    .execute();
  const ids = old.map(({ id }) => id);
  for (const chunk of inChunks(ids)) await db.deleteFrom('file_positions').where('id', 'in', chunk).execute();
}

type Tx = Transaction<StateDatabase>;

/** Moves a followed file on; what is no followed file is passed over. */
export async function saveDurable(tx: Tx, { id, offset, tail }: DurableFile): Promise<void> {
  await tx
    .updateTable('file_positions')
    .set({
      offset,
      tail_hash: tail?.hash ?? null,
      tail_length: tail?.length ?? null,
      last_line: null,
    })
    .where('id', '=', id)
    .execute();
}

/** Notes the newest line found stored behind a followed file's offset; false when no followed file has that id. */
export async function saveLastLine(tx: Tx, id: string, lastLine: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('file_positions')
    .set({ last_line: lastLine })
    .where('id', '=', id)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
