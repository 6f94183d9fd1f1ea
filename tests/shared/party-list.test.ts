import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { maxListedParties, unionOfParties, withParty } from '../../shared/party-list.ts';

const ids = fc.array(
  fc.integer({ min: 100, max: 199 }).map((n) => `P${n}`),
  { maxLength: 150 },
);

test('a list is sorted, without doubles and bounded, the same whatever the order', () => {
  fc.assert(
    fc.property(ids, (parties) => {
      const expected = [...new Set(parties)].toSorted().slice(0, maxListedParties);
      expect(unionOfParties([], parties)).toEqual(expected);
      const half = parties.length / 2;
      const [a, b] = [parties.slice(0, half), parties.slice(half)].map((part) => unionOfParties([], part));
      expect(unionOfParties(b ?? [], a ?? [])).toEqual(expected);
    }),
  );
});

test('a list that has the party is returned as it is', () => {
  const list = ['P03', 'P07'];
  expect(withParty(list, 'P07')).toBe(list);
  expect(unionOfParties(list, ['P03', 'P07'])).toBe(list);
  const full = unionOfParties(
    [],
    Array.from({ length: maxListedParties }, (_, n) => `P${n + 10}`),
  );
  expect(withParty(full, 'P99')).toBe(full);
});
