import type { Party } from '../../shared/party.ts';

const nationalCount = 38;
const acehCount = 7;

const numbered = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const two = (number: number) => String(number).padStart(2, '0');

/** The simulation's parties, 38 national and 7 Aceh local ones; names without a likeness to any real party, on purpose. */
export const placeholderParties: readonly Party[] = [
  ...numbered(nationalCount).map((number) => ({
    id: `P${two(number)}`,
    name: `Partai Nasional ${two(number)}`,
    kind: 'national' as const,
    number,
    expectedSince: '2024-01-01',
  })),
  ...numbered(acehCount).map((number) => ({
    id: `A${number}`,
    name: `Partai Lokal Aceh ${two(number)}`,
    kind: 'aceh' as const,
    number,
    expectedSince: '2024-01-01',
  })),
];
