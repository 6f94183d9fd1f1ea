import { screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { App } from '../../../client/app/App.tsx';
import { leaveAddress, refusalIn } from '../../../client/app/external-sign-in.ts';
import { catalogues, languages } from '../../../shared/i18n/catalogue.ts';
import { oidcRefusals, signedOutSchema } from '../../../shared/api/oidc.ts';
import { refusal, serve } from '../fake-server.ts';
import { renderScreen } from '../render.tsx';

afterEach(() => {
  vi.unstubAllGlobals();
  window.history.replaceState(null, '', '/');
});

const signedOut = { 'GET /api/session': refusal(401, 'unauthenticated') };
const offer = { 'GET /api/oidc': { status: 200, body: { enabled: true, label: 'Masuk dengan SSO KPU' } } };
const none = { 'GET /api/oidc': { status: 200, body: { enabled: false, label: null } } };

test('where a provider is configured, a link with its label leads there and back to this address', async () => {
  window.history.replaceState(null, '', '/investigate?text=a%26b');
  serve({ ...signedOut, ...offer });
  renderScreen(<App />);
  const link = await screen.findByRole('link', { name: 'Masuk dengan SSO KPU' });
  expect(link).toHaveAttribute('href', '/api/oidc/begin?next=%2Finvestigate%3Ftext%3Da%2526b');
});

test.each([
  ['none is configured', none],
  ['the server does not say', { 'GET /api/oidc': refusal(500, 'internal') }],
])('there is no link where %s', async (_case, answer) => {
  const requests = serve({ ...signedOut, ...answer });
  renderScreen(<App />);
  await screen.findByLabelText('Sandi');
  await waitFor(() => expect(requests.some(({ path }) => path === '/api/oidc')).toBe(true));
  expect(screen.queryByRole('link')).toBeNull();
});

test.each(oidcRefusals)('says in both languages why: %s', async (why) => {
  window.history.replaceState(null, '', `/?oidc=refused&why=${why}`);
  serve({ ...signedOut, ...offer });
  renderScreen(<App />);
  const said = await screen.findByRole('alert');
  expect(said).toHaveTextContent(catalogues.id[`oidc.refused.${why}`]);
  await userEvent.click(screen.getByRole('button', { name: /ganti ke English/ }));
  expect(said).toHaveTextContent(catalogues.en[`oidc.refused.${why}`]);
  expect(window.location.search).toBe('');
  await userEvent.click(screen.getByRole('button', { name: /change to Bahasa/ }));
});

test.each(languages)(
  'says in both languages that the session there has ended, once: %s',
  async (language) => {
    window.history.replaceState(null, '', '/?oidc=signed-out');
    serve({ ...signedOut, ...offer });
    renderScreen(<App />);
    const said = await screen.findByRole('status');
    if (language === 'en') await userEvent.click(screen.getByRole('button', { name: /ganti ke English/ }));
    expect(said).toHaveTextContent(catalogues[language]['oidc.signedOut']);
    expect(window.location.search).toBe('');
    const link = await screen.findByRole('link', { name: 'Masuk dengan SSO KPU' });
    expect(link).toHaveAttribute('href', '/api/oidc/begin?next=%2F');
    if (language === 'en') await userEvent.click(screen.getByRole('button', { name: /change to Bahasa/ }));
  },
);

test.each(['javascript:alert(1)', 'data:text/html,x', '/', ''])(
  'signing out never leads to %j',
  (leaveFor) => {
    expect(signedOutSchema.safeParse({ leaveFor }).success).toBe(false);
  },
);

test.each([
  ['', null],
  ['?oidc=refused', null],
  ['?oidc=refused&why=<b>', null],
  ['?why=denied', null],
  ['?oidc=refused&why=denied', 'denied'],
])('of %s the refusal is %s', (search, expected) => {
  expect(refusalIn(search)).toBe(expected);
});

test('the address to leave by holds path and query as one parameter', () => {
  expect(leaveAddress({ pathname: '/alerts/a', search: '?x=1&y=2' })).toBe(
    '/api/oidc/begin?next=%2Falerts%2Fa%3Fx%3D1%26y%3D2',
  );
});
