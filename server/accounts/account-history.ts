import type { Transaction } from 'kysely';
import type { PartyDetail } from '../../shared/api/schemas.ts';
import { inChunks } from '../store/state/in-chunks.ts';
import type { AccountHistoryRow, StateDatabase } from '../store/state/schema.ts';
import type { StateDb } from '../store/state/state-store.ts';
import type { AccountChange } from './account-change.ts';

/** Steps kept of one account, the newest. */
export const maxStepsPerAccount = 100;
/** Steps of a party in one answer, the newest. */
export const maxStepsShown = 300;

type Table = Transaction<StateDatabase>;

/**
 * A step as its row. The row is its own key: the same step heard again is the same row, whatever number its line got, and two
 * steps that are alike to the millisecond are one.
 */
export const stepRow = ({ party, user, at, action, by, address }: AccountChange): AccountHistoryRow => ({
  party_id: party,
  user_name: user,
  at,
  action,
  actor: by ?? '',
  address: address ?? '',
});

/** Keeps steps, each once, and of each account the newest 100, within a transaction. */
export async function saveSteps(transaction: Table, rows: readonly AccountHistoryRow[]): Promise<void> {
  for (const chunk of inChunks(rows))
    await transaction
      .insertInto('account_history')
      .values(chunk)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  const accounts = new Map(rows.map((row) => [`${row.party_id}\0${row.user_name}`, row]));
  for (const account of accounts.values()) await dropOldest(transaction, account);
}

async function dropOldest(
  transaction: Table,
  { party_id, user_name }: Pick<AccountHistoryRow, 'party_id' | 'user_name'>,
): Promise<void> {
  const surplus = await transaction
    .selectFrom('account_history')
    .selectAll()
    .where('party_id', '=', party_id)
    .where('user_name', '=', user_name)
    .orderBy('at', 'desc')
    .orderBy('action')
    .orderBy('actor')
    .orderBy('address')
    .limit(rowsLookedAt)
    .offset(maxStepsPerAccount)
    .execute();
  for (const row of surplus)
    await transaction
      .deleteFrom('account_history')
      .where('party_id', '=', row.party_id)
      .where('user_name', '=', row.user_name)
      .where('at', '=', row.at)
      .where('action', '=', row.action)
      .where('actor', '=', row.actor)
      .where('address', '=', row.address)
      .execute();
}

/** More than one write can add to an account: a second's steps at most. */
const rowsLookedAt = 100_000;

/** What an answer tells of a party's past. */
export type PartyHistory = Pick<PartyDetail, 'history' | 'historyTotal' | 'historyCut'>;

/** A party's newest steps, how many are kept of it, and whether an account has as many as are kept. */
export async function loadSteps(db: StateDb, party: string): Promise<PartyHistory> {
  const rows = await db
    .selectFrom('account_history')
    .selectAll()
    .where('party_id', '=', party)
    .orderBy('at', 'desc')
    .orderBy('user_name')
    .orderBy('action')
    .limit(maxStepsShown)
    .execute();
  const counted = await db
    .selectFrom('account_history')
    .select((select) => select.fn.countAll<number>().as('steps'))
    .where('party_id', '=', party)
    .groupBy('user_name')
    .execute();
  return {
    history: rows.map(({ user_name, at, action, actor, address }) => ({
      account: user_name,
      at,
      action,
      by: actor === '' ? null : actor,
      address: address === '' ? null : address,
    })),
    historyTotal: counted.reduce((sum, { steps }) => sum + steps, 0),
    historyCut: counted.some(({ steps }) => steps >= maxStepsPerAccount),
  };
}
