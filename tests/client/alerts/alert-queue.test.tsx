import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AlertQueue } from '../../../client/alerts/AlertQueue.tsx';
import { holdForMs } from '../../../client/alerts/use-held-order.ts';
import { fakeLiveWith, type FakeLive } from '../fake-connection.ts';
import { refusal, serve, type Sent } from '../fake-server.ts';
import { alertOf, changeOf, frameOf } from '../live-samples.ts';
import { renderScreen } from '../render.tsx';

const named = (id: string, name: string, severity: 'critical' | 'high' | 'low' = 'high') =>
  alertOf(id, {
    severity,
    rule: { id: name, title: { id: name, en: name }, short: { id: name, en: name }, tags: [] },
  });
const first = named('a1', 'Pertama', 'critical');
const second = named('a2', 'Kedua');
const third = named('a3', 'Ketiga', 'low');

let live: FakeLive;
let requests: Sent[];
let onSelect: ReturnType<typeof vi.fn<(id: string | null, closing?: boolean) => void>>;
const titles = () =>
  screen.getAllByRole('option').map((row) => /Pertama|Kedua|Ketiga|Baru/.exec(row.textContent)?.[0]);
const raise = (seq: number) =>
  act(() => live.server.changes([changeOf(seq, named(`n${seq}`, 'Baru', 'critical'))]));

beforeEach(async () => {
  live = await fakeLiveWith({ alerts: [third, first, second], openAlerts: 3 });
  requests = serve({
    'POST /api/alerts/a1/acknowledge': { status: 200, body: { alert: first } },
    'POST /api/alerts/a2/acknowledge': refusal(409, 'conflict'),
  });
  onSelect = vi.fn();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const draw = (role: 'viewer' | 'analyst' = 'analyst') =>
  renderScreen(<AlertQueue selected={null} onSelect={onSelect} />, { feed: live.feed, role });

describe('the order', () => {
  test('is worst first, and new alerts fall into it', () => {
    draw();
    expect(titles()).toEqual(['Pertama', 'Kedua', 'Ketiga']);
    raise(6);
    expect(titles()).toHaveLength(4);
  });

  test('is held while the pointer is inside; what is new waits on top', async () => {
    draw();
    fireEvent.pointerMove(screen.getByRole('listbox'));
    raise(6);
    fireEvent.pointerMove(screen.getByRole('listbox'));
    expect(titles()).toEqual(['Pertama', 'Kedua', 'Ketiga']);
    await userEvent.click(screen.getByRole('button', { name: /1 baru/ }));
    expect(titles()).toContain('Baru');
  });

  test('follows again when the pointer leaves', () => {
    draw();
    const list = screen.getByRole('listbox');
    fireEvent.pointerMove(list);
    raise(6);
    fireEvent.pointerLeave(list.parentElement ?? list);
    expect(titles()).toContain('Baru');
  });

  test('is not held for good by a pointer that rests there', async () => {
    vi.useFakeTimers();
    draw();
    fireEvent.pointerMove(screen.getByRole('listbox'));
    raise(6);
    await act(() => vi.advanceTimersByTimeAsync(holdForMs - 1));
    expect(titles()).not.toContain('Baru');
    await act(() => vi.advanceTimersByTimeAsync(1));
    expect(titles()).toContain('Baru');
  });

  test('is held while the list has the focus, until Home', async () => {
    draw();
    await userEvent.tab();
    raise(6);
    expect(titles()).not.toContain('Baru');
    await userEvent.keyboard('{Home}');
    expect(titles()).toContain('Baru');
  });
});

describe('the keys', () => {
  test('do nothing without the focus', async () => {
    draw();
    await userEvent.keyboard('jec{Enter}');
    expect(onSelect).not.toHaveBeenCalled();
    expect(requests).toEqual([]);
  });

  test('move, open, and open to close', async () => {
    draw();
    await userEvent.tab();
    await userEvent.keyboard('j{Enter}');
    expect(onSelect).toHaveBeenLastCalledWith('a2', false);
    await userEvent.keyboard('kc');
    expect(onSelect).toHaveBeenLastCalledWith('a1', true);
    await userEvent.keyboard('{Escape}');
    expect(onSelect).toHaveBeenLastCalledWith(null);
  });

  test('acknowledge what is marked', async () => {
    draw();
    await userEvent.tab();
    await userEvent.keyboard('e');
    await waitFor(() => expect(requests.map(({ path }) => path)).toEqual(['/api/alerts/a1/acknowledge']));
    expect(requests[0]?.body).toBeUndefined();
  });

  test('say so when the server refuses', async () => {
    draw();
    await userEvent.tab();
    await userEvent.keyboard('je');
    expect(await screen.findByRole('alert')).toHaveTextContent('conflict');
  });

  test('do not acknowledge for a viewer', async () => {
    draw('viewer');
    await userEvent.tab();
    await userEvent.keyboard('e');
    expect(requests).toEqual([]);
  });
});

describe('an empty queue', () => {
  test('says when it was last heard, and does not call a hole safe', async () => {
    live = await fakeLiveWith({
      frame: frameOf(10, { coverage: [{ kind: 'source-fault', source: 'nginx-1' }] }),
    });
    const { container } = draw();
    expect(container).toHaveTextContent('Tidak ada peringatan terbuka.');
    expect(container).toHaveTextContent('tidak berarti aman');
  });
});

test('a row draws hostile values as text', async () => {
  live = await fakeLiveWith({
    alerts: [alertOf('x', { key: { 'user.name': '<b>\u202Eroot' } })],
    openAlerts: 1,
  });
  draw();
  const row = within(screen.getByRole('option'));
  expect(row.getByText('<b>‹U+202E›root')).toBeVisible();
});

test.each([
  [['P07'], '07203.0.113.9'],
  [['ACEH-1'], 'A1203.0.113.9'],
  [['P02', 'P07', 'PX'], '3 partai203.0.113.9'],
  [['PX'], '??PX203.0.113.9'],
  [[], '203.0.113.9'],
])('a row that touches the parties %j says %s', async (parties, text) => {
  live = await fakeLiveWith({ alerts: [alertOf('x', { parties })], openAlerts: 1 });
  draw();
  expect(screen.getByText('203.0.113.9').parentElement).toHaveTextContent(text);
});
