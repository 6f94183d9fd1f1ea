import type { Agency } from '../../shared/authority.ts';
import type { Party } from '../../shared/party.ts';

/** Shorter words are in too many others. */
const minLength = 3;

const ofThisPlace = ['siaga', 'sipol', 'kpu', 'pemilu', 'partai', 'parpol', 'politik', 'admin', 'indonesia'];

/** The words of a name, in small letters, those with at least three. */
export const wordsOf = (name: string): string[] =>
  name
    .toLowerCase()
    .normalize('NFKC')
    .split(/[^\p{L}]+/u)
    .filter((word) => word.length >= minLength);

/** Words that whoever guesses passwords here tries first: of the system and of its agencies. */
export const agencyWords = (agencies: readonly Agency[]): string[] => [
  ...ofThisPlace,
  ...agencies.flatMap(({ id, name }) => [...wordsOf(id), ...wordsOf(name)]),
];

/** Words of the names of the register's parties. */
export const partyWords = (parties: readonly Pick<Party, 'name'>[]): string[] => [
  ...new Set(parties.flatMap(({ name }) => wordsOf(name))),
];
