import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StoredEvent } from '../../../shared/api/schemas.ts';
import InvestigatePage from '../../../client/investigate/InvestigatePage.tsx';
import { fakeLive, settle } from '../fake-connection.ts';
import { renderScreen } from '../render.tsx';
import { eventOf } from './event-samples.ts';

vi.mock('../../../client/charts/TimeChart.tsx', () => ({
  TimeChart: (props: { label: string; onSelect: (from: number, to: number) => void }) => (
    <button type="button" onClick={() => props.onSelect(1_000_000, 2_000_000)}>
      {props.label}
    </button>
  ),
}));

const hostile = '<img src=x onerror=alert(1)>\u202Egpj';
const eventsOf = (count: number, from = 0): StoredEvent[] =>
  Array.from({ length: count }, (_, index) =>
    eventOf({
      '@timestamp': Date.UTC(2026, 10, 24, 7, 5, 12) - (from + index) * 1_000,
      'event.sequence': 100_000 - from - index,
      'event.action': 'user-login',
      'event.outcome': 'failure',
      'user.name': `operator${from + index}`,
      'source.ip': '203.0.113.9',
      'url.path': hostile,
      'event.original': `line ${from + index} ${hostile}`,
    }),
  );

interface Answers {
  list: (params: URLSearchParams) => { status: number; body: unknown };
}

const page = (events: StoredEvent[], total: number, next: string | null) => ({
  status: 200,
  body: { events, total, next, tookMs: 12 },
});
const histogram = {
  bucketMs: 1_000,
  at: [1_000],
  success: [1],
  failure: [2],
  blocked: [0],
  other: [3],
  tookMs: 1,
};

/** Answers the three searches; keeps what was asked. */
function serveSearches({ list }: Answers): URL[] {
  const asked: URL[] = [];
  vi.stubGlobal('fetch', (path: string) => {
    const url = new URL(path, 'http://localhost');
    asked.push(url);
    let answer: { status: number; body: unknown } = list(url.searchParams);
    if (url.pathname.endsWith('histogram')) answer = { status: 200, body: histogram };
    if (url.pathname.endsWith('top')) {
      const field = url.searchParams.get('field');
      answer = { status: 200, body: { field, values: [{ value: hostile, count: 3 }], distinct: 7 } };
    }
    return Promise.resolve(new Response(JSON.stringify(answer.body), { status: answer.status }));
  });
  return asked;
}

async function open(search = ''): Promise<ReturnType<typeof renderScreen>> {
  history.replaceState(null, '', `/investigate${search}`);
  const { feed } = fakeLive();
  const drawn = renderScreen(<InvestigatePage />, { feed });
  await act(settle);
  return drawn;
}

const rows = (): HTMLElement[] =>
  within(screen.getByRole('listbox', { name: 'Hasil' })).getAllByRole('option');
const lists = (asked: readonly URL[]): URL[] => asked.filter(({ pathname }) => pathname === '/api/events');

beforeEach(() => {
  // The virtual list draws what fits into the height of its box, which a simulated page doesn't have.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(520);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(900);
});
afterEach(async () => {
  cleanup();
  await settle();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('the results', () => {
  it('are drawn as text, whatever a log holds', async () => {
    serveSearches({ list: () => page(eventsOf(3), 3, null) });
    await open();
    await waitFor(() => expect(rows()).toHaveLength(3));
    expect(document.querySelector('img')).toBeNull();
    expect(rows()[0]).toHaveTextContent('login gagal');
    expect(rows()[0]).toHaveTextContent('<img src=x onerror=alert(1)>‹U+202E›gpj');
  });

  it('are as many rows as can be seen, not as many as there are', async () => {
    serveSearches({ list: () => page(eventsOf(200), 200, null) });
    await open();
    await waitFor(() => expect(rows().length).toBeGreaterThan(10));
    expect(rows().length).toBeLessThan(60);
  });

  it('go on with the next page when their end is near', async () => {
    const asked = serveSearches({
      list: (params) =>
        params.get('before') === 'p2' ? page(eventsOf(20, 20), 40, null) : page(eventsOf(20), 40, 'p2'),
    });
    await open();
    await waitFor(() =>
      expect(lists(asked).map((url) => url.searchParams.get('before'))).toEqual([null, 'p2']),
    );
    await waitFor(() => expect(screen.getByText('40 hasil')).toBeInTheDocument());
    const [first, second] = lists(asked);
    expect(second?.searchParams.get('to')).toBe(first?.searchParams.get('to'));
  });

  it('say how many of how many are here', async () => {
    serveSearches({
      list: (params) =>
        params.get('before') ? { status: 500, body: {} } : page(eventsOf(200), 1_240_000, 'x'),
    });
    await open();
    await waitFor(() => expect(screen.getByText('200 dari 1.240.000')).toBeInTheDocument());
  });

  it('say what range was searched when nothing matches, and offer a wider one', async () => {
    serveSearches({ list: () => page([], 0, null) });
    await open('?from=1795503600000&to=1795503900000&filter=user.name:budi');
    expect(await screen.findByText('Tidak ada kejadian yang cocok.')).toBeInTheDocument();
    expect(screen.getByText(/^Dicari dari 2026-11-24 \d\d:\d\d:\d\d sampai .* WIB\.$/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Perlebar ke 15m' }));
    expect(location.search).toContain('from=1795503000000&to=1795503900000');
    await userEvent.click(screen.getByRole('button', { name: 'Tanpa saringan' }));
    expect(location.search).not.toContain('filter');
  });

  it('say why they are missing, and try again', async () => {
    let broken = true;
    serveSearches({
      list: () =>
        broken
          ? { status: 500, body: { error: { code: 'internal', message: 'x' } } }
          : page(eventsOf(1), 1, null),
    });
    await open();
    expect(await screen.findByText('Server gagal menjawab (internal).')).toBeInTheDocument();
    broken = false;
    await userEvent.click(screen.getByRole('button', { name: 'Coba lagi' }));
    await waitFor(() => expect(rows()).toHaveLength(1));
  });
});

it('tells times in the zone that the address asks for, until another is picked', async () => {
  serveSearches({ list: () => page(eventsOf(1), 1, null) });
  const { preferences } = await open('?tz=UTC');
  await waitFor(() => expect(rows()[0]).toHaveTextContent(/^07:05:12/));
  expect(screen.getByText('waktu UTC')).toBeInTheDocument();
  act(() => preferences.setState({ zone: 'WIT' }));
  await waitFor(() => expect(rows()[0]).toHaveTextContent(/^16:05:12/));
  expect(location.search).toBe('');
});

describe('the search', () => {
  it('is what the address says', async () => {
    const asked = serveSearches({ list: () => page([], 0, null) });
    await open('?filter=source.ip:203.0.113.9&filter=!user.name:a%26b&text=login&from=1000&to=61000');
    await waitFor(() => expect(lists(asked)).toHaveLength(1));
    expect(lists(asked)[0]?.searchParams.getAll('filter')).toEqual([
      'source.ip:203.0.113.9',
      '!user.name:a&b',
    ]);
    expect(lists(asked)[0]?.searchParams.get('text')).toBe('login');
    expect(lists(asked)[0]?.searchParams.get('to')).toBe('61000');
  });

  it('names what of the address it could not read', async () => {
    serveSearches({ list: () => page([], 0, null) });
    await open('?filter=foo:bar&last=soon');
    expect(await screen.findByText('filter=foo:bar')).toBeInTheDocument();
    expect(screen.getByText('last=soon')).toBeInTheDocument();
  });

  it('takes a typed filter with a suggested field, inverts and drops it', async () => {
    serveSearches({ list: () => page([], 0, null) });
    await open();
    const box = screen.getByRole('combobox');
    await userEvent.type(box, 'source{ArrowDown}{Enter}203.0.113.9{Enter}');
    expect(new URLSearchParams(location.search).getAll('filter')).toEqual(['source.ip:203.0.113.9']);
    await userEvent.click(screen.getByRole('button', { name: 'Balik saringan source.ip:203.0.113.9' }));
    expect(new URLSearchParams(location.search).getAll('filter')).toEqual(['!source.ip:203.0.113.9']);
    await userEvent.click(screen.getByRole('button', { name: 'Hapus saringan !source.ip:203.0.113.9' }));
    expect(location.search).toBe('');
    await userEvent.type(box, 'POST /x{Enter}');
    expect(new URLSearchParams(location.search).get('text')).toBe('POST /x');
  });

  it('takes a range by preset, typed, and dragged out', async () => {
    serveSearches({ list: () => page([], 0, null) });
    await open();
    await userEvent.click(screen.getByRole('button', { name: '24j' }));
    expect(location.search).toBe('?last=24h');
    const box = screen.getByRole('textbox', { name: 'Rentang waktu' });
    await userEvent.click(box);
    await userEvent.keyboard('omong kosong{Enter}');
    expect(screen.getByRole('alert')).toHaveTextContent('Rentang tidak terbaca');
    await userEvent.clear(box);
    await userEvent.keyboard('2j{Enter}');
    expect(location.search).toBe('?last=2h');
    await userEvent.click(await screen.findByText(/per 1d\.$/));
    expect(location.search).toBe('?from=1000000&to=2000000');
  });

  it('filters by a top value, and with Alt without it', async () => {
    serveSearches({ list: () => page([], 0, null) });
    await open();
    const field = await screen.findByRole('region', { name: 'user.name' });
    const value = await within(field).findByRole('button', { name: /‹U\+202E›gpj 3/ });
    fireEvent.click(value, { altKey: true });
    expect(new URLSearchParams(location.search).getAll('filter')).toEqual([`!user.name:${hostile}`]);
  });

  it('never asks more than two things at a time', async () => {
    let running = 0;
    let most = 0;
    vi.stubGlobal('fetch', async () => {
      running += 1;
      most = Math.max(most, running);
      await settle();
      running -= 1;
      return new Response('{}', { status: 500 });
    });
    await open();
    await waitFor(() => expect(screen.getAllByRole('alert').length).toBeGreaterThan(5));
    expect(most).toBe(2);
  });
});

describe('one event', () => {
  it('is opened and closed by keys, with the raw line first', async () => {
    serveSearches({ list: () => page(eventsOf(3), 3, null) });
    await open();
    await waitFor(() => expect(rows()).toHaveLength(3));
    act(() => screen.getByRole('listbox', { name: 'Hasil' }).focus());
    await userEvent.keyboard('j{Enter}');
    expect(location.search).toBe('?sel=99999');
    expect(screen.getByText(/^line 1 <img src=x onerror=alert\(1\)>‹U\+202E›gpj$/)).toBeInTheDocument();
    await userEvent.keyboard('k');
    expect(location.search).toBe('?sel=100000');
    await userEvent.keyboard('{Escape}');
    expect(location.search).toBe('');
  });

  it('has a menu for each value', async () => {
    serveSearches({ list: () => page(eventsOf(1), 1, null) });
    await open('?sel=100000');
    await userEvent.click(await screen.findByRole('button', { name: 'Pilihan untuk source.ip' }));
    await userEvent.click(screen.getByRole('menuitem', { name: 'Kecuali ini' }));
    expect(new URLSearchParams(location.search).getAll('filter')).toEqual(['!source.ip:203.0.113.9']);
  });

  it('is read by its number when it is not among the rows', async () => {
    const asked = serveSearches({
      list: (params) =>
        params.getAll('filter').includes('event.sequence:7')
          ? page([eventOf({ 'event.sequence': 7, 'event.original': 'far away' })], 1, null)
          : page(eventsOf(1), 1, null),
    });
    await open('?sel=7');
    expect(await screen.findByText('far away')).toBeInTheDocument();
    expect(lists(asked)).toHaveLength(2);
  });
});

it('tells what is known of the one entity that is searched for', async () => {
  serveSearches({ list: () => page(eventsOf(1), 1, null) });
  await open('?filter=source.ip:203.0.113.9');
  const headline = await screen.findByRole('region', { name: 'alamat' });
  await waitFor(() => expect(headline).toHaveTextContent('1 berhasil · 2 gagal · 0 diblokir'));
  await waitFor(() => expect(headline).toHaveTextContent('akun dicoba7'));
});

it('copies a link that means the same tomorrow', async () => {
  serveSearches({ list: () => page([], 0, null) });
  await open('?filter=user.name:budi');
  let copied = '';
  vi.stubGlobal('navigator', {
    clipboard: { writeText: (text: string) => Promise.resolve(void (copied = text)) },
  });
  fireEvent.click(screen.getByRole('button', { name: /Salin tautan/ }));
  expect(await screen.findByText('tersalin')).toBeInTheDocument();
  expect(copied).toMatch(/\/investigate\?filter=user\.name%3Abudi&from=\d+&to=\d+&tz=WIB$/);
});
