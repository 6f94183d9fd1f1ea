import type { Reconciliation } from '../../shared/api/schemas.ts';
import type { Party, RegisteredAccount } from '../../shared/party.ts';
import { isInForce, type Account } from './account-change.ts';

/** What the commission declares of one party's accounts. */
export interface Declared {
  /** `null` when neither register says. */
  readonly count: number | null;
  /** By user name; `null` when the register of accounts names none of this party. */
  readonly accounts: ReadonlyMap<string, RegisteredAccount> | null;
}

const nothing: Declared = { count: null, accounts: null };

/** Looks up what is declared of a party; nothing is of one that the register doesn't have. */
export function createDeclarations(
  parties: readonly Party[],
  registered: readonly RegisteredAccount[],
): (party: string) => Declared {
  const named = new Map<string, Map<string, RegisteredAccount>>();
  for (const account of registered) {
    const accounts = named.get(account.party) ?? new Map<string, RegisteredAccount>();
    named.set(account.party, accounts.set(account.user, account));
  }
  const byParty = new Map(
    parties.map(({ id, accounts: count }): [string, Declared] => {
      const accounts = named.get(id) ?? null;
      return [id, { accounts, count: accounts?.size ?? count ?? null }];
    }),
  );
  return (party) => byParty.get(party) ?? nothing;
}

/**
 * Compares what is declared with the accounts that were heard. With names, each declared one must be in force and no other; with
 * a number, exactly as many must be. A disabled account counts on neither side. Without a declaration nothing is said to match.
 */
export function reconcile(declared: Declared, heard: Iterable<Account>): Reconciliation {
  const inForce = new Set<string>();
  for (const account of heard) if (isInForce(account)) inForce.add(account.user);
  const { accounts, count } = declared;
  const missing = accounts ? [...accounts.keys()].filter((user) => !inForce.has(user)).toSorted() : [];
  const unknown = accounts ? [...inForce].filter((user) => !accounts.has(user)).toSorted() : [];
  const differs = count !== null && count !== inForce.size;
  const matches = !differs && missing.length === 0 && unknown.length === 0;
  return {
    verdict: count === null ? 'undeclared' : matches ? 'matches' : 'differs',
    registered: count,
    known: inForce.size,
    missing,
    unknown,
    differs,
  };
}

/** Whether a party counts as present: its accounts match what is declared; undeclared, at least one is in force. */
export const isPresent = ({ verdict, known }: Pick<Reconciliation, 'verdict' | 'known'>): boolean =>
  verdict === 'undeclared' ? known > 0 : verdict === 'matches';
