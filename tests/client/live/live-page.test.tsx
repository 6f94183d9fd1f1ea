import { act, cleanup, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Frame, SourceHealth } from '../../../shared/live/frame.ts';
import { LivePage } from '../../../client/live/LivePage.tsx';
import { fakeLiveWith, type FakeLive } from '../fake-connection.ts';
import { refusal, serve } from '../fake-server.ts';
import { alertOf, frameOf, noSeries, start } from '../live-samples.ts';
import { renderScreen } from '../render.tsx';

vi.mock('uplot', () => ({ default: vi.fn() }));

const sourceOf = (id: string, over: Partial<SourceHealth> = {}): SourceHealth => ({
  id,
  kind: 'file',
  received: 10,
  totals: { received: 100, stored: 100, unparsed: 0, rejected: 0, late: 0, duplicate: 0 },
  lagMs: null,
  behindBytes: null,
  pending: 0,
  lastHeard: start + 9_000,
  silent: false,
  fault: null,
  ...over,
});
const minuteOf = (failure: number) => ({
  ...noSeries,
  at: Array.from({ length: 60 }, (_, index) => start + 10_000 - (60 - index) * 1_000),
  success: Array.from({ length: 60 }, () => 2),
  failure: Array.from({ length: 60 }, () => failure),
  blocked: Array.from({ length: 60 }, () => 1),
  events: Array.from({ length: 60 }, () => 9),
  heard: Array.from({ length: 60 }, () => 1),
});

let live: FakeLive;
beforeEach(() => {
  serve({ 'GET /api/trend': refusal(503, 'busy') });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function draw(frame: Partial<Frame>, failuresASecond = 1): Promise<void> {
  const logins = { success: 2, failure: failuresASecond, blocked: 1 };
  live = await fakeLiveWith({ frame: frameOf(10, { logins, ...frame }), recent: minuteOf(failuresASecond) });
  renderScreen(<LivePage />, { feed: live.feed });
}
const figure = (label: string) => screen.getByText(label).parentElement ?? document.body;
const panel = (title: string | RegExp) =>
  screen.getByRole('heading', { name: title }).closest('section') ?? document.body;

describe('the figures', () => {
  test('are sums of the last minute, with what is usual', async () => {
    await draw({ usualFailures: [90, 140] });
    expect(figure('Gagal & blokir')).toHaveTextContent('120/menitbiasa 90–140');
    expect(figure('Berhasil masuk')).toHaveTextContent('120/menit50 % dari percobaan');
  });

  test('come from the register, never from a fixed number', async () => {
    await draw({
      accounts: {
        national: { registered: 5, present: 5 },
        aceh: { registered: 3, present: 2 },
        absent: ['ACEH-1'],
        unknown: ['PX'],
      },
    });
    expect(figure('Akun partai')).toHaveTextContent('5/5lengkap · 1 di luar daftar');
    expect(figure('Partai Aceh')).toHaveTextContent('2/31 tidak ada');
  });

  test('tell parties that are not heard from those whose accounts are not as registered', async () => {
    await draw({
      accounts: {
        national: { registered: 2, present: 0 },
        aceh: { registered: 1, present: 1 },
        absent: ['P02'],
        differs: ['P07'],
        unknown: [],
      },
    });
    expect(figure('Akun partai')).toHaveTextContent('0/21 tidak ada · 1 tidak cocok');
    expect(figure('Partai Aceh')).toHaveTextContent('1/1lengkap');
  });

  test('say of how many seconds they are', async () => {
    live = await fakeLiveWith();
    renderScreen(<LivePage />, { feed: live.feed });
    expect(figure('Gagal & blokir')).toHaveTextContent('3/menitbaru 1 dari 60 d');
  });

  test('turn into dashes after 30 s without data', async () => {
    vi.useFakeTimers();
    await draw({});
    expect(figure('Gagal & blokir')).toHaveTextContent('120');
    live.clock.now += 31_000;
    await act(() => vi.advanceTimersByTimeAsync(1_000));
    expect(figure('Gagal & blokir')).toHaveTextContent('—');
    expect(figure('Akun partai')).toHaveTextContent('—');
  });
});

describe('the sources', () => {
  test('show who is silent, broken or not yet heard', async () => {
    await draw({
      sources: [
        sourceOf('baik'),
        sourceOf('diam', { silent: true, lastHeard: start - 230_000 }),
        sourceOf('hilang', { fault: 'missing' }),
        sourceOf('nanti', { lastHeard: null }),
      ],
      coverage: [{ kind: 'source-silent', source: 'di\u202Eam', since: null }],
    });
    const health = panel('Kesehatan sumber');
    expect(health).toHaveTextContent('▲ sumber di‹U+202E›am diam');
    const rows = within(health).getAllByRole('listitem');
    expect(rows.map((row) => row.textContent)).toEqual([
      expect.stringContaining('1 d lalu'),
      expect.stringContaining('▲ diam 4 m'),
      expect.stringContaining('▲ berkas tidak ada'),
      expect.stringContaining('belum terdengar'),
    ]);
    expect(figure('Sumber terdengar')).toHaveTextContent('1/42 tidak terdengar');
  });

  test('many holes are named up to three, and the others counted', async () => {
    const rules = ['a', 'b', 'c', 'd', 'e'];
    await draw({
      sources: [sourceOf('baik')],
      coverage: rules.map((rule) => ({ kind: 'detector-capped', rule })),
    });
    const health = panel('Kesehatan sumber');
    expect(health).toHaveTextContent('▲ aturan c mencapai batas+2');
    expect(health).not.toHaveTextContent('aturan d');
  });

  test('lead to their details, with what was rejected, waits and lags', async () => {
    await draw({
      sources: [sourceOf('web', { pending: 4, lagMs: 2_000 })],
      ledger: { balanced: true, at: start },
    });
    const health = panel('Kesehatan sumber');
    expect(within(health).getByRole('listitem')).toHaveTextContent('tak terurai 0ditolak 0antrean 4lag 2 d');
    expect(within(health).getByRole('link', { name: 'web' })).toHaveAttribute('href', '/sources?source=web');
    expect(within(health).getByRole('link', { name: 'ledger cocok' })).toHaveAttribute('href', '/sources');
  });

  test('say when the ledger is off, or was not looked at', async () => {
    await draw({
      sources: [sourceOf('web')],
      ledger: { balanced: false, at: start },
      coverage: [{ kind: 'ledger-off', since: start }],
    });
    expect(panel('Kesehatan sumber')).toHaveTextContent('▲ ledger tidak cocok');
    cleanup();
    await draw({ sources: [sourceOf('web')] });
    expect(panel('Kesehatan sumber')).toHaveTextContent('ledger belum diperiksa');
  });

  test('none is said to be none', async () => {
    await draw({});
    expect(panel('Kesehatan sumber')).toHaveTextContent('Belum ada sumber yang disetel.');
  });
});

describe('the parties', () => {
  test('lead to their events, and say what their tile means', async () => {
    await draw({
      partyFailures: { P07: 412 },
      accounts: {
        national: { registered: 2, present: 2 },
        aceh: { registered: 1, present: 0 },
        absent: ['ACEH-1'],
        unknown: [],
      },
    });
    const tiles = within(panel('Partai 2 + 1')).getAllByRole('link', { name: /^Partai / });
    expect(tiles.map((tile) => [tile.textContent, tile.getAttribute('aria-label')])).toEqual([
      ['02', 'Partai 02: 0 gagal dalam 1 jam'],
      ['07', 'Partai 07: 412 gagal dalam 1 jam'],
      ['A1', 'Partai Aceh 1: akun tidak terdengar'],
    ]);
    expect(tiles[1]).toHaveAttribute('href', '/investigate?filter=organization.id%3AP07');
  });
});

test('the addresses with most failures lead to their events', async () => {
  await draw({ topFailures: [['203.0.113.9', 412]] });
  expect(within(panel('Sumber gagal, 15 menit')).getByRole('link')).toHaveAttribute(
    'href',
    '/investigate?filter=source.ip%3A203.0.113.9',
  );
});

test('a panel that can not be read says so, and the others stay', async () => {
  await draw({});
  expect(
    await within(panel('24 jam, per 5 menit')).findByRole('button', { name: 'Coba lagi' }),
  ).toBeVisible();
  expect(figure('Gagal & blokir')).toBeVisible();
});

test('the day is a sentence too, without what was not heard', async () => {
  const day = {
    bucketMs: 300_000,
    at: [start, start + 300_000, start + 600_000],
    success: [7, 900, 5],
    failure: [3, 900, 0],
    blocked: [1, 900, 0],
    events: [20, 900, 9],
    heard: [300, 0, 40],
  };
  serve({ 'GET /api/trend': { status: 200, body: day } });
  await draw({});
  expect(await screen.findByRole('img', { name: /lima menit: 12 masuk, 3 gagal, 1 blokir/ })).toBeVisible();
});

test('the live chart is a sentence for those who can not see it', async () => {
  await draw({});
  expect(screen.getByRole('img', { name: /Menit terakhir: 120 masuk, 60 gagal, 60 blokir/ })).toBeVisible();
});

test('the address opens an alert beside the queue', async () => {
  history.replaceState(null, '', '/?alert=a1');
  const alert = alertOf('a1');
  serve({ 'GET /api/alerts/a1': refusal(500, 'internal') });
  live = await fakeLiveWith({ alerts: [alert], openAlerts: 1 });
  renderScreen(<LivePage />, { feed: live.feed });
  expect(screen.getByRole('article', { name: 'Tebak sandi' })).toBeVisible();
});
