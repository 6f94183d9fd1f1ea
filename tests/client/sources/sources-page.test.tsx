import { act, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Ledger } from '../../../shared/api/ledger.ts';
import type { Frame } from '../../../shared/live/frame.ts';
import SourcesPage from '../../../client/sources/SourcesPage.tsx';
import { fakeLiveWith } from '../fake-connection.ts';
import { frameOf, start } from '../live-samples.ts';
import { renderScreen } from '../render.tsx';
import { countsOf, healthOf, ledgerOf, minute0, minuteOf } from './ledger-samples.ts';

vi.mock('uplot', () => ({ default: vi.fn() }));

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const limits = [
  { name: 'sockets', value: '2000', lastHour: 0, total: 3 },
  { name: 'headersTime', value: '10s', lastHour: 1_234, total: 5_678 },
];

type Answer = Ledger | { status: number; code: string };

/** Answers each question about the ledger; the list holds what was asked. */
function serveLedger(answer: (query: URLSearchParams) => Answer): URLSearchParams[] {
  const asked: URLSearchParams[] = [];
  vi.stubGlobal('fetch', (path: string) => {
    const url = new URL(path, 'http://siaga');
    if (url.pathname === '/api/limits') return Promise.resolve(new Response(JSON.stringify({ limits })));
    expect(url.pathname).toBe('/api/ledger');
    asked.push(url.searchParams);
    const given = answer(url.searchParams);
    const refused = 'status' in given;
    const body = refused ? { error: { code: given.code, message: given.code } } : given;
    return Promise.resolve(new Response(JSON.stringify(body), { status: refused ? given.status : 200 }));
  });
  return asked;
}

async function draw(sources: Frame['sources'], address = '/sources') {
  history.replaceState(null, '', address);
  const live = await fakeLiveWith({ frame: frameOf(10, { sources }) });
  return { live, ...renderScreen(<SourcesPage />, { feed: live.feed }) };
}

const row = (source: string) =>
  screen.getByRole('button', { name: `Rincian ${source}` }).closest('tr') ?? document.body;
const cells = (source: string) =>
  within(row(source))
    .getAllByRole('cell')
    .map((cell) => cell.textContent);
const panel = (title: string | RegExp) =>
  screen.getByRole('heading', { name: title, level: 2 }).closest('section') ?? document.body;

const good = ledgerOf({
  sources: [
    countsOf('import', { received: 7, stored: 7, inStore: 7 }),
    countsOf('web', {
      received: 1_234_567,
      stored: 1_234_560,
      inStore: 1_234_560,
      rejected: 4,
      pending: 3,
      unparsed: 12_346,
      late: 5,
      duplicate: 6,
    }),
  ],
});

test('limits that were reached in the last hour are listed, and no others', async () => {
  serveLedger(() => good);
  await draw([healthOf('web')]);
  const list = await screen.findByRole('heading', { name: 'Batas yang tercapai dalam satu jam terakhir' });
  const section = list.closest('section') ?? document.body;
  expect(await within(section).findByText('Waktu menunggu header')).toBeVisible();
  expect(section).toHaveTextContent('10s1.2345.678');
  expect(section).not.toHaveTextContent('Soket');
});

describe('the proof', () => {
  test('is one line in figures, with its range and since when there are books', async () => {
    serveLedger(() => good);
    await draw([healthOf('web')]);
    expect(await screen.findByText('ledger cocok')).toBeVisible();
    const proof = panel('Ledger');
    expect(proof).toHaveTextContent('diterima 1.234.574=disimpan 1.234.567+ditolak 4+tertunda 3');
    expect(proof).toHaveTextContent('disimpan 1.234.567=terhitung di penyimpanan 1.234.567');
    expect(proof).toHaveTextContent(/pembukuan sejak \d{4}-\d\d-\d\d \d\d:\d\d WIB/);
    expect(proof).not.toHaveTextContent('sebelum pembukuan');
  });

  test('says that it is none, and where, when books and store differ', async () => {
    const off = countsOf('web', { received: 5, stored: 5, inStore: 3, balanced: false });
    const differences = [minuteOf('web', minute0, { received: 5, stored: 5, inStore: 3 })];
    serveLedger(() => ledgerOf({ balanced: false, sources: [off], differences }));
    await draw([healthOf('web')], '/sources?source=web');
    expect(await screen.findByText('ledger TIDAK cocok')).toBeVisible();
    expect(panel('Ledger')).toHaveTextContent('disimpan 5≠terhitung di penyimpanan 3menit berselisih: 1');
    expect(cells('web').at(-1)).toBe('▲ -2');
    const detail = await screen.findByRole('heading', { name: 'Selisih ledger dan penyimpanan' });
    expect(detail.closest('section')).toHaveTextContent('5503-2');
  });

  test('of a time without books proves nothing', async () => {
    serveLedger(() => ledgerOf({ since: minute0 + 3_600_000 }));
    await draw([healthOf('web')]);
    expect(await screen.findByText('tanpa pembukuan')).toBeVisible();
    expect(screen.queryByText('ledger cocok')).toBeNull();
    expect(cells('web').slice(6)).toEqual(Array.from({ length: 8 }, () => '—'));
  });
});

describe('the table', () => {
  test('joins how a source is now with what the ledger says', async () => {
    serveLedger(() => good);
    await draw([healthOf('web', { lagMs: 2_500, behindBytes: 1_536, received: 12 })]);
    await screen.findByText('ledger cocok');
    expect(row('web')).toHaveTextContent('webberkas');
    expect(cells('web')).toEqual([
      'terdengar',
      '1 d lalu',
      '12/d',
      '2 d',
      '1,5 KiB',
      '',
      '1.234.567',
      '1.234.560',
      '4',
      '3',
      '12.346 1 %',
      '5',
      '6',
      '✓ cocok',
    ]);
    expect(screen.getByRole('row', { name: /^Semua/ })).toHaveTextContent('1.234.574');
  });

  test('leads from unparsed lines to the events of that source and range', async () => {
    serveLedger(() => good);
    await draw([healthOf('web')]);
    const link = await screen.findByRole('link', { name: 'Selidiki 12.346 baris tak terurai dari web' });
    const target = new URL(link.getAttribute('href') ?? '', 'http://x');
    expect(target.pathname).toBe('/investigate');
    expect(target.searchParams.getAll('filter')).toEqual(['event.dataset:unparsed', 'siaga.source:web']);
    expect(target.searchParams.get('from')).toBe(String(good.from));
  });

  test('says who is silent, broken, not heard or configured no more', async () => {
    serveLedger(() => good);
    await draw([
      healthOf('diam', { silent: true, lastHeard: start - 230_000 }),
      healthOf('hilang', { fault: 'missing', lastHeard: null }),
      healthOf('nanti', { lastHeard: null }),
    ]);
    await screen.findByText('ledger cocok');
    expect(cells('diam').slice(0, 2)).toEqual(['▲ diam', '4 m lalu']);
    expect(cells('hilang').slice(0, 2)).toEqual(['▲ berkas tidak ada', '—']);
    expect(cells('nanti')[0]).toBe('belum terdengar');
    expect(cells('import').slice(0, 2)).toEqual(['tidak disetel', '—']);
  });

  test('goes on without the ledger, which can be asked again', async () => {
    let broken = true;
    serveLedger(() => (broken ? { status: 500, code: 'internal' } : good));
    await draw([healthOf('web')]);
    const again = await within(panel('Ledger')).findByRole('button', { name: 'Coba lagi' });
    expect(cells('web').slice(0, 3)).toEqual(['terdengar', '1 d lalu', '10/d']);
    expect(cells('web').at(-1)).toBe('—');
    broken = false;
    await userEvent.click(again);
    expect(await screen.findByText('ledger cocok')).toBeVisible();
  });

  test('says that there is nothing when there is nothing', async () => {
    serveLedger(() => ledgerOf());
    await draw([]);
    expect(await screen.findByText(/Belum ada sumber yang disetel/)).toBeVisible();
  });
});

describe('the range', () => {
  test('is the last hour, or what the address or a click says', async () => {
    const asked = serveLedger(() => good);
    await draw([healthOf('web')]);
    await screen.findByText('ledger cocok');
    const length = (query: URLSearchParams | undefined) =>
      Number(query?.get('to')) - Number(query?.get('from'));
    expect([length(asked[0]), asked[0]?.get('bucket'), asked[0]?.has('source')]).toEqual([
      3_600_000,
      '1',
      false,
    ]);
    await userEvent.click(screen.getByRole('button', { name: '24j' }));
    await waitFor(() => expect(asked).toHaveLength(2));
    expect([length(asked[1]), asked[1]?.get('bucket')]).toEqual([86_400_000, '30']);
    expect(location.search).toBe('?last=24h');
  });

  test('that ends now is read again, and its age is said; an old answer is marked', async () => {
    vi.useFakeTimers({ now: start + 10_000 });
    let broken = false;
    const asked = serveLedger(() => (broken ? { status: 500, code: 'internal' } : good));
    const { live } = await draw([healthOf('web')]);
    const pass = async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += 500) {
        live.clock.now += 500;
        await act(() => vi.advanceTimersByTimeAsync(500));
      }
    };
    await pass(1_000);
    expect(screen.getByText('ledger cocok')).toBeVisible();
    await pass(4_000);
    expect(screen.getByText(/^dibaca [45] d lalu$/)).toBeVisible();
    broken = true;
    await pass(36_000);
    expect(asked.length).toBeGreaterThan(2);
    expect(panel('Ledger')).toHaveTextContent(/dibaca \d\d d lalu/);
    expect(screen.getByText('ledger cocok')).toBeVisible();
  });
});

describe('the details of a source', () => {
  const hostile = '\u202E<img src=x onerror=alert(1)>';
  const one = ledgerOf({
    sources: [countsOf('web', { received: 9, stored: 6, rejected: 3, unparsed: 1, inStore: 6 })],
    minutes: [minuteOf('web', minute0, { received: 9, stored: 6, rejected: 3, unparsed: 1, inStore: 6 })],
    rejections: [
      { source: 'web', at: minute0 + 5_000, lines: 3, reason: 'expected UTF-8', sample: hostile },
      { source: 'web', at: minute0, lines: 0, reason: 'cut off', sample: '' },
    ],
  });
  const answer = (query: URLSearchParams) => (query.get('source') === 'web' ? one : good);

  test('open and close by the keyboard, and stand in the address', async () => {
    const asked = serveLedger(answer);
    await draw([healthOf('web')]);
    const name = await screen.findByRole('button', { name: 'Rincian web' });
    name.focus();
    await userEvent.keyboard('{Enter}');
    expect(name).toHaveAttribute('aria-expanded', 'true');
    expect(location.search).toBe('?source=web');
    expect(
      await screen.findByRole('img', { name: /^web, .*9 baris diterima, 1 tak terurai, 3 ditolak/ }),
    ).toBeVisible();
    expect(asked.at(-1)?.get('source')).toBe('web');
    await userEvent.keyboard('{Escape}');
    expect(name).toHaveAttribute('aria-expanded', 'false');
    expect(location.search).toBe('');
    expect(screen.queryByRole('heading', { name: /Rincian/ })).toBeNull();
  });

  test('show what was rejected, why and how it began, with nothing hidden in it', async () => {
    serveLedger(answer);
    const { container } = await draw([healthOf('web')], '/sources?source=web');
    const rejected = (await screen.findByRole('heading', { name: 'Baris yang ditolak' })).closest('section');
    expect(rejected).toHaveTextContent('3 dari 3 baris, terbaru dulu');
    expect(rejected).toHaveTextContent('3expected UTF-8‹U+202E›<img src=x onerror=alert(1)>');
    expect(rejected).toHaveTextContent('?cut off(tanpa contoh)');
    expect(container.querySelector('img')).toBeNull();
  });

  test('are a table too', async () => {
    serveLedger(answer);
    await draw([healthOf('web')], '/sources?source=web');
    await userEvent.click(await screen.findByRole('button', { name: 'lihat sebagai tabel' }));
    const rows = within(screen.getByRole('group', { name: 'Rincian' })).getAllByRole('row');
    expect(rows[1]).toHaveTextContent(/\d\d:\d\d963100$/);
  });

  test('of a source that sent nothing say so', async () => {
    serveLedger((query) => (query.has('source') ? ledgerOf() : good));
    await draw([healthOf('web')], '/sources?source=lama');
    expect(await screen.findByText('Tidak ada baris dari sumber ini dalam rentang ini.')).toBeVisible();
  });
});

test('parts of the address that make no sense are named', async () => {
  serveLedger(() => good);
  await draw([healthOf('web')], '/sources?last=selamanya');
  expect(await screen.findByText('last=selamanya')).toBeVisible();
});
