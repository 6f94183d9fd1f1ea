import type { AccountHistoryRow } from '../store/state/schema.ts';
import { storableText } from '../store/state/storable-text.ts';
import {
  applyChange,
  isLifeStep,
  provesAccount,
  type Account,
  type AccountChange,
} from './account-change.ts';
import { stepRow } from './account-history.ts';
import type { AccountShelf } from './account-shelf.ts';

/** Accounts kept of a party of the register. */
export const maxAccountsPerParty = 1_000;
/** Accounts kept of an organisation that the register doesn't know. */
export const maxAccountsPerUnknown = 100;
/** Organisations kept that the register doesn't know. */
export const maxUnknownOrganisations = 100;
/** Longer user names, organisation ids and whatever else a change says are not kept. */
export const maxNameLength = 200;

/** What changes come to, before it is kept. */
export interface AccountDraft {
  readonly accounts: Map<string, Account>;
  readonly steps: AccountHistoryRow[];
  /** Log-ins that succeeded and log-outs of accounts that are known by then. */
  readonly visits: AccountChange[];
  /** Id and event time of organisations heard for the first time that the register doesn't know. */
  readonly unknown: Map<string, number>;
  /** New accounts by party. */
  readonly added: Map<string, number>;
  /** Changes left out because of a bound. */
  overflow: number;
}

/** What these changes make of the shelf; the shelf stays as it is. */
export function draftOf(shelf: AccountShelf, changes: readonly AccountChange[]): AccountDraft {
  const draft: AccountDraft = {
    accounts: new Map(),
    steps: [],
    visits: [],
    unknown: new Map(),
    added: new Map(),
    overflow: 0,
  };
  for (const raw of changes) {
    const change = storable(raw);
    const id = `${change.party}\0${change.user}`;
    const account = draft.accounts.get(id) ?? shelf.get(change.party, change.user);
    const failed = change.action === 'user-login' && !change.login;
    if (change.action === 'user-logout' || change.login) draft.visits.push(change);
    if (failed || (account === undefined && !provesAccount(change))) continue;
    if (account === undefined && !makeRoom(shelf, draft, change)) {
      draft.overflow += 1;
      continue;
    }
    draft.accounts.set(id, applyChange(account, change));
    if (isLifeStep(change)) draft.steps.push(stepRow(change));
  }
  return draft;
}

/** Text as the state store can hold it; what is said beside the names is cut to the same length. */
function storable(change: AccountChange): AccountChange {
  const kept = (text: string | null | undefined) =>
    text === null || text === undefined ? null : storableText(text.slice(0, maxNameLength));
  return {
    ...change,
    party: storableText(change.party),
    user: storableText(change.user),
    address: kept(change.address),
    by: kept(change.by),
    roles: kept(change.roles),
  };
}

/** Whether a new account fits within the bounds; counts it when it does. */
function makeRoom(shelf: AccountShelf, draft: AccountDraft, { party, user, at }: AccountChange): boolean {
  if (![party, user].every((name) => name !== '' && name.length <= maxNameLength)) return false;
  const registered = shelf.registered.has(party);
  const isNew = !registered && !shelf.unknown.has(party) && !draft.unknown.has(party);
  if (isNew && shelf.unknown.size + draft.unknown.size >= maxUnknownOrganisations) return false;
  const added = draft.added.get(party) ?? 0;
  const most = registered ? maxAccountsPerParty : maxAccountsPerUnknown;
  if (shelf.count(party) + added >= most) return false;
  draft.added.set(party, added + 1);
  if (isNew) draft.unknown.set(party, at);
  return true;
}
