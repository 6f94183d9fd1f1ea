import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { maxBadLogoutTokens } from '../../../../server/auth/oidc/back-channel.ts';
import { openOidcDesk, person, type OidcDesk } from './support.ts';
import { clientSecret, logoutEvent } from './test-provider.ts';

let desk: OidcDesk;
beforeEach(async () => {
  desk = await openOidcDesk({
    people: { s1: person('siti', 'viewer'), s2: person('sari', 'viewer') },
    provider: { tellsEnds: true },
  });
});
afterEach(() => desk.close());

/** As a provider calls: no cookie, no origin. */
const tell = (token: string, headers: Record<string, string> = {}) =>
  desk.api.ask('/api/oidc/back-channel', {
    method: 'POST',
    raw: new URLSearchParams({ logout_token: token }).toString(),
    headers: { origin: desk.origin, 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
const isOpen = async (cookie: string) => (await desk.api.ask('/api/session', { cookie })).status === 200;
const sidOf = async (name: string) => {
  const rows = await desk.api.desk.store.db
    .selectFrom('sessions')
    .select('provider_session')
    .where('user_name', '=', name)
    .orderBy('created_at')
    .execute();
  return rows.map(({ provider_session: sid }) => sid);
};

describe('a session that ends at the provider', () => {
  test('ends here before the call is answered, and no other of anybody', async () => {
    const first = await desk.signIn('s1');
    desk.api.desk.clock.now += 1;
    const second = await desk.signIn('s1');
    const other = await desk.signIn('s2');
    const [sid] = await sidOf('siti');
    expect(sid).toMatch(/^\S+$/);
    const ended: string[] = [];
    desk.api.desk.auth.onSessionEnded((_key, reason) => ended.push(reason));
    const answer = await tell(desk.provider.logoutToken({ sub: 's1', sid }));
    expect(answer.status).toBe(200);
    expect(ended).toEqual(['signed-out']);
    expect(await Promise.all([first, second, other].map(({ cookie }) => isOpen(cookie)))).toEqual([
      false,
      true,
      true,
    ]);
    expect((await desk.notes()).at(-1)).toMatchObject({
      action: 'sessions:ended',
      target: 'user siti',
      detail: { by: 'oidc', ended: 1 },
    });
  });

  test('without its id all of that user end; a restart forgets no id', async () => {
    const first = await desk.signIn('s1');
    const second = await desk.signIn('s1');
    const other = await desk.signIn('s2');
    expect((await tell(desk.provider.logoutToken({ sub: 's1' }))).status).toBe(200);
    expect(await Promise.all([first, second, other].map(({ cookie }) => isOpen(cookie)))).toEqual([
      false,
      false,
      true,
    ]);
    const again = await desk.api.desk.restart();
    const [sid = ''] = await sidOf('sari');
    expect(await again.endByProvider(`${desk.provider.issuer} s2`, 'of another device')).toMatchObject({
      ended: 0,
    });
    expect(await again.endByProvider(`${desk.provider.issuer} s2`, sid)).toMatchObject({ ended: 1 });
    expect(again.identify({ cookie: other.cookie })).toBeNull();
  });

  test('of somebody whom we do not know is answered and nothing is noted', async () => {
    const { length } = await desk.notes();
    expect((await tell(desk.provider.logoutToken({ sub: 'stranger' }))).status).toBe(200);
    expect(await desk.notes()).toHaveLength(length);
  });
});

describe('what is no logout token ends nothing', () => {
  const now = () => Math.floor(Date.now() / 1_000);
  test.each<[string, (provider: OidcDesk['provider']) => string]>([
    ['signed by another key', (p) => p.logoutToken({ sub: 's1' }, { isForged: true })],
    ['signed by nobody', (p) => `${btoa('{"alg":"none"}')}.${p.logoutToken({ sub: 's1' }).split('.')[1]}.`],
    [
      "signed by the client's secret, which the provider knows as well",
      (p) => {
        const body = `${btoa('{"alg":"HS256"}')}.${p.logoutToken({ sub: 's1' }).split('.')[1]}`;
        return `${body}.${createHmac('sha256', clientSecret).update(body).digest('base64url')}`;
      },
    ],
    ['of another issuer', (p) => p.logoutToken({ sub: 's1', iss: 'https://evil.example' })],
    ['for another client', (p) => p.logoutToken({ sub: 's1', aud: 'other' })],
    ['of an hour ago', (p) => p.logoutToken({ sub: 's1', iat: now() - 3_600 })],
    ['of tomorrow', (p) => p.logoutToken({ sub: 's1', iat: now() + 86_400 })],
    ['that expired', (p) => p.logoutToken({ sub: 's1', exp: now() - 60 })],
    ['without a time', (p) => p.logoutToken({ sub: 's1', iat: undefined })],
    ['without an id of its own', (p) => p.logoutToken({ sub: 's1', jti: undefined })],
    ['without the event', (p) => p.logoutToken({ sub: 's1', events: {} })],
    ['with a nonce, as an ID token', (p) => p.logoutToken({ sub: 's1', nonce: 'a' })],
    ['without a subject', (p) => p.logoutToken({ sid: 'a' })],
    ['with another event', (p) => p.logoutToken({ sub: 's1', events: { [logoutEvent]: 'a' } })],
    ['at all', () => 'a.b.c'],
    ['but empty', () => ''],
  ])('%s', async (_title, token) => {
    const { cookie } = await desk.signIn('s1');
    const { length } = await desk.notes();
    expect((await tell(token(desk.provider))).status).toBe(400);
    expect(await isOpen(cookie)).toBe(true);
    expect(await desk.notes()).toHaveLength(length);
  });

  test('a second time', async () => {
    const token = desk.provider.logoutToken({ sub: 's1' });
    expect((await tell(token)).status).toBe(200);
    const { cookie } = await desk.signIn('s1');
    expect((await tell(token)).status).toBe(400);
    expect(await isOpen(cookie)).toBe(true);
  });

  test('as JSON, or twice in one form', async () => {
    const token = desk.provider.logoutToken({ sub: 's1' });
    expect((await tell(token, { 'content-type': 'application/json' })).status).toBe(415);
    const raw = new URLSearchParams([
      ['logout_token', token],
      ['logout_token', token],
    ]).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const twice = await desk.api.ask('/api/oidc/back-channel', { method: 'POST', raw, headers });
    expect(twice.status).toBe(403);
    headers['origin' as keyof typeof headers] = desk.origin;
    expect((await desk.api.ask('/api/oidc/back-channel', { method: 'POST', raw, headers })).status).toBe(400);
  });

  test('and too many of one address are refused for a while, good ones too', async () => {
    for (let count = 0; count < maxBadLogoutTokens; count += 1)
      expect((await tell('a.b.c')).status).toBe(400);
    expect((await tell(desk.provider.logoutToken({ sub: 's1' }))).status).toBe(429);
    desk.api.desk.clock.now += 15 * 60_000;
    expect((await tell(desk.provider.logoutToken({ sub: 's1' }))).status).toBe(200);
  });

  test('a flood of them makes the provider be asked for its keys once', async () => {
    await Promise.all(
      Array.from({ length: 20 }, () => tell(desk.provider.logoutToken({ sub: 's1' }, { isForged: true }))),
    );
    expect(desk.provider.heard.filter((line) => line === 'GET /jwks')).toHaveLength(1);
  });
});
