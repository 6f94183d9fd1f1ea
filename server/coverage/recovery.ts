import type { EventStore, StoredBeyond, StoredOfFile } from '../store/events/event-store.ts';
import { readBatchFileId, saveBatch } from '../store/state/batches.ts';
import { addMinute, noCounts, readMeta, writeMeta } from '../store/state/ledger-rows.ts';
import { saveLastLine } from '../store/state/positions.ts';
import type { StateDatabase } from '../store/state/schema.ts';
import type { StateDb } from '../store/state/state-store.ts';
import type { Transaction } from 'kysely';
import { booksSequence } from './book-page.ts';

/** Name of the time from which on the books were kept, epoch ms. */
export const booksSince = 'ledger_since';

export interface RecoveryParts {
  readonly db: StateDb;
  readonly events: Pick<EventStore, 'storedBeyond' | 'lastOffset' | 'newest'>;
  readonly lateAfterMs: number;
  readonly now: () => number;
}

/**
 * Takes into the books what was stored just before a crash and not yet written into them: lines by minute, how far their files
 * are stored, and of which batches they are. One transaction, before any source is started; resolves with the sequence up to
 * which the books are complete.
 */
export async function recoverBooks({ db, events, lateAfterMs, now }: RecoveryParts): Promise<number> {
  const accounted = await readMeta(db, booksSequence);
  if (accounted === null) return begin(db, events, now());
  const beyond = await events.storedBeyond(accounted, lateAfterMs);
  if (beyond.minutes.length > 0) await db.transaction().execute((tx) => takeIn(tx, beyond));
  return beyond.newest;
}

/** The first start with these books: what is stored already came before them. */
async function begin(db: StateDb, events: RecoveryParts['events'], now: number): Promise<number> {
  const { sequence } = await events.newest();
  const files = await db.selectFrom('file_positions').select('id').execute();
  const lastLines: [string, number][] = [];
  for (const { id } of files) {
    const lastLine = await events.lastOffset(id);
    if (lastLine !== null) lastLines.push([id, lastLine]);
  }
  await db.transaction().execute(async (tx) => {
    for (const [id, lastLine] of lastLines) await saveLastLine(tx, id, lastLine);
    await writeMeta(tx, booksSequence, sequence);
    await writeMeta(tx, booksSince, now);
  });
  return sequence;
}

type Tx = Transaction<StateDatabase>;

async function takeIn(tx: Tx, { minutes, files, newest }: StoredBeyond): Promise<void> {
  for (const { source, minute, stored, unparsed, late } of minutes) {
    await addMinute(tx, { source, minute, ...noCounts(), received: stored, stored, unparsed, late });
  }
  for (const file of files) await takeInFile(tx, file);
  await writeMeta(tx, booksSequence, newest);
}

async function takeInFile(
  tx: Tx,
  { source, fileId, lastLine, stored, unparsed, at }: StoredOfFile,
): Promise<void> {
  const batch = readBatchFileId(fileId);
  if (!batch) {
    await saveLastLine(tx, fileId, lastLine);
    return;
  }
  const known = await tx.selectFrom('batches').selectAll().where('key', '=', batch.key).executeTakeFirst();
  const before = known ? (JSON.parse(known.receipt) as { received: number; unparsed: number }) : null;
  const receipt = {
    received: (before?.received ?? 0) + stored,
    stored: (before?.received ?? 0) + stored,
    unparsed: (before?.unparsed ?? 0) + unparsed,
    rejected: [],
    unparsedLines: [],
  };
  await saveBatch(tx, {
    key: batch.key,
    source,
    // The id is not known from what is stored; the next try brings it.
    id: known?.id ?? '',
    digest: batch.digest,
    at,
    receipt: JSON.stringify(receipt),
    last_line: lastLine,
  });
}
