import type { Account } from './account-change.ts';

/** User names whose party is remembered. */
export const maxMapping = 100_000;

/** The accounts in memory, by party and by user name. */
export interface AccountShelf {
  readonly registered: ReadonlySet<string>;
  /** Organisations heard that the register didn't know. */
  readonly unknown: Set<string>;
  readonly mapping: ReadonlyMap<string, { readonly party: string; readonly at: number }>;
  /** Grows when an account came or its state changed. */
  version(): number;
  get(party: string, user: string): Account | undefined;
  count(party: string): number;
  accountsOf(party: string): Iterable<Account>;
  put(account: Account): void;
}

/** An empty shelf for a register of these party ids. */
export function createAccountShelf(registered: ReadonlySet<string>): AccountShelf {
  const byParty = new Map<string, Map<string, Account>>();
  const mapping = new Map<string, { party: string; at: number }>();
  let version = 0;
  return {
    registered,
    mapping,
    unknown: new Set<string>(),
    version: () => version,
    get: (party, user) => byParty.get(party)?.get(user),
    count: (party) => byParty.get(party)?.size ?? 0,
    accountsOf: (party) => byParty.get(party)?.values() ?? [],
    put(account) {
      const accounts = byParty.get(account.party) ?? new Map<string, Account>();
      byParty.set(account.party, accounts);
      if (accounts.get(account.user)?.state !== account.state) version += 1;
      accounts.set(account.user, account);
      const mapped = mapping.get(account.user);
      if (mapped ? mapped.at <= account.lastSeen : mapping.size < maxMapping)
        mapping.set(account.user, { party: account.party, at: account.lastSeen });
    },
  };
}
