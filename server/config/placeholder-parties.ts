import { partyTile, type Party, type RegisteredAccount } from '../../shared/party.ts';

const nationalCount = 38;
const acehCount = 7;

const numbered = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const two = (number: number) => String(number).padStart(2, '0');

/** Two to six, so that no two neighbours have the same. */
const accountsOf = (number: number): number => 2 + ((number * 3) % 5);

/** The simulation's parties, 38 national and 7 Aceh local ones; names without a likeness to any real party, on purpose. */
export const placeholderParties: readonly Party[] = [
  ...numbered(nationalCount).map((number) => ({
    id: `P${two(number)}`,
    name: `Partai Nasional ${two(number)}`,
    kind: 'national' as const,
    number,
    expectedSince: '2024-01-01',
    accounts: accountsOf(number),
  })),
  ...numbered(acehCount).map((number) => ({
    id: `A${number}`,
    name: `Partai Lokal Aceh ${two(number)}`,
    kind: 'aceh' as const,
    number,
    expectedSince: '2024-01-01',
    accounts: accountsOf(number),
  })),
];

/** The accounts of one imagined party, `operator07a` … and, last, `admin07`; as many as it declares, or else two. */
export function placeholderAccountsOf(party: Party): (RegisteredAccount & { role: 'operator' | 'admin' })[] {
  const tile = partyTile(party).toLowerCase();
  const operators = numbered(Math.max(1, (party.accounts ?? 2) - 1));
  return [
    ...operators.map((operator) => ({
      party: party.id,
      user: `operator${tile}${String.fromCharCode(96 + operator)}`,
      role: 'operator' as const,
      shared: false,
    })),
    { party: party.id, user: `admin${tile}`, role: 'admin', shared: false },
  ];
}

/** The simulation's register of accounts: the accounts of all its parties. */
export const placeholderAccounts: readonly RegisteredAccount[] =
  placeholderParties.flatMap(placeholderAccountsOf);
