import type { Transaction } from 'kysely';
import { inChunks } from '../store/state/in-chunks.ts';
import type { AccountRow, StateDatabase } from '../store/state/schema.ts';
import type { StateDb } from '../store/state/state-store.ts';
import type { Account, AccountState } from './account-change.ts';

const toRow = (account: Account): AccountRow => ({
  party_id: account.party,
  user_name: account.user,
  state: account.state,
  state_at: account.stateAt,
  created_at: account.createdAt,
  first_seen: account.firstSeen,
  last_seen: account.lastSeen,
  first_login: account.firstLogin,
  last_login: account.lastLogin,
  last_login_address: account.lastLoginAddress,
  roles: account.roles,
  roles_at: account.rolesAt,
  mfa_enrolled_at: account.mfaEnrolledAt,
});

const fromRow = (row: AccountRow): Account => ({
  party: row.party_id,
  user: row.user_name,
  state: row.state as AccountState,
  stateAt: row.state_at,
  createdAt: row.created_at,
  firstSeen: row.first_seen,
  lastSeen: row.last_seen,
  firstLogin: row.first_login,
  lastLogin: row.last_login,
  lastLoginAddress: row.last_login_address,
  roles: row.roles,
  rolesAt: row.roles_at,
  mfaEnrolledAt: row.mfa_enrolled_at,
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

/** Keeps accounts and newly heard organisations, within a transaction. */
export async function saveAccounts(
  transaction: Transaction<StateDatabase>,
  accounts: readonly Account[],
  unknown: readonly { id: string; first_seen: number }[],
): Promise<void> {
  for (const chunk of inChunks(accounts)) {
    await transaction
      .insertInto('accounts')
      .values(chunk.map(toRow))
      .onConflict((conflict) =>
        conflict.columns(['party_id', 'user_name']).doUpdateSet((update) => ({
          state: update.ref('excluded.state'),
          state_at: update.ref('excluded.state_at'),
          created_at: update.ref('excluded.created_at'),
          first_seen: update.ref('excluded.first_seen'),
          last_seen: update.ref('excluded.last_seen'),
          first_login: update.ref('excluded.first_login'),
          last_login: update.ref('excluded.last_login'),
          last_login_address: update.ref('excluded.last_login_address'),
          roles: update.ref('excluded.roles'),
          roles_at: update.ref('excluded.roles_at'),
          mfa_enrolled_at: update.ref('excluded.mfa_enrolled_at'),
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
}
