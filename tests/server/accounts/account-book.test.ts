import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { createAccountBook, type AccountBook } from '../../../server/accounts/account-book.ts';
import { applyChange, type AccountChange } from '../../../server/accounts/account-change.ts';
import {
  maxAccountsPerParty,
  maxAccountsPerUnknown,
  maxNameLength,
  maxUnknownOrganisations,
} from '../../../server/accounts/account-draft.ts';
import { openStateStore, type StateStore } from '../../../server/store/state/state-store.ts';
import type { Party } from '../../../shared/party.ts';

const parties: Party[] = [
  { id: 'p1', name: 'Partai Satu', kind: 'national', number: 1, expectedSince: '2026-11-01' },
  { id: 'p2', name: 'Partai Dua', kind: 'national', number: 2, expectedSince: '2026-11-24' },
  { id: 'a1', name: 'Partai Aceh Satu', kind: 'aceh', number: 1, expectedSince: '2026-11-01' },
];
const noonUtc = Date.UTC(2026, 10, 23, 12);
let store: StateStore;
let clock = noonUtc;
const openBook = () => createAccountBook({ db: store.db, parties, now: () => clock });
let book: AccountBook;
beforeEach(async () => {
  clock = noonUtc;
  store = await openStateStore({ file: ':memory:' });
  book = await openBook();
});
afterEach(() => store.close());

const login = (changes: Partial<AccountChange> = {}): AccountChange => ({
  party: 'p1',
  user: 'budi',
  at: 1_000,
  action: 'user-login',
  login: true,
  ...changes,
});
const accountsOf = (id: string) => book.partyDetail(id)?.accounts ?? [];

describe('what makes an account', () => {
  test.each<[string, Partial<AccountChange>, number]>([
    ['a login that succeeded', {}, 1],
    ['an account that was created', { action: 'account-created', login: false }, 1],
    ['a password that was reset', { action: 'password-reset', login: false }, 1],
    ['a login that failed', { login: false }, 0],
    ['other activity', { action: 'seen', login: false }, 0],
    ['a log-out', { action: 'user-logout', login: false }, 0],
  ])('%s', async (_name, change, accounts) => {
    await book.record([login(change)]);
    expect(accountsOf('p1')).toHaveLength(accounts);
  });

  test('a failed login does not touch an account that exists', async () => {
    await book.record([login(), login({ at: 9_000, login: false })]);
    expect(accountsOf('p1')).toMatchObject([
      { name: 'budi', state: 'active', firstSeen: 1_000, lastSeen: 1_000, lastLogin: 1_000 },
    ]);
    expect(accountsOf('p1')).toHaveLength(1);
  });

  test('activity moves the time it was last seen, not that of its last login', async () => {
    await book.record([login(), login({ at: 9_000, action: 'seen', login: false })]);
    expect(accountsOf('p1')[0]).toMatchObject({ lastSeen: 9_000, lastLogin: 1_000 });
  });
});

describe('state of an account', () => {
  test.each<[string, Partial<AccountChange>[], string]>([
    ['created', [{ action: 'account-created', login: false }], 'created'],
    ['in use once it logged in', [{ action: 'account-created', login: false }, { at: 2_000 }], 'active'],
    ['locked', [{}, { action: 'account-locked', login: false, at: 2_000 }], 'locked'],
    [
      'by its newest event, not by the last to arrive',
      [
        { action: 'account-disabled', login: false, at: 5_000 },
        { action: 'account-activated', login: false, at: 4_000 },
      ],
      'disabled',
    ],
    [
      'disabled, though a login came after',
      [{ action: 'account-disabled', login: false }, { at: 2_000 }],
      'disabled',
    ],
  ])('is %s', async (_name, changes, state) => {
    await book.record(changes.map(login));
    expect(accountsOf('p1')[0]?.state).toBe(state);
  });

  test('comes out the same in whatever order and however often changes arrive', () => {
    const change = fc.record({
      party: fc.constant('p1'),
      user: fc.constant('budi'),
      at: fc.integer({ min: 1, max: 12 }),
      action: fc.constantFrom(
        'user-login',
        'account-created',
        'account-activated',
        'account-locked',
        'account-disabled',
        'mfa-enrolled',
        'seen',
      ),
      address: fc.constantFrom(null, '192.0.2.1', '192.0.2.2'),
      roles: fc.constantFrom(null, 'admin', 'unggah'),
    });
    const changes = fc
      .array(change, { minLength: 1 })
      .map((list) => list.map((item): AccountChange => ({ ...item, login: item.action === 'user-login' })));
    const fold = (list: AccountChange[]) => list.reduce(applyChange, applyChange(undefined, list[0]!));
    fc.assert(
      fc.property(changes, fc.infiniteStream(fc.nat()), (list, order) => {
        const shuffled = list
          .map((item) => ({ item, rank: order.next().value ?? 0 }))
          .toSorted((a, b) => a.rank - b.rank)
          .map(({ item }) => item);
        expect(fold([...shuffled, ...list])).toEqual(fold(list));
      }),
    );
  });
});

describe('presence', () => {
  test('counts parties that are due and those of them that were heard', async () => {
    await book.record([login(), login({ party: 'p2', user: 'wati' })]);
    expect(book.presence()).toEqual({
      national: { registered: 1, present: 1 },
      aceh: { registered: 1, present: 0 },
      absent: ['a1'],
      differs: [],
      unknown: [],
    });
  });

  test('turns to the next day at midnight in Jakarta', () => {
    clock = Date.UTC(2026, 10, 23, 16, 59, 59, 999);
    expect(book.presence().national.registered).toBe(1);
    clock += 1;
    expect(book.presence().national.registered).toBe(2);
  });

  test('ends with the last account that is not disabled, and comes back', async () => {
    await book.record([login()]);
    expect(book.presence().national.present).toBe(1);
    await book.record([login({ action: 'account-disabled', login: false, at: 2_000 })]);
    expect(book.presence().absent).toContain('p1');
    await book.record([login({ action: 'account-activated', login: false, at: 3_000 })]);
    expect(book.presence().national.present).toBe(1);
  });

  test('names organisations that the register does not know, at most 20', async () => {
    await book.record(
      Array.from({ length: 25 }, (_, n) => login({ party: `x${String(n).padStart(2, '0')}` })),
    );
    expect(book.presence().unknown).toHaveLength(20);
    expect(book.partyDetail('x00')).toMatchObject({ party: null, present: true });
  });

  test('no longer names one that the register has learnt', async () => {
    await book.record([login({ party: 'x1' })]);
    const known = [...parties, { ...parties[0]!, id: 'x1', number: 9 }];
    const later = await createAccountBook({ db: store.db, parties: known, now: () => clock });
    expect(later.presence()).toMatchObject({ unknown: [], national: { registered: 2, present: 1 } });
  });

  test('is the same object until something changed, so that asking each second is cheap', async () => {
    const before = book.presence();
    expect(book.presence()).toBe(before);
    await book.record([login()]);
    expect(book.presence()).not.toBe(before);
  });
});

describe('user names and their parties', () => {
  test('are learnt, the account heard newest first', async () => {
    await book.record([login({ at: 5_000 }), login({ party: 'p2', at: 4_000 })]);
    expect(book.partyOf('budi')).toBe('p1');
    await book.record([login({ party: 'p2', at: 6_000 })]);
    expect(book.partyOf('budi')).toBe('p2');
    expect(book.mapping()).toEqual([['budi', 'p2']]);
    expect(book.partyOf('siti')).toBeNull();
  });

  test.each(['__proto__', 'constructor', 'a\0b', '\ud800', '<script>', "'; drop table accounts; --"])(
    'hold the hostile name %j',
    async (user) => {
      await book.record([login({ user }), login({ user, party: user })]);
      await book.record([login({ user, at: 2_000 })]);
      expect(book.partyOf(user)).toBe('p1');
      const again = await openBook();
      expect(again.partyDetail('p1')).toEqual(book.partyDetail('p1'));
      expect(again.partyOf(user)).toBe('p1');
    },
  );
});

describe('bounds', () => {
  test('a party has so many accounts and no more; those kept still change', async () => {
    const many = Array.from({ length: maxAccountsPerParty + 5 }, (_, n) => login({ user: `u${n}` }));
    await book.record(many.slice(0, 10));
    await book.record(many);
    expect(accountsOf('p1')).toHaveLength(maxAccountsPerParty);
    expect(book.overflow()).toBe(5);
    await book.record([login({ user: 'u0', at: 7_000 })]);
    expect(accountsOf('p1')[0]).toMatchObject({ name: 'u0', lastSeen: 7_000 });
  });

  test('an organisation that the register does not know has fewer', async () => {
    await book.record(
      Array.from({ length: maxAccountsPerUnknown + 1 }, (_, n) => login({ party: 'x', user: `u${n}` })),
    );
    expect(accountsOf('x')).toHaveLength(maxAccountsPerUnknown);
  });

  test('there are so many unknown organisations and no more', async () => {
    await book.record(
      Array.from({ length: maxUnknownOrganisations + 3 }, (_, n) => login({ party: `x${n}` })),
    );
    expect(book.overflow()).toBe(3);
    expect(book.partyDetail(`x${maxUnknownOrganisations}`)).toBeNull();
  });

  test('a name that is too long or empty is left out and counted', async () => {
    await book.record([
      login({ user: 'x'.repeat(maxNameLength + 1) }),
      login({ user: '' }),
      login({ party: '' }),
    ]);
    expect(accountsOf('p1')).toEqual([]);
    expect(book.overflow()).toBe(3);
  });
});

describe('durability', () => {
  test('the book opened again is the same', async () => {
    await book.record([
      login(),
      login({ party: 'x1', user: 'eka' }),
      login({ user: 'siti', action: 'account-locked', login: false }),
    ]);
    const again = await openBook();
    for (const id of ['p1', 'x1']) expect(again.partyDetail(id)).toEqual(book.partyDetail(id));
    expect(again.presence()).toEqual(book.presence());
    expect(new Map(again.mapping())).toEqual(new Map(book.mapping()));
  });

  test('what could not be written is not believed either', async () => {
    await store.db.schema.dropTable('accounts').execute();
    await expect(book.record([login()])).rejects.toThrow();
    expect(accountsOf('p1')).toEqual([]);
    expect(book.presence().national.present).toBe(0);
  });
});
