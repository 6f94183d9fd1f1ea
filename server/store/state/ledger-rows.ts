import { sql, type Transaction } from 'kysely';
import type { LedgerMinuteRow, RejectionRow, StateDatabase } from './schema.ts';
import type { StateDb } from './state-store.ts';
import { storableText } from './storable-text.ts';

/** Counts of one source's lines in one minute of arrival. */
export type MinuteCounts = Omit<LedgerMinuteRow, 'source' | 'minute'>;

export const noCounts = (): MinuteCounts => ({
  received: 0,
  stored: 0,
  unparsed: 0,
  rejected: 0,
  late: 0,
  duplicate: 0,
});

export const countNames = Object.keys(noCounts()) as readonly (keyof MinuteCounts)[];

/** Rejections kept of each source, the newest. */
export const maxRejectionsKept = 1_000;

type Tx = Transaction<StateDatabase>;

/** Adds counts to those that are there. */
export async function addMinute(tx: Tx, row: LedgerMinuteRow): Promise<void> {
  await tx
    .insertInto('ledger_minutes')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['source', 'minute'])
        .doUpdateSet(
          Object.fromEntries(
            countNames.map((name) => [name, sql<number>`ledger_minutes.${sql.ref(name)} + ${row[name]}`]),
          ),
        ),
    )
    .execute();
}

export type NewRejection = Omit<RejectionRow, 'number'>;

/** Keeps a rejection and forgets the oldest of its source beyond `maxRejectionsKept`. */
export async function addRejection(tx: Tx, rejection: NewRejection): Promise<void> {
  const { source } = rejection;
  const newest = await tx
    .selectFrom('rejections')
    .select(({ fn }) => fn.max('number').as('number'))
    .where('source', '=', source)
    .executeTakeFirst();
  const number = (newest?.number ?? 0) + 1;
  const sample = storableText(rejection.sample);
  await tx
    .insertInto('rejections')
    .values({ ...rejection, sample, number })
    .execute();
  await tx
    .deleteFrom('rejections')
    .where('source', '=', source)
    .where('number', '<=', number - maxRejectionsKept)
    .execute();
}

/** Minutes from `from` to `to` (epoch ms, `to` excluded), oldest first. */
export function minutesBetween(db: StateDb, from: number, to: number): Promise<LedgerMinuteRow[]> {
  return db
    .selectFrom('ledger_minutes')
    .selectAll()
    .where('minute', '>=', from)
    .where('minute', '<', to)
    .orderBy('minute')
    .orderBy('source')
    .execute();
}

/** The newest rejections between two times, newest first. */
export function rejectionsBetween(
  db: StateDb,
  range: {
    readonly from: number;
    readonly to: number;
    readonly limit: number;
    /** All sources when it is `undefined`. */
    readonly source: string | undefined;
  },
): Promise<RejectionRow[]> {
  const { source } = range;
  return db
    .selectFrom('rejections')
    .selectAll()
    .where('at', '>=', range.from)
    .where('at', '<', range.to)
    .$if(source !== undefined, (query) => query.where('source', '=', source ?? ''))
    .orderBy('at', 'desc')
    .orderBy('number', 'desc')
    .limit(range.limit)
    .execute();
}

/** A number that outlives a restart; `null` when it was never set. */
export async function readMeta(db: StateDb, name: string): Promise<number | null> {
  const row = await db.selectFrom('meta').select('value').where('name', '=', name).executeTakeFirst();
  return row?.value ?? null;
}

export async function writeMeta(db: StateDb | Tx, name: string, value: number): Promise<void> {
  await db
    .insertInto('meta')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}
