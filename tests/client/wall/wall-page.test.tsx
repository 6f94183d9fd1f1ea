import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import WallPage from '../../../client/wall/WallPage.tsx';
import { fakeLive, settle, type FakeLive } from '../fake-connection.ts';
import { alertOf, frameOf, snapshotOf, start } from '../live-samples.ts';
import { renderScreen } from '../render.tsx';
import { serve } from '../fake-server.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  serve({});
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function hang(search = '', snapshot: Parameters<typeof snapshotOf>[0] = {}): Promise<FakeLive> {
  history.replaceState(null, '', `/wall${search}`);
  const live = fakeLive();
  live.answer(snapshotOf(snapshot));
  renderScreen(<WallPage />, { feed: live.feed });
  await act(async () => {
    live.server.connected();
    await settle();
  });
  return live;
}

const busy = {
  frame: frameOf(10, { partyFailures: { P02: 145 }, usualFailures: [90, 140] }),
  alerts: [alertOf('a', { severity: 'critical', key: { 'organization.id': 'P07' } })],
  openAlerts: 1,
};

describe('the wall', () => {
  it('shows a tile for each party, the alerts, and the state word', async () => {
    await hang('', busy);
    expect(screen.getByText('INSIDEN')).toBeInTheDocument();
    expect(screen.getAllByText('Tebak sandi')).toHaveLength(2);
    expect(screen.getAllByRole('img', { name: /gagal dalam 1 jam/ }).map((tile) => tile.textContent)).toEqual(
      ['02', '07', 'A1'],
    );
  });

  it('puts the document into wall mode, and back', async () => {
    document.documentElement.dataset['theme'] = 'light';
    await hang('?lang=en');
    const root = document.documentElement;
    expect([root.dataset['mode'], root.dataset['theme'], root.lang]).toEqual(['wall', 'dark', 'en']);
    expect(screen.getByText('Open alerts')).toBeInTheDocument();
    expect(localStorage.getItem('siaga.preferences') ?? '').not.toContain('"en"');
    fireEvent.keyDown(document.body, { key: 'Escape' });
    expect(location.pathname).toBe('/');
  });

  it('says in a simulation that it is one', async () => {
    await hang('', { mode: 'simulation' });
    expect(screen.getByText('SIMULASI')).toBeInTheDocument();
  });

  it('does not say so in production', async () => {
    await hang('', { mode: 'production' });
    expect(screen.queryByText('SIMULASI')).toBeNull();
  });

  it('turns figures into dashes and says so once nothing came for over 30 s', async () => {
    const live = await hang('', busy);
    expect(screen.getByText('Gagal/menit').parentElement).not.toHaveTextContent('—');
    live.clock.now = start + 10_000 + 31_000;
    await act(() => vi.advanceTimersByTimeAsync(1_000));
    expect(screen.getByRole('alert')).toHaveTextContent(/^DATA TERHENTI sejak \d\d\.\d\d\.\d\d$/);
    for (const label of ['Gagal/menit', 'Terbuka', 'Akun partai']) {
      expect(screen.getByText(label).parentElement).toHaveTextContent('—');
    }
    expect(screen.queryByText('NORMAL')).toBeNull();
  });

  it('claims nothing before the first answer', async () => {
    const live = fakeLive();
    live.answer(new Promise(() => undefined));
    history.replaceState(null, '', '/wall');
    renderScreen(<WallPage />, { feed: live.feed });
    await act(settle);
    expect(screen.getByText('menyambung…')).toBeInTheDocument();
    expect(screen.queryByText('NORMAL')).toBeNull();
    expect(screen.queryByText('Tidak ada yang terbuka.')).toBeNull();
  });

  it('says when it is calm what that rests on', async () => {
    serve({
      'GET /api/alerts?status=closed&limit=500': {
        status: 200,
        body: { alerts: [alertOf('z', { severity: 'critical', createdAt: start })], total: 1 },
      },
    });
    await hang('', { frame: frameOf(10), alerts: [], openAlerts: 0 });
    expect(screen.getByText('Tidak ada yang terbuka.')).toBeInTheDocument();
    await waitFor(() =>
      expect(screen.getByText('24 jam terakhir: 1 kritis, 0 tinggi, semua ditutup.')).toBeInTheDocument(),
    );
  });
});
