import { screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { inGroups } from '../../../client/account/ConfirmForm.tsx';
import { App } from '../../../client/app/App.tsx';
import { grantsOfRole } from '../../../shared/authority.ts';
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

const sessionOf = (due: 'second-factor' | null) => ({
  user: { name: 'sari', role: 'admin', agency: 'KPU' },
  grants: grantsOfRole.admin,
  due,
  expiresAt: 1_790_000_000_000,
});
const answers = (due: 'second-factor' | null, enrolled = false) => ({
  'GET /api/session': { status: 200, body: sessionOf(due) },
  'GET /api/session/second-factor': {
    status: 200,
    body: {
      enrolled,
      since: enrolled ? 1_764_000_000_000 : null,
      recoveryCodesLeft: enrolled ? 2 : 0,
      required: true,
    },
  },
});
const enrolment = {
  secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  uri: 'otpauth://totp/Siaga:sari?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Siaga',
};
const recoveryCodes = ['2345-6789-abcd-efgh', 'jkmn-pqrs-tuvw-xyz2'];

describe('signing in', () => {
  const enter = async () => {
    await userEvent.type(await screen.findByLabelText('Nama pengguna'), 'sari');
    await userEvent.type(screen.getByLabelText('Sandi'), 'benar sekali 123');
    await userEvent.click(screen.getByRole('button', { name: 'Masuk' }));
  };

  test('asks for the code once the server does, and sends it with name and password', async () => {
    const requests = serve({
      'GET /api/session': refusal(401, 'unauthenticated'),
      'POST /api/session': ({ body }) =>
        (body as { code?: string }).code === '123456'
          ? { status: 200, body: sessionOf(null) }
          : refusal(401, (body as { code?: string }).code === undefined ? 'code-required' : 'wrong-code'),
    });
    renderScreen(<App />);
    await enter();
    const code = await screen.findByLabelText('Kode faktor kedua');
    expect(code).toHaveFocus();
    expect(screen.queryByRole('alert')).toBeNull();
    await userEvent.type(code, '000000');
    await userEvent.click(screen.getByRole('button', { name: 'Masuk' }));
    expect(await screen.findByRole('alert')).toHaveTextContent(/Kode salah/);
    await userEvent.clear(code);
    await userEvent.type(code, '123456');
    await userEvent.click(screen.getByRole('button', { name: 'Masuk' }));
    expect(await screen.findByRole('navigation', { name: 'Menu utama' })).toBeVisible();
    const sent = requests.filter(({ method }) => method === 'POST').map(({ body }) => body);
    expect(sent.at(-1)).toEqual({ name: 'sari', password: 'benar sekali 123', code: '123456' });
  });
});

describe('an enrolment that is due', () => {
  test('shows the secret as code and in groups, takes a code, and goes on once the codes are kept', async () => {
    const requests = serve({
      ...answers('second-factor'),
      'POST /api/session/second-factor': { status: 200, body: enrolment },
      'POST /api/session/second-factor/confirm': {
        status: 200,
        body: { recoveryCodes, session: sessionOf(null) },
      },
    });
    renderScreen(<App />);
    await userEvent.type(await screen.findByLabelText('Sandi sekarang'), 'rahasia saya sendiri');
    expect(screen.queryByRole('navigation')).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Lanjut' }));
    expect(await screen.findByRole('img', { name: /Kode QR/ })).toBeVisible();
    expect(screen.getByText('GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ')).toBeVisible();
    await userEvent.type(screen.getByLabelText(/Enam angka/), '123 456');
    await userEvent.click(screen.getByRole('button', { name: 'Pastikan' }));
    for (const code of recoveryCodes) expect(await screen.findByText(code)).toBeVisible();
    expect(screen.queryByRole('navigation')).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Sudah saya simpan' }));
    expect(await screen.findByRole('navigation', { name: 'Menu utama' })).toBeVisible();
    const sent = requests.filter(({ method }) => method === 'POST').map(({ body }) => body);
    expect(sent).toEqual([{ current: 'rahasia saya sendiri' }, { code: '123456' }]);
  });

  test('says that the password or the code is wrong, and stays', async () => {
    serve({
      ...answers('second-factor'),
      'POST /api/session/second-factor': refusal(400, 'wrong-password'),
    });
    renderScreen(<App />);
    await userEvent.type(await screen.findByLabelText('Sandi sekarang'), 'salah');
    await userEvent.click(screen.getByRole('button', { name: 'Lanjut' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Sandi sekarang tidak cocok.');
    expect(screen.getByRole('button', { name: 'Keluar' })).toBeVisible();
  });
});

describe('the account page', () => {
  const list = {
    status: 200,
    body: {
      sessions: [
        {
          id: '0123456789abcdef',
          createdAt: 1_764_000_000_000,
          lastUsedAt: 1_764_000_100_000,
          expiresAt: 1_764_100_000_000,
          address: '192.0.2.1',
          userAgent: 'a browser',
          factor: 'totp',
          current: true,
        },
        {
          id: 'fedcba9876543210',
          createdAt: 1_764_000_000_000,
          lastUsedAt: 1_764_000_050_000,
          expiresAt: 1_764_100_000_000,
          address: '198.51.100.7',
          userAgent: 'another \u202E browser',
          factor: 'recovery',
          current: false,
        },
      ],
    },
  };

  test('lists the sessions, hides nothing in them, and ends one', async () => {
    history.replaceState(null, '', '/account');
    const requests = serve({
      ...answers(null, true),
      'GET /api/session/list': list,
      'DELETE /api/session/list/fedcba9876543210': { status: 204 },
    });
    renderScreen(<App />);
    expect(await screen.findByText('198.51.100.7')).toBeVisible();
    expect(screen.getByText('another ‹U+202E› browser')).toBeVisible();
    expect(screen.getByText('sesi ini')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: /Akhiri sesi dari 198.51.100.7/ }));
    expect(
      requests.some(({ method, path }) => method === 'DELETE' && path.endsWith('fedcba9876543210')),
    ).toBe(true);
  });

  test('offers an admin a new device and new codes, but not to go without', async () => {
    history.replaceState(null, '', '/account');
    serve({ ...answers(null, true), 'GET /api/session/list': list });
    renderScreen(<App />);
    expect(await screen.findByRole('button', { name: 'Ganti perangkat' })).toBeVisible();
    expect(screen.getByText(/hampir habis/)).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Hapus faktor kedua' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Kode pemulihan baru' }));
    expect(await screen.findByLabelText(/Kode sekarang/)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Batal' }));
    expect(await screen.findByText('198.51.100.7')).toBeVisible();
  });
});

test.each([
  ['ABCDEFGH', 'ABCD EFGH'],
  ['ABCDE', 'ABCD E'],
  ['', ''],
])('%s is read as %s', (secret, groups) => expect(inGroups(secret)).toBe(groups));
