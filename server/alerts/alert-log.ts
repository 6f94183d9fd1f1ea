import type { Alert, AlertChange } from '../../shared/alert.ts';
import { inChunks } from '../store/state/in-chunks.ts';
import type { StateDb } from '../store/state/state-store.ts';
import { fromChangeRow, toChangeRow } from './alert-row.ts';

/** Newest entries of the log that are kept without a gap. */
export const retainedChanges = 10_000;
/** Entries beyond `retainedChanges` after which the log is thinned out. */
export const compactionSlack = 1_000;

const newestName = 'alerts.newest_change';
/** The log has no gap after this number. */
const completeName = 'alerts.complete_after';

/** What happened to an alert, before it has its number. */
export type NewChange = Omit<AlertChange, 'seq'>;

/**
 * Writes entries with the next numbers and returns them. Call within a transaction: the counter's row is held until it
 * ends, so numbers have no gaps and follow the order of commits, on PostgreSQL too.
 */
export async function appendChanges(db: StateDb, changes: readonly NewChange[]): Promise<AlertChange[]> {
  if (changes.length === 0) return [];
  await db
    .insertInto('meta')
    .values({ name: newestName, value: 0 })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const { value: newest } = await db
    .updateTable('meta')
    .set((update) => ({ value: update('value', '+', changes.length) }))
    .where('name', '=', newestName)
    .returning('value')
    .executeTakeFirstOrThrow();
  const numbered = changes.map((change, index) => ({ seq: newest - changes.length + 1 + index, ...change }));
  for (const chunk of inChunks(numbered)) {
    await db.insertInto('alert_changes').values(chunk.map(toChangeRow)).execute();
  }
  return numbered;
}

/** Number of the newest entry, 0 when there is none. */
export const newestChange = (db: StateDb): Promise<number> => readMeta(db, newestName);

async function readMeta(db: StateDb, name: string): Promise<number> {
  const row = await db.selectFrom('meta').select('value').where('name', '=', name).executeTakeFirst();
  return row?.value ?? 0;
}

/** At most `limit` entries after the cursor, in order; `null` when the log can't tell all that came after it. */
export async function readChangesAfter(
  db: StateDb,
  cursor: number,
  limit: number,
): Promise<AlertChange[] | null> {
  const [newest, complete] = [await newestChange(db), await readMeta(db, completeName)];
  if (cursor < complete || cursor > newest) return null;
  const rows = await db
    .selectFrom('alert_changes')
    .selectAll()
    .where('seq', '>', cursor)
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map(fromChangeRow);
}

/** Entries of one alert, oldest first: the newest of what people did and when it was raised, and the newest updates. */
export async function readHistory(db: StateDb, id: Alert['id']): Promise<AlertChange[]> {
  const read = (updates: boolean, limit: number) =>
    db
      .selectFrom('alert_changes')
      .selectAll()
      .where('alert_id', '=', id)
      .where('kind', updates ? '=' : '<>', 'updated')
      .orderBy('seq', 'desc')
      .limit(limit)
      .execute();
  const rows = [...(await read(false, maxHistorySteps)), ...(await read(true, maxHistoryUpdates))];
  return rows.toSorted((a, b) => a.seq - b.seq).map(fromChangeRow);
}

/** Steps of one alert's life that its history shows. */
export const maxHistorySteps = 200;
/** Updates that it shows. */
export const maxHistoryUpdates = 20;

/**
 * Once the log is `compactionSlack` longer than `retainedChanges`, thins out what is older: of its updates only the newest
 * of each alert stays. What people did stays for good. Call within a transaction.
 */
export async function compactLog(db: StateDb): Promise<void> {
  const cut = (await newestChange(db)) - retainedChanges;
  if (cut < compactionSlack || cut - (await readMeta(db, completeName)) < compactionSlack) return;
  await db
    .deleteFrom('alert_changes')
    .where('kind', '=', 'updated')
    .where('seq', '<=', cut)
    .where('seq', 'not in', (query) =>
      query
        .selectFrom('alert_changes')
        .select(({ fn }) => fn.max('seq').as('newest'))
        .where('kind', '=', 'updated')
        .where('seq', '<=', cut)
        .groupBy('alert_id'),
    )
    .execute();
  await db
    .insertInto('meta')
    .values({ name: completeName, value: cut })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: cut }))
    .execute();
}
