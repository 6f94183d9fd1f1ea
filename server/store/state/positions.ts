import type { FilePositionRow } from './schema.ts';
import type { StateDb } from './state-store.ts';

/** How far a followed file is durable, and by what it is known again after a rename. */
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
}

export interface Positions {
  /** All known files of a source, by id. */
  readonly all: (source: string) => Promise<FilePosition[]>;
  /** Keeps a file for the first time; rejects when its id is known. */
  readonly create: (position: FilePosition) => Promise<void>;
  /** Replaces what is known of these files, all or none; one that isn't known is kept too. */
  readonly save: (...positions: readonly FilePosition[]) => Promise<void>;
  /** Forgets files, as when they are read to the end and gone. */
  readonly remove: (...ids: readonly string[]) => Promise<void>;
}

const toRow = ({ headHash, headLength, ...same }: FilePosition): FilePositionRow => ({
  id: same.id,
  source: same.source,
  path: same.path,
  device: same.device,
  inode: same.inode,
  head_hash: headHash,
  head_length: headLength,
  offset: same.offset,
});

const fromRow = ({ head_hash, head_length, ...same }: FilePositionRow): FilePosition => ({
  ...same,
  headHash: head_hash,
  headLength: head_length,
});

/** Positions of followed files in the state store. */
export function createPositions({ db }: { db: StateDb }): Positions {
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
      await db.insertInto('file_positions').values(toRow(position)).execute();
    },
    async save(...positions) {
      await db.transaction().execute(async (transaction) => {
        for (const position of positions) {
          const { id, ...rest } = toRow(position);
          await transaction
            .insertInto('file_positions')
            .values({ id, ...rest })
            .onConflict((conflict) => conflict.column('id').doUpdateSet(rest))
            .execute();
        }
      });
    },
    async remove(...ids) {
      if (ids.length > 0) await db.deleteFrom('file_positions').where('id', 'in', ids).execute();
    },
  };
}
