import { screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import UsersPage from '../../../client/users/UsersPage.tsx';
import { refusal, serve } from '../fake-server.ts';
import { renderScreen } from '../render.tsx';

afterEach(() => vi.unstubAllGlobals());

const user = (name: string, changes: object = {}) => ({
  name,
  role: 'analyst',
  agency: 'KPU',
  secondFactor: false,
  disabled: false,
  createdAt: 1_764_000_000_000,
  lastSignIn: null,
  ...changes,
});
const agencies = [
  { id: 'KPU', name: 'Komisi Pemilihan Umum' },
  { id: 'BSSN', name: 'Badan Siber dan Sandi Negara' },
];
const directory = {
  'GET /api/users': {
    status: 200,
    body: { users: [user('budi', { secondFactor: true }), user('siti', { disabled: true })], agencies },
  },
  'GET /api/users/budi/sessions': { status: 200, body: { sessions: [] } },
};

test('an admin adds a user and sees the one-time password until it is closed', async () => {
  const requests = serve({
    ...directory,
    'POST /api/users': { status: 201, body: { user: user('wati'), oneTimePassword: 'abcdef-ghijkm' } },
  });
  renderScreen(<UsersPage />, { role: 'admin' });
  await userEvent.click(await screen.findByRole('button', { name: 'Tambah pengguna' }));
  await userEvent.type(screen.getByLabelText('Nama'), 'wati');
  await userEvent.selectOptions(screen.getByLabelText('Peran'), 'lead');
  await userEvent.selectOptions(screen.getByLabelText('Instansi'), 'BSSN');
  await userEvent.click(screen.getByRole('button', { name: 'Tambah' }));
  expect(await screen.findByText('abcdef-ghijkm')).toBeVisible();
  expect(requests.find(({ method }) => method === 'POST')?.body).toEqual({
    name: 'wati',
    role: 'lead',
    agency: 'BSSN',
  });
  await userEvent.click(screen.getByRole('button', { name: 'Tutup' }));
  expect(screen.queryByText('abcdef-ghijkm')).toBeNull();
});

test('an admin changes role and agency, and takes a factor away at the second click only', async () => {
  const requests = serve({
    ...directory,
    'PATCH /api/users/budi': refusal(409, 'last-admin'),
    'DELETE /api/users/budi/second-factor': { status: 200, body: { user: user('budi') } },
  });
  renderScreen(<UsersPage />, { role: 'admin' });
  await userEvent.click(await screen.findByRole('button', { name: 'budi' }));
  await userEvent.selectOptions(screen.getByLabelText('Peran'), 'viewer');
  await userEvent.click(screen.getByRole('button', { name: 'Simpan' }));
  expect(await screen.findByRole('alert')).toHaveTextContent(/Admin terakhir/);
  await userEvent.click(screen.getByRole('button', { name: 'Cabut faktor kedua' }));
  expect(requests.some(({ method }) => method === 'DELETE')).toBe(false);
  await userEvent.click(screen.getByRole('button', { name: 'Yakin? Klik lagi' }));
  expect(requests.filter(({ method }) => method === 'DELETE').map(({ path }) => path)).toEqual([
    '/api/users/budi/second-factor',
  ]);
  expect(requests.find(({ method }) => method === 'PATCH')?.body).toEqual({ role: 'viewer', agency: 'KPU' });
});

test('a lead sees users and ends their sessions, and changes nobody', async () => {
  serve(directory);
  renderScreen(<UsersPage />, { role: 'lead' });
  const row = within(await screen.findByRole('row', { name: /budi/ }));
  expect(row.getByText('aktif', { selector: 'td:nth-child(4)' })).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Tambah pengguna' })).toBeNull();
  await userEvent.click(row.getByRole('button', { name: 'budi' }));
  expect(await screen.findByText('Tidak ada sesi.')).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Simpan' })).toBeNull();
});
