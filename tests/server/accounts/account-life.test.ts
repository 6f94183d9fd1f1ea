import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAccountBook, type AccountBook } from '../../../server/accounts/account-book.ts';
import type { AccountChange } from '../../../server/accounts/account-change.ts';
import { maxStepsPerAccount, maxStepsShown } from '../../../server/accounts/account-history.ts';
import {
  createAccountSessions,
  maxSessionAccounts,
  maxSessionsPerAccount,
  sessionIdleMs,
} from '../../../server/accounts/account-sessions.ts';
import {
  createFailureCounts,
  maxFailureMinutes,
  type FailureCount,
} from '../../../server/accounts/failure-counts.ts';
import { openStateStore, type StateStore } from '../../../server/store/state/state-store.ts';
import type { Party } from '../../../shared/party.ts';

const noon = Date.UTC(2026, 10, 24, 5);
const minute = 60_000;
const hour = 60 * minute;
const parties: Party[] = [
  { id: 'p1', name: 'Partai Satu', kind: 'national', number: 1, expectedSince: '2026-08-01' },
];
let store: StateStore;
let clock = noon;
let book: AccountBook;
const openBook = () => createAccountBook({ db: store.db, parties, now: () => clock });
beforeEach(async () => {
  clock = noon;
  store = await openStateStore({ file: ':memory:' });
  book = await openBook();
});
afterEach(() => store.close());

const change = (over: Partial<AccountChange> = {}): AccountChange => ({
  party: 'p1',
  user: 'budi',
  at: noon - minute,
  action: 'user-login',
  login: (over.action ?? 'user-login') === 'user-login',
  address: '192.0.2.7',
  ...over,
});
const failed = (count: number, at = noon - minute, user = 'budi'): FailureCount => ({
  party: 'p1',
  user,
  minute: Math.floor(at / minute) * minute,
  count,
});
const only = () => book.partyDetail('p1')?.accounts[0];

describe('an account', () => {
  test('says when it was made, who may what, where it came from last', async () => {
    await book.record([
      change({ action: 'account-created', at: 1_000 }),
      change({ action: 'mfa-enrolled', at: 2_000 }),
      change({ at: 3_000 }),
      change({ at: 5_000, address: '192.0.2.8', roles: 'unggah,admin' }),
      change({ at: 4_000 }),
    ]);
    expect(only()).toMatchObject({
      createdAt: 1_000,
      mfaEnrolledAt: 2_000,
      firstLogin: 3_000,
      lastLogin: 5_000,
      lastLoginAddress: '192.0.2.8',
      roles: 'unggah,admin',
      registered: null,
    });
    expect((await openBook()).partyDetail('p1')).toEqual(book.partyDetail('p1'));
  });

  test('of a party whose accounts are declared is known to be declared, or not', async () => {
    const registered = { party: 'p1', role: 'unggah', shared: true };
    book = await createAccountBook({
      db: store.db,
      parties,
      now: () => clock,
      registeredAccounts: [{ ...registered, user: 'budi' }],
    });
    await book.record([change(), change({ user: 'eka', at: noon - 2 * minute })]);
    expect(book.partyDetail('p1')).toMatchObject({
      present: false,
      reconciliation: { missing: [], unknown: ['eka'] },
      accounts: [
        { name: 'budi', registered: true, shared: true, roles: 'unggah' },
        { name: 'eka', registered: false, shared: false, roles: null },
      ],
    });
  });
});

describe('the history of an account', () => {
  test('keeps each step once, whoever tells it again, and survives', async () => {
    const steps = [
      change({ action: 'account-created', at: 1_000, by: 'admin' }),
      change({ action: 'account-locked', at: 2_000, address: null }),
    ];
    await book.record([...steps, change()]);
    await book.record(steps.toReversed());
    book = await openBook();
    await book.record(steps);
    expect(await book.historyOf('p1')).toEqual({
      history: [
        { account: 'budi', at: 2_000, action: 'account-locked', by: null, address: null },
        { account: 'budi', at: 1_000, action: 'account-created', by: 'admin', address: '192.0.2.7' },
      ],
      historyTotal: 2,
      historyCut: false,
    });
  });

  test('of an account has so many steps, the newest, whatever the order; of a party so many are told', async () => {
    const steps = Array.from({ length: maxStepsPerAccount + 20 }, (_, n) =>
      change({ action: 'password-changed', at: n + 1 }),
    );
    await book.record(steps.slice(50));
    await book.record(steps.slice(0, 50));
    const others = ['a', 'b', 'c'].flatMap((user) => steps.map((step) => ({ ...step, user })));
    await book.record(others);
    const { history, historyTotal, historyCut } = await book.historyOf('p1');
    expect([history.length, historyTotal, historyCut]).toEqual([maxStepsShown, 4 * maxStepsPerAccount, true]);
    const times = history.filter(({ account }) => account === 'budi').map(({ at }) => at);
    expect(times[0]).toBe(maxStepsPerAccount + 20);
    const kept = await store.db
      .selectFrom('account_history')
      .select('at')
      .where('user_name', '=', 'budi')
      .execute();
    expect(Math.min(...kept.map(({ at }) => at))).toBe(21);
  });

  test('holds no step of a name that nothing proves', async () => {
    await book.record([change({ login: false }), change({ action: 'user-logout' })]);
    expect((await book.historyOf('p1')).historyTotal).toBe(0);
  });
});

describe('failed logins of an account', () => {
  test('are those of the last hour and of 24, by arrival', async () => {
    await book.record({
      changes: [change()],
      failures: [
        failed(3),
        failed(5, noon - 59 * minute),
        failed(7, noon - 61 * minute),
        failed(9, noon - 25 * hour),
      ],
    });
    expect(only()).toMatchObject({ failuresHour: 8, failuresDay: 15 });
    clock = noon + 10 * minute;
    expect(only()).toMatchObject({ failuresHour: 3, failuresDay: 15 });
    clock = noon + 25 * hour;
    expect(only()).toMatchObject({ failuresHour: 0, failuresDay: 0 });
  });

  test('make no account, and are not kept of one that there is not', async () => {
    await book.record({ changes: [], failures: [failed(40, noon, 'root')] });
    expect(book.partyDetail('p1')?.accounts).toEqual([]);
    expect(book.factsOf('p1')).toMatchObject({ accounts: 0, failuresHour: 0 });
  });

  test('are right again after a restart: hours are kept, minutes are read back', async () => {
    const failures = [failed(4, noon - 3 * hour), failed(6, noon - 20 * minute), failed(2, noon)];
    await book.record({ changes: [change()], failures });
    const before = only();
    book = await openBook();
    expect(only()).toMatchObject({ failuresHour: 0, failuresDay: 12 });
    await book.record({ changes: [change()], failures: failures.slice(1) });
    expect({ ...only(), sessions: 0 }).toEqual({ ...before, sessions: 0 });
    await book.record({ changes: [], failures: [failed(5, noon)] });
    expect(only()).toMatchObject({ failuresHour: 11, failuresDay: 15 });
  });

  test('of hours that are over are forgotten in the store too', async () => {
    await book.record({ changes: [change()], failures: [failed(4)] });
    clock = noon + 30 * hour;
    await book.record({ changes: [], failures: [failed(1, clock)] });
    expect(await store.db.selectFrom('account_failures').selectAll().execute()).toHaveLength(1);
  });

  test('are bounded, and what is left out is counted', () => {
    const counts = createFailureCounts([]);
    counts.add(Array.from({ length: maxFailureMinutes + 3 }, (_, n) => failed(1, noon, `u${n}`)));
    expect(counts.overflow()).toBe(3);
    counts.forget(noon + 3 * hour);
    counts.add([failed(1, noon + 3 * hour, 'new')]);
    expect([counts.lastHour('p1', 'new', noon + 3 * hour), counts.overflow()]).toEqual([1, 3]);
  });
});

describe('sessions', () => {
  test.each<[string, Partial<AccountChange>[], number]>([
    ['one from each address', [{}, { address: '192.0.2.8' }, { at: noon }], 2],
    ['over with the log-out', [{}, { action: 'user-logout', at: noon }], 0],
    ['of another address stay', [{}, { action: 'user-logout', at: noon, address: '192.0.2.8' }], 1],
    ['all over with a log-out from nowhere', [{}, { action: 'user-logout', at: noon, address: null }], 0],
    ['open again after it', [{ action: 'user-logout', at: noon - 2 * minute }, {}], 1],
    ['over after an hour', [{ at: noon - sessionIdleMs }], 0],
  ])('are %s', async (_name, changes, sessions) => {
    await book.record([change({ action: 'account-created', at: 1_000 }), ...changes.map(change)]);
    expect(only()?.sessions).toBe(sessions);
    expect(book.factsOf('p1').sessions).toBe(sessions);
  });

  test('are bounded by address and by account; those forgotten while open are counted', () => {
    const sessions = createAccountSessions();
    for (let n = 0; n < maxSessionsPerAccount + 2; n += 1) sessions.add(change({ address: `192.0.2.${n}` }));
    expect([sessions.count('p1', 'budi', noon), sessions.overflow()]).toEqual([maxSessionsPerAccount, 2]);
    for (let n = 0; n < maxSessionAccounts; n += 1) sessions.add(change({ user: `u${n}` }));
    expect(sessions.overflow()).toBe(2 + maxSessionsPerAccount);
  });
});

test('the whole book comes out the same in whatever order and however often news arrive', async () => {
  const users = fc.constantFrom('budi', 'siti');
  const changes = fc.record({
    user: users,
    at: fc.integer({ min: noon - 5, max: noon }),
    action: fc.constantFrom(
      'user-login',
      'user-logout',
      'account-locked',
      'password-reset',
      'account-created',
    ),
    address: fc.constantFrom(null, '192.0.2.1', '192.0.2.2'),
    by: fc.constantFrom(null, 'admin'),
  } as const);
  const failures = fc.record({
    user: users,
    at: fc.constantFrom(noon, noon - minute, noon - hour),
    count: fc.integer({ min: 1, max: 9 }),
  });
  type News = { change: Partial<AccountChange> } | { failure: FailureCount };
  const news = fc.oneof(
    changes.map((item): News => ({ change: item })),
    failures.map(({ user, at, count }): News => ({ failure: failed(count, at, user) })),
  );
  const told = async (list: readonly News[]) => {
    const own = await openStateStore({ file: ':memory:' });
    const fresh = await createAccountBook({ db: own.db, parties, now: () => noon });
    await fresh.record(['budi', 'siti'].map((user) => change({ user, at: 1_000, action: 'mfa-enrolled' })));
    for (const item of list)
      await fresh.record(
        'change' in item ? [change(item.change)] : { changes: [], failures: [item.failure] },
      );
    const detail = fresh.partyDetail('p1');
    const accounts = detail?.accounts.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const steps = await own.db
      .selectFrom('account_history')
      .selectAll()
      .orderBy('user_name')
      .orderBy('at')
      .orderBy('action')
      .orderBy('actor')
      .orderBy('address')
      .execute();
    await own.close();
    return { accounts, steps };
  };
  await fc.assert(
    fc.asyncProperty(fc.array(news, { maxLength: 12 }), fc.infiniteStream(fc.nat()), async (list, ranks) => {
      const shuffled = list
        .map((item) => ({ item, rank: ranks.next().value ?? 0 }))
        .toSorted((a, b) => a.rank - b.rank)
        .map(({ item }) => item);
      expect(await told([...shuffled, ...list])).toEqual(await told(list));
    }),
    { numRuns: 40 },
  );
});
