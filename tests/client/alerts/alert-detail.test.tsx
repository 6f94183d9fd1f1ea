import { act, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AlertPage } from '../../../client/alerts/AlertPage.tsx';
import { stepsOf } from '../../../client/alerts/AlertGuide.tsx';
import { fakeLiveWith, type FakeLive } from '../fake-connection.ts';
import { refusal, serve, type Sent } from '../fake-server.ts';
import { alertOf, changeOf, closedOf } from '../live-samples.ts';
import { renderScreen } from '../render.tsx';

const alert = alertOf('a1', { key: { 'source.ip': '203.0.113.9', 'no.field': 'x' } });
const detailOf = (shown = alert) => ({
  alert: shown,
  history: [changeOf(1, alert)],
  response: { id: '1. Hubungi operator\n2. Kunci akun', en: '1. Call\n2. Lock' },
  description: { id: 'Banyak kegagalan dari satu alamat.', en: 'Many failures from one address.' },
  falsePositives: { id: ['Pelatihan.'], en: ['A training session.'] },
});

let live: FakeLive;
beforeEach(async () => {
  live = await fakeLiveWith({ alerts: [alert], openAlerts: 1 });
});
afterEach(() => vi.unstubAllGlobals());

const answers = { 'GET /api/alerts/a1': { status: 200, body: detailOf() } };
function draw(more: Parameters<typeof serve>[0] = {}, role: 'viewer' | 'analyst' = 'analyst'): Sent[] {
  const requests = serve({ ...answers, ...more });
  renderScreen(<AlertPage id="a1" />, { feed: live.feed, role });
  return requests;
}
const posts = (requests: Sent[]) => requests.filter(({ method }) => method === 'POST');

describe('closing', () => {
  const close = 'POST /api/alerts/a1/close';
  const open = async () => userEvent.click(await screen.findByRole('button', { name: /^Tutup/ }));
  const submit = () => userEvent.click(screen.getByRole('button', { name: 'Tutup peringatan' }));

  test('needs a verdict and a reason', async () => {
    const requests = draw();
    await open();
    await submit();
    expect(screen.getByText('Pilih satu kesimpulan.')).toBeVisible();
    expect(screen.getByText(/paling sedikit 3 huruf/)).toBeVisible();
    await userEvent.click(screen.getByLabelText('keliru'));
    await userEvent.type(screen.getByRole('textbox'), '  a  ');
    await submit();
    expect(posts(requests)).toEqual([]);
  });

  test('sends both, and shows it closed only when the server said so', async () => {
    const requests = draw({ [close]: { status: 200, body: { alert: closedOf(alert) } } });
    await open();
    await userEvent.click(screen.getByLabelText('keliru'));
    await userEvent.type(screen.getByRole('textbox'), ' uji penetrasi ');
    await submit();
    await waitFor(() => expect(posts(requests)).toHaveLength(1));
    expect(posts(requests)[0]?.body).toEqual({ verdict: 'false_positive', reason: 'uji penetrasi' });
    await waitFor(() => expect(screen.queryByRole('textbox')).toBeNull());
  });

  test('keeps the reason when the server refuses, and says why', async () => {
    draw({ [close]: refusal(409, 'conflict') });
    await open();
    await userEvent.click(screen.getByLabelText('keliru'));
    await userEvent.type(screen.getByRole('textbox'), 'uji penetrasi');
    await submit();
    expect(await screen.findByText(/conflict/)).toBeVisible();
    expect(screen.getByRole('textbox')).toHaveValue('uji penetrasi');
  });
});

test('a viewer is told why the buttons do nothing', async () => {
  const requests = draw({}, 'viewer');
  const button = await screen.findByRole('button', { name: /Akui/ });
  expect(button).toHaveAttribute('aria-disabled', 'true');
  expect(screen.getByText('Peran pengamat hanya membaca.')).toBeVisible();
  await userEvent.click(button);
  expect(posts(requests)).toEqual([]);
});

test('a closed alert can be opened again', async () => {
  live = await fakeLiveWith();
  const requests = draw({
    'GET /api/alerts/a1': { status: 200, body: detailOf(closedOf(alert)) },
    'POST /api/alerts/a1/reopen': { status: 200, body: { alert } },
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Buka lagi' }));
  await waitFor(() => expect(posts(requests).map(({ path }) => path)).toEqual(['/api/alerts/a1/reopen']));
});

test('key values lead to their events, and only fields of an event do', async () => {
  draw();
  const link = await screen.findByRole('link', { name: '203.0.113.9' });
  expect(link).toHaveAttribute('href', '/investigate?filter=source.ip%3A203.0.113.9');
  expect(screen.queryByRole('link', { name: 'x' })).toBeNull();
});

describe('the rule', () => {
  test.each([
    ['id', 'Banyak kegagalan dari satu alamat.', 'Pelatihan.'],
    ['en', 'Many failures from one address.', 'A training session.'],
  ] as const)('is explained in the chosen language: %s', async (language, description, otherCause) => {
    serve(answers);
    const { preferences } = renderScreen(<AlertPage id="a1" />, { feed: live.feed });
    act(() => preferences.setState({ language }));
    expect(await screen.findByText(description)).toBeVisible();
    expect(screen.getByText(otherCause)).toBeVisible();
  });
});

describe('the impact', () => {
  const drawWith = async (named: string[]) => {
    const shown = { ...alert, parties: named };
    live = await fakeLiveWith({ alerts: [shown], openAlerts: 1 });
    draw({ 'GET /api/alerts/a1': { status: 200, body: detailOf(shown) } });
    return within(await screen.findByText('Dampak').then((term) => term.parentElement ?? document.body));
  };

  test('of one party is named, and leads to what the alert saw of it', async () => {
    const impact = await drawWith(['P07']);
    expect(impact.getByText('Partai 07')).toBeVisible();
    const href = impact.getByRole('link', { name: 'partai 07' }).getAttribute('href');
    const filters = new URLSearchParams(href?.split('?')[1]).getAll('filter');
    expect(filters).toEqual(['source.ip:203.0.113.9', 'organization.id:P07']);
  });

  test('of several is a tile each; one that the register lacks is named as text', async () => {
    const impact = await drawWith(['ACEH-1', 'P07', 'P\u202EX']);
    expect(impact.getAllByRole('link').map(({ textContent }) => textContent)).toEqual([
      'A1',
      '07',
      '?? P‹U+202E›X',
    ]);
  });

  test('of none says so', async () => {
    expect((await drawWith([])).getByText('tidak menyebut partai')).toBeVisible();
  });
});

test('an unknown alert is said to be unknown', async () => {
  live = await fakeLiveWith();
  draw({ 'GET /api/alerts/a1': refusal(404, 'not-found') });
  expect(await screen.findByText('Peringatan ini tidak ada.')).toBeVisible();
});

test('the steps lose the numbers that they were written with', () => {
  expect(stepsOf('1. Satu\n\n- Dua\n3) Tiga \nEmpat')).toEqual(['Satu', 'Dua', 'Tiga', 'Empat']);
});
