import { act, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { PartyDetail, PartyList } from '../../../shared/api/schemas.ts';
import PartiesPage from '../../../client/parties/PartiesPage.tsx';
import { fakeLiveWith } from '../fake-connection.ts';
import { refusal, serve, type Sent } from '../fake-server.ts';
import { alertOf, start } from '../live-samples.ts';
import { renderScreen } from '../render.tsx';
import { accountOf, boardOf, detailOf, rowOf } from './board-samples.ts';

const hostile = '<img src=x onerror=alert(1)>\u202Egpj';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

interface Shown {
  board?: PartyList;
  detail?: PartyDetail;
  id?: string;
  search?: string;
}

async function open({ board = boardOf(), detail, id = 'P07', search = '' }: Shown = {}): Promise<Sent[]> {
  history.replaceState(null, '', `/parties${search}`);
  const sent = serve({
    'GET /api/parties': { status: 200, body: board },
    ...(detail ? { [`GET /api/parties/${encodeURIComponent(id)}`]: { status: 200, body: detail } } : {}),
  });
  const live = await fakeLiveWith({ alerts: [alertOf('a', { parties: ['P07'] })] });
  renderScreen(<PartiesPage />, { feed: live.feed });
  return sent;
}
const links = async () => (await screen.findAllByRole('link')).map((link) => link.textContent);

describe('the board', () => {
  test('tells how many are present, and who is not in the register', async () => {
    await open({
      board: boardOf({
        national: { registered: 2, present: 1 },
        strangers: [{ id: hostile, accounts: 1, lastLogin: 1, failuresHour: 0, locked: 0, sessions: 0 }],
      }),
    });
    const title = await screen.findByText('organisasi di luar daftar: 1');
    expect(title.closest('h2')).toHaveTextContent('Nasional 1/2Aceh 1/1');
    expect(screen.getByText(/<img src=x onerror=alert\(1\)>‹U\+202E›gpj/)).toBeVisible();
    expect(document.querySelector('img')).toBeNull();
  });

  test('shows each party with its accounts, failures, sessions and how it stands', async () => {
    await open({
      board: boardOf({
        parties: [
          rowOf(0, { accounts: 0, verdict: 'differs', lastLogin: null, missing: 2, sessions: 0 }),
          rowOf(1, { failuresHour: 412, locked: 1, accounts: 3, verdict: 'differs', unknown: 1 }),
          rowOf(2, { registered: null, verdict: 'undeclared' }),
        ],
      }),
    });
    expect(await links()).toEqual([
      '02Partai 02akun 2 gagal 0/j masuk 10 d sesi 1 tidak dinyatakan',
      '07Partai 072akun 3/2 gagal 412/j masuk 10 d sesi 1 asing 1 · 1 terkunci',
      'A1Partai Aceh 1akun 0/2 gagal 0/j masuk — sesi 0 tidak terdengar',
    ]);
    expect(screen.getByRole('img', { name: 'tinggi' })).toBeVisible();
  });

  test('in another order than that of numbers is one list, across kinds', async () => {
    await open({
      search: '?sort=failures',
      board: boardOf({ parties: [rowOf(0, { failuresHour: 9 }), rowOf(1), rowOf(2, { failuresHour: 3 })] }),
    });
    const names = await links();
    expect(names.map((name) => name?.slice(0, 2))).toEqual(['A1', '02', '07']);
    expect(screen.getAllByRole('heading', { level: 3 }).map((heading) => heading.textContent)).toEqual([
      'menurut gagal 1 j',
    ]);
  });

  test('says when a bound was reached', async () => {
    await open({ board: boardOf({ overflow: 1_234 }) });
    expect(await screen.findByText(/1\.234 catatan akun tidak disimpan/)).toBeVisible();
  });

  test('as a list is sorted by a column, then the other way round, and the address says so', async () => {
    await open({
      search: '?view=list',
      board: boardOf({ parties: [rowOf(1), rowOf(2, { failuresHour: 7 })] }),
    });
    const names = () =>
      screen
        .getAllByRole('row')
        .slice(1)
        .map((row) => row.textContent?.slice(0, 2));
    await screen.findByRole('table');
    expect(names()).toEqual(['02', '07']);
    const head = screen.getByRole('columnheader', { name: /Gagal 1 j/ });
    await userEvent.click(within(head).getByRole('button'));
    expect(names()).toEqual(['02', '07']);
    expect(head).toHaveAttribute('aria-sort', 'descending');
    await userEvent.click(within(head).getByRole('button'));
    expect(names()).toEqual(['07', '02']);
    expect(head).toHaveAttribute('aria-sort', 'ascending');
    expect(location.search).toBe('?view=list&sort=failures&rev=1');
  });

  test('narrowed down to nothing offers to show all', async () => {
    await open({ search: '?show=locked&q=zzz' });
    await userEvent.click(await screen.findByRole('button', { name: 'Tampilkan semua' }));
    expect(location.search).toBe('');
    expect(await links()).toHaveLength(3);
  });

  test('of an empty register says that it is empty', async () => {
    await open({ board: boardOf({ parties: [] }) });
    expect(await screen.findByText('Daftar partai kosong.')).toBeVisible();
  });

  test('that can not be read says so, and is read again on demand', async () => {
    history.replaceState(null, '', '/parties');
    let answers = 0;
    serve({
      'GET /api/parties': () =>
        (answers += 1) === 1 ? refusal(503, 'busy') : { status: 200, body: boardOf() },
    });
    const live = await fakeLiveWith();
    renderScreen(<PartiesPage />, { feed: live.feed });
    await userEvent.click(await screen.findByRole('button', { name: 'Coba lagi' }));
    expect(await links()).toHaveLength(3);
  });

  test('that grows old says how old it is, and why', async () => {
    vi.useFakeTimers({ now: start + 10_000 });
    history.replaceState(null, '', '/parties');
    let answers = 0;
    serve({
      'GET /api/parties': () =>
        (answers += 1) === 1 ? { status: 200, body: boardOf() } : refusal(503, 'busy'),
    });
    const live = await fakeLiveWith();
    renderScreen(<PartiesPage />, { feed: live.feed });
    await act(() => vi.advanceTimersByTimeAsync(50));
    for (let second = 0; second < 20; second += 1) {
      live.clock.now += 1_000;
      await act(() => vi.advanceTimersByTimeAsync(1_000));
    }
    expect(screen.getByText('data 20 d lalu')).toBeVisible();
    expect(screen.getByRole('alert')).toHaveTextContent('Server gagal menjawab (busy).');
    expect(screen.getAllByRole('link')).toHaveLength(3);
  });
});

describe('the details of a party', () => {
  const detail = detailOf({
    accounts: [
      accountOf('operator07', { shared: true, failuresHour: 12, failuresDay: 40 }),
      accountOf(hostile, {
        registered: false,
        state: 'locked',
        roles: null,
        lastLogin: null,
        firstLogin: null,
      }),
      accountOf('lama07', { state: 'disabled' }),
    ],
    reconciliation: {
      verdict: 'differs',
      registered: 3,
      known: 2,
      missing: ['admin07', 'lama07'],
      unknown: [hostile],
      differs: true,
    },
    history: [
      { account: hostile, at: start + 5_000, action: 'account-created', by: 'admin07', address: '192.0.2.7' },
    ],
    historyTotal: 9,
    historyCut: true,
  });

  test('open from its tile and close again, by key too', async () => {
    await open({ detail });
    await userEvent.click(await screen.findByRole('link', { name: /Partai 07/ }));
    expect(location.search).toBe('?party=P07');
    expect(await screen.findByRole('complementary', { name: 'Rincian Partai 07' })).toHaveFocus();
    await userEvent.keyboard('{Escape}');
    expect(location.search).toBe('');
    expect(screen.queryByRole('complementary')).toBeNull();
  });

  test('show every account, and those that nobody heard', async () => {
    await open({ detail, search: '?party=P07' });
    const rows = within(await screen.findByRole('table'))
      .getAllByRole('row')
      .slice(1);
    expect(rows.map((row) => row.textContent)).toEqual([
      expect.stringContaining('‹U+202E›gpjterkunci di luar daftar—belum pernah'),
      expect.stringMatching(/^operator07aktifbersamaunggah10 d203\.0\.113\.912 \/ 401——$/),
      expect.stringContaining('lama07nonaktif'),
      'admin07 tidak terdengar',
    ]);
    expect(screen.getByRole('link', { name: 'operator07' })).toHaveAttribute(
      'href',
      '/investigate?filter=user.name%3Aoperator07',
    );
    expect(screen.getByRole('link', { name: 'Selidik partai' })).toHaveAttribute(
      'href',
      '/investigate?filter=organization.id%3AP07',
    );
  });

  test('tell what is missing and unknown, and what happened', async () => {
    await open({ detail, search: '?party=P07' });
    const facts = (await screen.findByRole('heading', { name: /Rekonsiliasi daftar tidak cocok/ })).closest(
      'section',
    );
    expect(facts).toHaveTextContent('2 akun terdengar, 3 terdaftar.');
    expect(facts).toHaveTextContent('Terdaftar, tidak terdengar (2)admin07lama07');
    expect(facts).toHaveTextContent('Terdengar, tidak terdaftar (1)<img src=x onerror=alert(1)>‹U+202E›gpj');
    const life = screen.getByRole('heading', { name: /Riwayat akun/ }).closest('section');
    expect(life).toHaveTextContent('1 dari 9');
    expect(within(life!).getAllByRole('listitem')[0]).toHaveTextContent(
      /akun dibuat <img .*‹U\+202E›gpj oleh admin07 · 192\.0\.2\.7/,
    );
    expect(life).toHaveTextContent('masuk pertama operator07');
    expect(life).toHaveTextContent('100 kejadian terbaru');
  });

  test.each<[string, PartyDetail['reconciliation'], boolean | null, string]>([
    [
      'undeclared',
      { verdict: 'undeclared', registered: null, known: 1, missing: [], unknown: [], differs: false },
      null,
      'tidak dinyatakan',
    ],
    [
      'a number that is right',
      { verdict: 'matches', registered: 1, known: 1, missing: [], unknown: [], differs: false },
      null,
      '1 akun terdaftar, dan sebanyak itu yang terdengar.',
    ],
    [
      'names that are right',
      { verdict: 'matches', registered: 1, known: 1, missing: [], unknown: [], differs: false },
      true,
      '1 akun terdaftar, dan tepat akun itulah yang terdengar.',
    ],
  ])('say of %s just that', async (_name, reconciliation, registered, words) => {
    await open({
      search: '?party=P07',
      detail: detailOf({ reconciliation, accounts: [accountOf('operator07', { registered })] }),
    });
    const heading = await screen.findByRole('heading', { name: /Rekonsiliasi daftar/ });
    expect(heading.closest('section')).toHaveTextContent(words);
    expect(heading.closest('section')).not.toHaveTextContent('tidak cocok');
  });

  test('of an organisation that the register does not know, however it is named', async () => {
    const sent = await open({
      search: `?${new URLSearchParams({ party: hostile })}`,
      id: hostile,
      detail: detailOf({
        party: null,
        accounts: [accountOf('zz', { registered: null })],
        reconciliation: {
          verdict: 'undeclared',
          registered: null,
          known: 1,
          missing: [],
          unknown: [],
          differs: false,
        },
      }),
    });
    expect(await screen.findAllByText('tidak ada di daftar komisi')).toHaveLength(2);
    expect(sent.map(({ path }) => path)).toContain(`/api/parties/${encodeURIComponent(hostile)}`);
    expect(document.querySelector('img')).toBeNull();
  });

  test('of a party that there is not say so, and do not ask again', async () => {
    const sent = await open({ search: '?party=P99' });
    expect(await screen.findByText(/belum pernah terdengar/)).toBeVisible();
    await waitFor(() => expect(sent.filter(({ path }) => path === '/api/parties/P99')).toHaveLength(1));
  });
});
