import { inChunks } from '../store/state/in-chunks.ts';
import type { AccountRow } from '../store/state/schema.ts';
import type { StateDb } from '../store/state/state-store.ts';
import type { Account, AccountState } from './account-change.ts';

const toRow = (account: Account): AccountRow => ({
  party_id: account.party,
  user_name: account.user,
  state: account.state,
  state_at: account.stateAt,
  first_seen: account.firstSeen,
  last_seen: account.lastSeen,
  last_login: account.lastLogin,
});

const fromRow = (row: AccountRow): Account => ({
  party: row.party_id,
  user: row.user_name,
  state: row.state as AccountState,
  stateAt: row.state_at,
  firstSeen: row.first_seen,
  lastSeen: row.last_seen,
  lastLogin: row.last_login,
});

/** All kept accounts, oldest heard first. */
export async function loadAccounts(db: StateDb): Promise<Account[]> {
  const rows = await db.selectFrom('accounts').selectAll().orderBy('last_seen').execute();
  return rows.map(fromRow);
}

/** Ids of organisations that the register didn't know when they were heard, in that order. */
export async function loadUnknown(db: StateDb): Promise<string[]> {
  const rows = await db
    .selectFrom('unknown_organisations')
    .select('id')
    .orderBy('first_seen')
    .orderBy('id')
    .execute();
  return rows.map((row) => row.id);
}

/** Keeps accounts and newly heard organisations, all or none. */
export async function saveAccounts(
  db: StateDb,
  accounts: readonly Account[],
  unknown: readonly { id: string; first_seen: number }[],
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    for (const chunk of inChunks(accounts)) {
      await transaction
        .insertInto('accounts')
        .values(chunk.map(toRow))
        .onConflict((conflict) =>
          conflict.columns(['party_id', 'user_name']).doUpdateSet((update) => ({
            state: update.ref('excluded.state'),
            state_at: update.ref('excluded.state_at'),
            first_seen: update.ref('excluded.first_seen'),
            last_seen: update.ref('excluded.last_seen'),
            last_login: update.ref('excluded.last_login'),
          })),
        )
        .execute();
    }
    for (const chunk of inChunks(unknown)) {
      await transaction
        .insertInto('unknown_organisations')
        .values(chunk)
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
    }
  });
}
