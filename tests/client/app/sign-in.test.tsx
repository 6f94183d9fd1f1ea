import { grantsOfRole } from '../../../shared/authority.ts';
import { screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { App } from '../../../client/app/App.tsx';
import { passwordProblem } from '../../../client/app/ChangePassword.tsx';
import { refusal, serve } from '../fake-server.ts';
import { renderScreen } from '../render.tsx';

vi.mock('../../../client/state/live-connection.ts', () => ({
  connectLive: () => ({
    subscribe: () => new Promise(() => undefined),
    resync: () => new Promise(() => undefined),
    close: () => undefined,
  }),
}));
vi.mock('uplot', () => ({ default: vi.fn() }));
afterEach(() => vi.unstubAllGlobals());

const sessionOf = (isOneTime: boolean) => ({
  user: { name: 'sari', role: 'analyst', agency: 'KPU' },
  grants: grantsOfRole.analyst,
  due: isOneTime ? 'password' : null,
  expiresAt: 1_790_000_000_000,
});
const signedOut = { 'GET /api/session': refusal(401, 'unauthenticated') };
const enter = async (password: string) => {
  await userEvent.type(await screen.findByLabelText('Nama pengguna'), 'sari');
  await userEvent.type(screen.getByLabelText('Sandi'), password);
  await userEvent.click(screen.getByRole('button', { name: 'Masuk' }));
};

test('signs in and shows the screens', async () => {
  const requests = serve({ ...signedOut, 'POST /api/session': { status: 200, body: sessionOf(false) } });
  renderScreen(<App />);
  await enter('benar sekali 123');
  expect(await screen.findByRole('navigation', { name: 'Menu utama' })).toBeVisible();
  expect(requests.find(({ method }) => method === 'POST')?.body).toEqual({
    name: 'sari',
    password: 'benar sekali 123',
  });
});

test.each([
  ['wrong-credentials', 401, 'Nama atau sandi tidak cocok.'],
  ['rate-limited', 429, /Terlalu banyak percobaan/],
  ['internal', 500, /internal/],
])('says so after %s, and stays', async (code, status, said) => {
  serve({ ...signedOut, 'POST /api/session': refusal(status, code) });
  renderScreen(<App />);
  await enter('salah');
  expect(await screen.findByRole('alert')).toHaveTextContent(said);
  expect(screen.getByLabelText('Nama pengguna')).toHaveValue('sari');
});

test('asks for a new password before anything else', async () => {
  const requests = serve({
    'GET /api/session': { status: 200, body: sessionOf(true) },
    'POST /api/session/password': { status: 200, body: sessionOf(false) },
  });
  renderScreen(<App />);
  await userEvent.type(await screen.findByLabelText('Sandi sekarang'), 'sekali-pakai-1');
  await userEvent.type(screen.getByLabelText(/paling sedikit 12/), 'pilihan saya sendiri');
  await userEvent.type(screen.getByLabelText(/sekali lagi/), 'pilihan saya sendiri');
  expect(screen.queryByRole('navigation')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Simpan sandi' }));
  expect(await screen.findByRole('navigation', { name: 'Menu utama' })).toBeVisible();
  expect(requests.at(1)?.body).toEqual({ current: 'sekali-pakai-1', next: 'pilihan saya sendiri' });
});

test.each([
  ['weak-password', /terlalu mudah ditebak/],
  ['local-password', /kata dari lingkungan ini/],
  ['leaked-password', /dikenal dari kebocoran/],
])('says why a new password is refused: %s', async (code, said) => {
  serve({
    'GET /api/session': { status: 200, body: sessionOf(true) },
    'POST /api/session/password': refusal(400, code),
  });
  renderScreen(<App />);
  await userEvent.type(await screen.findByLabelText('Sandi sekarang'), 'sekali-pakai-1');
  await userEvent.type(screen.getByLabelText(/paling sedikit 12/), 'pilihan saya sendiri');
  await userEvent.type(screen.getByLabelText(/sekali lagi/), 'pilihan saya sendiri');
  await userEvent.click(screen.getByRole('button', { name: 'Simpan sandi' }));
  expect(await screen.findByRole('alert')).toHaveTextContent(said);
});

test.each([
  ['a', 'short', 'short', 'password.short'],
  ['same as before', 'same as before', 'same as before', 'password.same'],
  ['a', 'long enough 12', 'long enough 13', 'password.different'],
  ['a', 'long enough 12', 'long enough 12', null],
])('from %s to %s and %s is %s', (current, next, again, problem) => {
  expect(passwordProblem(current, next, again)).toBe(problem);
});

test('a 401 of any request leads back to signing in', async () => {
  serve({
    'GET /api/session': { status: 200, body: sessionOf(false) },
    'GET /api/trend': refusal(401, 'unauthenticated'),
  });
  renderScreen(<App />);
  expect(await screen.findByLabelText('Nama pengguna')).toBeVisible();
});

test('signs out', async () => {
  serve({
    'GET /api/session': { status: 200, body: sessionOf(false) },
    'DELETE /api/session': { status: 200, body: { leaveFor: null } },
  });
  renderScreen(<App />);
  await userEvent.click(await screen.findByRole('button', { name: /Menu pengguna sari/ }));
  await userEvent.click(screen.getByRole('button', { name: 'Keluar' }));
  expect(await screen.findByLabelText('Nama pengguna')).toBeVisible();
});

test('says that the server cannot be reached, and tries again on demand', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
  renderScreen(<App />);
  const retry = await screen.findByRole('button', { name: 'Coba lagi' }, { timeout: 8_000 });
  serve(signedOut);
  await userEvent.click(retry);
  await waitFor(() => expect(screen.getByLabelText('Nama pengguna')).toBeVisible());
}, 12_000);

test('one click changes the language of everything', async () => {
  serve(signedOut);
  renderScreen(<App />);
  await userEvent.click(await screen.findByRole('button', { name: /ganti ke English/ }));
  expect(screen.getByRole('heading', { name: 'Sign in to Siaga' })).toBeVisible();
  expect(document.documentElement.lang).toBe('en');
});
