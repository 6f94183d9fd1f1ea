import type { PartyDetail } from '../../shared/api/schemas.ts';
import type { Frame } from '../../shared/live/frame.ts';
import type { Party } from '../../shared/party.ts';
import { createInTurn } from '../store/state/in-turn.ts';
import type { StateDb } from '../store/state/state-store.ts';
import { storableText } from '../store/state/storable-text.ts';
import { applyChange, provesAccount, type Account, type AccountChange } from './account-change.ts';
import { loadAccounts, loadUnknown, saveAccounts } from './account-rows.ts';
import { jakartaDay, presenceOf } from './presence.ts';

/** Accounts kept of a party of the register. */
export const maxAccountsPerParty = 1_000;
/** Accounts kept of an organisation that the register doesn't know. */
export const maxAccountsPerUnknown = 100;
/** Organisations kept that the register doesn't know. */
export const maxUnknownOrganisations = 100;
/** User names whose party is remembered. */
export const maxMapping = 100_000;
/** Longer user names and organisation ids are not kept. */
export const maxNameLength = 200;

/** Accounts of the parties, learnt from what was heard; reading is from memory, writing is durable when it resolves. */
export interface AccountBook {
  /** Takes in changes, all or none, in any order, repeated or not: the book comes out the same. */
  readonly record: (changes: readonly AccountChange[]) => Promise<void>;
  /** Parties of the register: whose accounts are due today (Asia/Jakarta), and which of them were heard. */
  readonly presence: () => Frame['accounts'];
  /** The party's accounts, newest heard first; `null` when neither the register nor the book knows the id. */
  readonly partyDetail: (id: string) => PartyDetail | null;
  /** Party of the account heard newest under this user name; `null` when it was never heard. */
  readonly partyOf: (userName: string) => string | null;
  /** User name and party of all that `partyOf` knows, at most `maxMapping`. */
  readonly mapping: () => [string, string][];
  /** Changes left out since the start because a bound was reached. */
  readonly overflow: () => number;
}

/** Loads the book from the state store. */
export async function createAccountBook(options: {
  db: StateDb;
  parties: readonly Party[];
  now: () => number;
}): Promise<AccountBook> {
  const shelf = createShelf(options.parties);
  for (const id of await loadUnknown(options.db)) shelf.unknown.add(id);
  for (const account of await loadAccounts(options.db)) shelf.put(account);
  const inTurn = createInTurn();
  const register = new Map(options.parties.map((party) => [party.id, party]));
  let overflow = 0;
  let cached: { day: string; version: number; value: Frame['accounts'] } | null = null;

  return {
    record: (changes) =>
      inTurn(async () => {
        const draft = draftOf(shelf, changes);
        const unknown = [...draft.unknown].map(([id, at]) => ({ id, first_seen: at }));
        const accounts = [...draft.accounts.values()];
        if (accounts.length > 0) await saveAccounts(options.db, accounts, unknown);
        for (const { id } of unknown) shelf.unknown.add(id);
        for (const account of accounts) shelf.put(account);
        overflow += draft.overflow;
      }),
    presence() {
      const day = jakartaDay(options.now());
      if (cached?.day !== day || cached.version !== shelf.version()) {
        const value = presenceOf({
          parties: options.parties,
          day,
          isPresent: shelf.isPresent,
          unknown: shelf.unknown,
        });
        cached = { day, version: shelf.version(), value };
      }
      return cached.value;
    },
    partyDetail(id) {
      const party = register.get(id) ?? null;
      const accounts = [...shelf.accountsOf(id)].toSorted((a, b) => b.lastSeen - a.lastSeen);
      if (party === null && accounts.length === 0) return null;
      return {
        party,
        present: shelf.isPresent(id),
        accounts: accounts.map(({ user, state, firstSeen, lastSeen, lastLogin }) => ({
          name: user,
          state,
          firstSeen,
          lastSeen,
          lastLogin,
        })),
      };
    },
    partyOf: (userName) => shelf.mapping.get(storableText(userName))?.party ?? null,
    mapping: () => [...shelf.mapping].map(([user, { party }]) => [user, party]),
    overflow: () => overflow,
  };
}

type Shelf = ReturnType<typeof createShelf>;

function createShelf(parties: readonly Party[]) {
  const registered = new Set(parties.map((party) => party.id));
  const byParty = new Map<string, Map<string, Account>>();
  const mapping = new Map<string, { party: string; at: number }>();
  const unknown = new Set<string>();
  let version = 0;
  return {
    registered,
    mapping,
    unknown,
    version: () => version,
    get: (party: string, user: string) => byParty.get(party)?.get(user),
    count: (party: string) => byParty.get(party)?.size ?? 0,
    accountsOf: (party: string) => byParty.get(party)?.values() ?? [],
    isPresent: (party: string) =>
      [...(byParty.get(party)?.values() ?? [])].some((account) => account.state !== 'disabled'),
    put(account: Account): void {
      const accounts = byParty.get(account.party) ?? new Map<string, Account>();
      byParty.set(account.party, accounts);
      if (accounts.get(account.user)?.state !== account.state) version += 1;
      accounts.set(account.user, account);
      const mapped = mapping.get(account.user);
      if (mapped ? mapped.at <= account.lastSeen : mapping.size < maxMapping) {
        mapping.set(account.user, { party: account.party, at: account.lastSeen });
      }
    },
  };
}

interface Draft {
  readonly accounts: Map<string, Account>;
  /** Id and event time of organisations heard for the first time that the register doesn't know. */
  readonly unknown: Map<string, number>;
  /** New accounts by party. */
  readonly added: Map<string, number>;
  overflow: number;
}

function draftOf(shelf: Shelf, changes: readonly AccountChange[]): Draft {
  const draft: Draft = { accounts: new Map(), unknown: new Map(), added: new Map(), overflow: 0 };
  for (const raw of changes) {
    const change = { ...raw, party: storableText(raw.party), user: storableText(raw.user) };
    const id = `${change.party}\0${change.user}`;
    const account = draft.accounts.get(id) ?? shelf.get(change.party, change.user);
    const failed = change.action === 'user-login' && !change.login;
    if (failed || (account === undefined && !provesAccount(change))) continue;
    if (account === undefined && !makeRoom(shelf, draft, change)) {
      draft.overflow += 1;
      continue;
    }
    draft.accounts.set(id, applyChange(account, change));
  }
  return draft;
}

/** Whether a new account fits within the bounds; counts it when it does. */
function makeRoom(shelf: Shelf, draft: Draft, { party, user, at }: AccountChange): boolean {
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
