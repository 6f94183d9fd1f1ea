import { expect, it } from 'vitest';
import { createRegister } from '../../../server/enrich/register.ts';

const party = {
  id: 'P07',
  name: 'Partai Contoh',
  kind: 'national',
  number: 7,
  expectedSince: '2026-08-01',
} as const;

it('finds a party by its id, as written', () => {
  const register = createRegister([party]);
  expect(register.parties).toEqual([party]);
  expect(register.byId('P07')).toBe(party);
  expect(register.byId('p07')).toBeUndefined();
});

it('knows no party by the name of something that objects have', () => {
  expect(createRegister([party]).byId('__proto__')).toBeUndefined();
  expect(createRegister([]).byId('constructor')).toBeUndefined();
});
