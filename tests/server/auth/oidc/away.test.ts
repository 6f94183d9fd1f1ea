import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { maxOidcAttempts, oidcWindowMs } from '../../../../server/auth/oidc/oidc.ts';
import { firstBackOffMs } from '../../../../server/auth/oidc/provider.ts';
import { ownPassword, from } from '../support.ts';
import { openHandBrowser } from './browser-by-hand.ts';
import { openOidcDesk, person, type DeskOptions, type OidcDesk } from './support.ts';

let desk: OidcDesk;
const open = async (options: DeskOptions = {}) => {
  desk = await openOidcDesk({ people: { s1: person('siti', 'viewer') }, ...options });
};
afterEach(async () => {
  desk.provider.hold = null;
  await desk.close();
});

const begin = () => openHandBrowser().get(`${desk.origin}/api/oidc/begin`);
const refusedFor = (why: string) => `/?oidc=refused&why=${why}`;
const signInByPassword = () =>
  desk.api.desk.auth.signIn({
    name: 'anton',
    password: ownPassword('anton'),
    ...from,
    cookieHeader: undefined,
  });

describe('a provider that is away', () => {
  test('says so on the sign-in screen, and passwords go on', async () => {
    await open({ issuer: () => 'http://127.0.0.1:9' });
    expect((await begin()).headers.location).toBe(refusedFor('unreachable'));
    expect(await signInByPassword()).toMatchObject({ ok: true });
    expect((await desk.api.ask('/api/oidc')).json).toEqual({ enabled: true, label: 'Masuk dengan SSO' });
  });

  test('is not asked again at once, and found when it is back', async () => {
    await open({ providerTimeoutMs: 200 });
    desk.provider.hold = new Promise(() => undefined);
    expect((await begin()).headers.location).toBe(refusedFor('unreachable'));
    const asked = desk.provider.heard.length;
    desk.provider.hold = null;
    expect((await begin()).headers.location).toBe(refusedFor('unreachable'));
    expect(desk.provider.heard).toHaveLength(asked);
    desk.api.desk.clock.now += firstBackOffMs;
    expect((await desk.signIn('s1')).end).toBe('/');
  });

  test('holds up nobody else while it is slow', async () => {
    await open({ providerTimeoutMs: 600 });
    desk.provider.hold = new Promise(() => undefined);
    const slow = begin();
    expect(await signInByPassword()).toMatchObject({ ok: true });
    expect((await slow).headers.location).toBe(refusedFor('unreachable'));
    expect(desk.faults.join()).toMatch(/timed out|timeout/i);
  });

  test('in the middle of a sign-in, too', async () => {
    await open({ providerTimeoutMs: 300 });
    const { end, cookie } = await desk.signIn('s1', {
      at: (url) => {
        if (url.pathname === '/api/oidc/callback') desk.provider.hold = new Promise(() => undefined);
        return url;
      },
    });
    expect(end).toBe(refusedFor('unreachable'));
    expect(cookie).toBe('');
  });

  test('is asked once by many at once, and not at all before the first', async () => {
    await open();
    expect(desk.provider.heard).toEqual([]);
    const pages = await Promise.all(Array.from({ length: 5 }, begin));
    expect(pages.every(({ location }) => location?.origin === desk.provider.issuer)).toBe(true);
    expect(desk.provider.heard).toEqual(['GET /.well-known/openid-configuration']);
  });
});

describe('something else in the place of the provider', () => {
  test('a document that names another issuer is not believed', async () => {
    await open({ issuer: ({ issuer }) => issuer.replace('127.0.0.1', 'localhost') });
    expect((await begin()).headers.location).toBe(refusedFor('unreachable'));
    expect(desk.faults.join()).toContain('issuer');
  });

  test('an endless answer is cut', async () => {
    const endless = createServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n');
      const chunk = 'x'.repeat(65_536);
      const more = (): void => void (socket.writable && socket.write(chunk, () => setImmediate(more)));
      more();
      socket.on('error', () => socket.destroy());
    });
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    const { port } = endless.address() as AddressInfo;
    await open({ issuer: () => `http://127.0.0.1:${port}`, providerTimeoutMs: 5_000 });
    expect((await begin()).headers.location).toBe(refusedFor('unreachable'));
    expect(desk.faults.join()).toContain('too much');
    await new Promise((resolve) => endless.close(resolve));
  });
});

describe('the limit of one address', () => {
  test('counts attempts that come to nothing, passes with time, and touches no password', async () => {
    await open();
    await desk.signIn('s1');
    for (let count = 0; count < maxOidcAttempts; count += 1)
      expect((await begin()).location?.origin).toBe(desk.provider.issuer);
    expect((await begin()).headers.location).toBe(refusedFor('rate-limited'));
    const late = await desk.api.ask('/api/oidc/callback?code=a&state=b');
    expect(late.headers.location).toBe(refusedFor('rate-limited'));
    expect(await signInByPassword()).toMatchObject({ ok: true });
    desk.api.desk.clock.now += oidcWindowMs;
    expect((await begin()).location?.origin).toBe(desk.provider.issuer);
  });
});
