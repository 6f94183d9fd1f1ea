import { describe, expect, test } from 'vitest';
import { applyChange, type AccountChange } from '../../../server/accounts/account-change.ts';
import { presenceOf } from '../../../server/accounts/presence.ts';
import { createDeclarations, isPresent, reconcile } from '../../../server/accounts/reconcile.ts';
import type { Party, RegisteredAccount } from '../../../shared/party.ts';

const party = (id: string, accounts?: number, kind: Party['kind'] = 'national'): Party => ({
  id,
  name: `Partai ${id}`,
  kind,
  number: 1,
  expectedSince: '2026-08-01',
  ...(accounts === undefined ? {} : { accounts }),
});
const declaredAccount = (user: string, id = 'p1'): RegisteredAccount => ({
  party: id,
  user,
  role: null,
  shared: false,
});
const heard = (user: string, action: AccountChange['action'] = 'user-login') =>
  applyChange(undefined, { party: 'p1', user, at: 1_000, action, login: action === 'user-login' });

describe('the accounts of a party against what is declared', () => {
  test.each<[string, number | undefined, string[], ReturnType<typeof heard>[], object, boolean]>([
    ['nothing declared, none heard', undefined, [], [], { verdict: 'undeclared', registered: null }, false],
    ['nothing declared, one heard', undefined, [], [heard('a')], { verdict: 'undeclared', known: 1 }, true],
    ['as many as declared', 2, [], [heard('a'), heard('b')], { verdict: 'matches', differs: false }, true],
    ['fewer', 2, [], [heard('a')], { verdict: 'differs', differs: true, missing: [] }, false],
    ['more', 1, [], [heard('a'), heard('b')], { verdict: 'differs', differs: true, unknown: [] }, false],
    [
      'a locked one counts, for it is there',
      1,
      [],
      [heard('a', 'account-locked')],
      { verdict: 'matches' },
      true,
    ],
    [
      'a disabled one does not',
      1,
      [],
      [heard('a', 'account-disabled')],
      { verdict: 'differs', known: 0 },
      false,
    ],
    ['each by name', undefined, ['a'], [heard('a')], { verdict: 'matches', registered: 1 }, true],
    [
      'as many, but another one',
      undefined,
      ['a', 'b'],
      [heard('a'), heard('c')],
      { verdict: 'differs', differs: false, missing: ['b'], unknown: ['c'] },
      false,
    ],
    [
      'a stranger that was disabled again',
      undefined,
      ['a'],
      [heard('a'), heard('c', 'account-disabled')],
      { verdict: 'matches', unknown: [] },
      true,
    ],
  ])('%s', (...[, count, names, accounts, expected, present]) => {
    const declared = createDeclarations(
      [party('p1', count)],
      names.map((name) => declaredAccount(name)),
    )('p1');
    const result = reconcile(declared, accounts);
    expect(result).toMatchObject(expected);
    expect(isPresent(result)).toBe(present);
  });

  test('a list that names none of a party declares nothing of it', () => {
    const of = createDeclarations([party('p1'), party('p2')], [declaredAccount('a', 'p2')]);
    expect(reconcile(of('p1'), [])).toMatchObject({ verdict: 'undeclared', registered: null });
    expect(reconcile(of('unlisted'), [])).toMatchObject({ verdict: 'undeclared' });
  });

  test('38/38 is said only when it is so', () => {
    const parties = Array.from({ length: 38 }, (_, index) => party(`p${index + 1}`, 2));
    const presence = (known: number) =>
      presenceOf({
        parties,
        day: '2026-11-24',
        unknown: new Set(),
        reconciliationOf: (id) =>
          id === 'p7'
            ? { verdict: known === 2 ? 'matches' : 'differs', known }
            : { verdict: 'matches', known: 2 },
      });
    expect(presence(2)).toMatchObject({ national: { registered: 38, present: 38 }, absent: [], differs: [] });
    expect(presence(3)).toMatchObject({ national: { registered: 38, present: 37 }, differs: ['p7'] });
    expect(presence(0)).toMatchObject({ national: { present: 37 }, absent: ['p7'], differs: [] });
  });
});
