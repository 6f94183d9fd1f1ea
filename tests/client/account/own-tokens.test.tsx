import { screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { OwnTokens } from '../../../client/account/OwnTokens.tsx';
import type { ApiToken } from '../../../shared/api/tokens.ts';
import { refusal, serve } from '../fake-server.ts';
import { renderScreen } from '../render.tsx';

afterEach(() => vi.unstubAllGlobals());

const token: ApiToken = {
  id: 'ab12',
  name: 'skrip',
  scopes: ['live:read'],
  createdAt: 1_790_000_000_000,
  expiresAt: 1_792_000_000_000,
  usedAt: null,
};
const secret = 'siaga_api_kanari';

test('makes a token, shows it once, and revokes it', async () => {
  let tokens: ApiToken[] = [];
  const requests = serve({
    'GET /api/tokens': () => ({ status: 200, body: { tokens } }),
    'POST /api/tokens': () => {
      tokens = [token];
      return { status: 201, body: { token, secret } };
    },
    'DELETE /api/tokens/ab12': () => {
      tokens = [];
      return { status: 204 };
    },
  });
  const { queries } = renderScreen(<OwnTokens />, { role: 'viewer' });
  await screen.findByText('Belum ada token.');
  expect(screen.queryByLabelText('menangani peringatan')).toBeNull();
  await userEvent.type(screen.getByLabelText(/Nama token/), 'skrip');
  await userEvent.click(screen.getByRole('button', { name: 'Buat token' }));
  expect(screen.getByText('Pilih paling sedikit satu.')).toBeVisible();
  await userEvent.click(screen.getByLabelText('angka langsung'));
  await userEvent.click(screen.getByRole('button', { name: 'Buat token' }));
  expect(await screen.findByText(secret)).toBeVisible();
  expect(requests.find(({ method }) => method === 'POST')?.body).toEqual({
    name: 'skrip',
    scopes: ['live:read'],
    expiresInDays: 90,
  });
  expect(
    JSON.stringify(
      queries
        .getQueryCache()
        .getAll()
        .map(({ state }) => state.data),
    ),
  ).not.toContain(secret);
  await userEvent.click(screen.getByRole('button', { name: 'Selesai' }));
  expect(screen.queryByText(secret)).toBeNull();
  await userEvent.click(await screen.findByRole('button', { name: 'Cabut skrip' }));
  expect(await screen.findByText('Belum ada token.')).toBeVisible();
});

test('says why none was made', async () => {
  serve({
    'GET /api/tokens': { status: 200, body: { tokens: [token] } },
    'POST /api/tokens': refusal(409, 'limit-reached'),
  });
  renderScreen(<OwnTokens />);
  await userEvent.type(await screen.findByLabelText(/Nama token/), 'skrip');
  await userEvent.click(screen.getByLabelText('membaca peringatan'));
  await userEvent.click(screen.getByRole('button', { name: 'Buat token' }));
  expect(await screen.findByText(/terlalu banyak/)).toBeVisible();
});
