import type { PartyAccount, PartyDetail, PartyFigures, Reconciliation } from '../../shared/api/schemas.ts';
import type { Frame } from '../../shared/live/frame.ts';
import type { Party, RegisteredAccount } from '../../shared/party.ts';
import { createInTurn } from '../store/state/in-turn.ts';
import type { StateDb } from '../store/state/state-store.ts';
import { storableText } from '../store/state/storable-text.ts';
import { isInForce, type Account, type AccountChange } from './account-change.ts';
import { draftOf } from './account-draft.ts';
import { loadSteps, saveSteps, type PartyHistory } from './account-history.ts';
import { loadAccounts, loadUnknown, saveAccounts } from './account-rows.ts';
import { createAccountSessions } from './account-sessions.ts';
import { createAccountShelf, type AccountShelf } from './account-shelf.ts';
import { createFailureCounts, type FailureCount } from './failure-counts.ts';
import { loadFailures, saveFailures } from './failure-rows.ts';
import { jakartaDay, presenceOf } from './presence.ts';
import { createDeclarations, isPresent, reconcile, type Declared } from './reconcile.ts';

/** What is heard of accounts at once. */
export interface AccountNews {
  readonly changes: readonly AccountChange[];
  /** Failed and blocked logins; those of accounts that nothing proves are left out. */
  readonly failures?: readonly FailureCount[];
  /** What was left out before, because of a bound. */
  readonly leftOut?: number;
}

/** A party with its figures, without the failures that the frame knows better. */
export interface PartyFacts extends PartyFigures {
  readonly reconciliation: Reconciliation;
}

/** Accounts of the parties, learnt from what was heard; reading is from memory, writing is durable when it resolves. */
export interface AccountBook {
  /** Takes in changes and counts, all or none, in any order, repeated or not: the book comes out the same. */
  readonly record: (news: readonly AccountChange[] | AccountNews) => Promise<void>;
  /** Parties of the register: whose accounts are due today (Asia/Jakarta), and which of them are there as declared. */
  readonly presence: () => Frame['accounts'];
  /** The party's accounts, newest heard first; `null` when neither the register nor the book knows the id. */
  readonly partyDetail: (id: string) => Omit<PartyDetail, keyof PartyHistory> | null;
  /** The newest events in the lives of the party's accounts, from the store. */
  readonly historyOf: (id: string) => Promise<PartyHistory>;
  /** Figures of a party or organisation, at most a second old; its failures are those of its known accounts. */
  readonly factsOf: (id: string) => PartyFacts;
  /** Organisations heard that the register doesn't know, at most `maxUnknownOrganisations`. */
  readonly strangers: () => readonly string[];
  /** Party of the account heard newest under this user name; `null` when it was never heard. */
  readonly partyOf: (userName: string) => string | null;
  /** User name and party of all that `partyOf` knows, at most `maxMapping`. */
  readonly mapping: () => [string, string][];
  /** What was left out since the start because a bound was reached. */
  readonly overflow: () => number;
}

/** What a book is made with. */
export interface AccountBookOptions {
  readonly db: StateDb;
  readonly parties: readonly Party[];
  /** Accounts that the commission registered by name. */
  readonly registeredAccounts?: readonly RegisteredAccount[];
  /** Epoch ms. */
  readonly now: () => number;
}

/** Loads the book from the state store. */
export async function createAccountBook(options: AccountBookOptions): Promise<AccountBook> {
  const { db, parties, now } = options;
  const register = new Map(parties.map((party) => [party.id, party]));
  const shelf = createAccountShelf(new Set(register.keys()));
  for (const id of await loadUnknown(db)) shelf.unknown.add(id);
  for (const account of await loadAccounts(db)) shelf.put(account);
  const declaredOf = createDeclarations(parties, options.registeredAccounts ?? []);
  const recorder = createRecorder({ db, shelf, now, kept: await loadFailures(db) });
  const reconciliationOf = (id: string) => reconcile(declaredOf(id), shelf.accountsOf(id));
  let cached: { day: string; version: number; value: Frame['accounts'] } | null = null;

  return {
    record: recorder.record,
    presence() {
      const day = jakartaDay(now());
      if (cached?.day !== day || cached.version !== shelf.version()) {
        const value = presenceOf({ parties, day, reconciliationOf, unknown: shelf.unknown });
        cached = { day, version: shelf.version(), value };
      }
      return cached.value;
    },
    partyDetail(id) {
      const party = register.get(id) ?? null;
      const accounts = [...shelf.accountsOf(id)].toSorted((a, b) => b.lastSeen - a.lastSeen);
      if (party === null && accounts.length === 0) return null;
      const reconciliation = reconciliationOf(id);
      const declared = declaredOf(id);
      return {
        party,
        present: isPresent(reconciliation),
        accounts: accounts.map((account) => presented(account, declared, recorder.figuresOf(account))),
        reconciliation,
      };
    },
    historyOf: (id) => loadSteps(db, id),
    factsOf: createMemory({ now, version: recorder.version }, (id: string): PartyFacts => {
      const accounts = [...shelf.accountsOf(id)];
      const figures = accounts.map(recorder.figuresOf);
      const logins = accounts.flatMap(({ lastLogin }) => lastLogin ?? []);
      const sum = (of: 'failuresHour' | 'sessions') =>
        figures.reduce((total, figure) => total + figure[of], 0);
      return {
        accounts: accounts.filter(isInForce).length,
        lastLogin: logins.length > 0 ? Math.max(...logins) : null,
        failuresHour: sum('failuresHour'),
        locked: accounts.filter(({ state }) => state === 'locked').length,
        sessions: sum('sessions'),
        reconciliation: reconciliationOf(id),
      };
    }),
    strangers: () => [...shelf.unknown].filter((id) => !register.has(id)),
    partyOf: (userName) => shelf.mapping.get(storableText(userName))?.party ?? null,
    mapping: () => [...shelf.mapping].map(([user, { party }]) => [user, party]),
    overflow: recorder.overflow,
  };
}

/** Remembers what was made within a second, as long as nothing is recorded: many who look cost as much as one. */
function createMemory<T>(
  { now, version }: { readonly now: () => number; readonly version: () => number },
  make: (id: string) => T,
): (id: string) => T {
  const known = new Map<string, T>();
  let madeIn = '';
  return (id) => {
    const moment = `${Math.floor(now() / 1_000)} ${version()}`;
    if (moment !== madeIn) known.clear();
    madeIn = moment;
    const made = known.get(id) ?? make(id);
    known.set(id, made);
    return made;
  };
}

type AccountFigures = Pick<PartyAccount, 'failuresHour' | 'failuresDay' | 'sessions'>;

/** Takes news in: first into the store, then into memory. */
function createRecorder(parts: {
  readonly db: StateDb;
  readonly shelf: AccountShelf;
  readonly now: () => number;
  readonly kept: Awaited<ReturnType<typeof loadFailures>>;
}) {
  const { db, shelf, now } = parts;
  const inTurn = createInTurn();
  const failures = createFailureCounts(parts.kept);
  const sessions = createAccountSessions();
  let overflow = 0;
  let version = 0;

  const take = async ({ changes, failures: heard = [], leftOut = 0 }: AccountNews): Promise<void> => {
    const draft = draftOf(shelf, changes);
    const unknown = [...draft.unknown].map(([id, at]) => ({ id, first_seen: at }));
    const accounts = [...draft.accounts.values()];
    if (accounts.length > 0)
      await db.transaction().execute(async (transaction) => {
        await saveAccounts(transaction, accounts, unknown);
        await saveSteps(transaction, draft.steps);
      });
    for (const { id } of unknown) shelf.unknown.add(id);
    for (const account of accounts) shelf.put(account);
    for (const visit of draft.visits) sessions.add(visit);
    overflow += draft.overflow + leftOut;
    const oldest = failures.forget(now());
    const hours = failures.add(
      heard
        .map((count) => ({ ...count, party: storableText(count.party), user: storableText(count.user) }))
        .filter(({ party, user }) => shelf.get(party, user) !== undefined),
    );
    if (changes.length + heard.length > 0) version += 1;
    if (hours.length > 0)
      await db.transaction().execute((transaction) => saveFailures(transaction, hours, oldest));
  };

  return {
    record: (news: readonly AccountChange[] | AccountNews) =>
      inTurn(() => take('changes' in news ? news : { changes: news })),
    figuresOf: ({ party, user }: Account): AccountFigures => ({
      failuresHour: failures.lastHour(party, user, now()),
      failuresDay: failures.lastDay(party, user, now()),
      sessions: sessions.count(party, user, now()),
    }),
    version: () => version,
    overflow: () => overflow + failures.overflow() + sessions.overflow(),
  };
}

/** An account for people, with what the register says of it. */
function presented(account: Account, { accounts }: Declared, figures: AccountFigures): PartyAccount {
  const { user, stateAt: _stateAt, party: _party, rolesAt: _rolesAt, roles, ...facts } = account;
  const declared = accounts?.get(user);
  return {
    ...facts,
    ...figures,
    name: user,
    roles: roles ?? declared?.role ?? null,
    registered: accounts ? declared !== undefined : null,
    shared: declared?.shared ?? false,
  };
}
