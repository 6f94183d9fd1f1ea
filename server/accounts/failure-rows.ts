import type { Transaction } from 'kysely';
import { inChunks } from '../store/state/in-chunks.ts';
import type { StateDatabase } from '../store/state/schema.ts';
import type { StateDb } from '../store/state/state-store.ts';
import type { HourOfFailures } from './failure-counts.ts';

/** The hours of failures that are kept. */
export async function loadFailures(db: StateDb): Promise<HourOfFailures[]> {
  const rows = await db.selectFrom('account_failures').selectAll().execute();
  return rows.map(({ party_id, user_name, hour, count }) => ({
    party: party_id,
    user: user_name,
    hour,
    count,
  }));
}

/** Keeps hours, each in the place of what it was before, and drops those before `oldest`, within a transaction. */
export async function saveFailures(
  transaction: Transaction<StateDatabase>,
  hours: readonly HourOfFailures[],
  oldest: number,
): Promise<void> {
  for (const chunk of inChunks(hours))
    await transaction
      .insertInto('account_failures')
      .values(
        chunk.map(({ party, user, hour, count }) => ({ party_id: party, user_name: user, hour, count })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(['party_id', 'user_name', 'hour'])
          .doUpdateSet((update) => ({ count: update.ref('excluded.count') })),
      )
      .execute();
  await transaction.deleteFrom('account_failures').where('hour', '<', oldest).execute();
}
