import { createHash } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { BatchRow, StateDatabase } from './schema.ts';
import type { StateDb } from './state-store.ts';

/** How long a batch is remembered, ms: a sender may try again this long. */
export const batchMemoryMs = 7 * 86_400_000;
/** Batches remembered at most; beyond, the oldest are forgotten. */
export const maxBatches = 1_000_000;

/** By what a batch of a source is known in the state store. */
export const batchKey = (source: string, id: string): string =>
  createHash('sha256').update(`${source}\n${id}`).digest('hex').slice(0, 32);

/** `log.file.id` of a batch's lines: from it a restart knows which batch a stored line is of, and of which content. */
export const batchFileId = (source: string, id: string, digest: string): string =>
  `batch:${batchKey(source, id)}:${digest.slice(0, 32)}`;

/** What `batchFileId` was made from; `null` for the ids of files and connections. */
export function readBatchFileId(fileId: string): { key: string; digest: string } | null {
  const match = /^batch:([0-9a-f]{32}):([0-9a-f]{32})$/.exec(fileId);
  return match ? { key: match[1] ?? '', digest: match[2] ?? '' } : null;
}

export async function findBatch(db: StateDb, source: string, id: string): Promise<BatchRow | null> {
  const key = batchKey(source, id);
  const row = await db.selectFrom('batches').selectAll().where('key', '=', key).executeTakeFirst();
  return row ?? null;
}

export async function saveBatch(tx: Transaction<StateDatabase>, row: BatchRow): Promise<void> {
  const { source, id, digest, at, receipt, last_line } = row;
  await tx
    .insertInto('batches')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({ source, id, digest, at, receipt, last_line }),
    )
    .execute();
}

/** Forgets batches older than `batchMemoryMs`, and the oldest beyond `maxBatches`. */
export async function forgetBatches(db: StateDb, now: number): Promise<void> {
  await db
    .deleteFrom('batches')
    .where('at', '<', now - batchMemoryMs)
    .execute();
  const oldest = await db
    .selectFrom('batches')
    .select('at')
    .orderBy('at', 'desc')
    .offset(maxBatches)
    .limit(1)
    .executeTakeFirst();
  if (oldest) await db.deleteFrom('batches').where('at', '<=', oldest.at).execute();
}
