import { afterEach, describe, expect, test } from 'vitest';
import { signedOutSchema } from '../../../../shared/api/oidc.ts';
import { createProvider } from '../../../../server/auth/oidc/provider.ts';
import { maxIdTokenHint } from '../../../../server/auth/oidc/redeem.ts';
import { createSignOut } from '../../../../server/auth/oidc/sign-out.ts';
import { addUser } from '../support.ts';
import { openOidcDesk, person, type DeskOptions, type OidcDesk } from './support.ts';
import { clientId, clientSecret } from './test-provider.ts';

let desk: OidcDesk;
const open = async (options: DeskOptions = {}) => {
  desk = await openOidcDesk({ people: { s1: person('siti', 'viewer') }, ...options });
};
afterEach(async () => {
  desk.provider.hold = null;
  await desk.close();
});

async function signOut(cookie: string) {
  const answer = await desk.api.ask('/api/session', {
    method: 'DELETE',
    cookie,
    headers: { origin: desk.origin },
  });
  expect(answer.status).toBe(200);
  const { leaveFor } = signedOutSchema.parse(answer.json);
  return { leaveFor: leaveFor === null ? null : new URL(leaveFor), cookies: answer.headers['set-cookie'] };
}

const claimsIn = (token = '') =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

const rowOf = () =>
  desk.api.desk.store.db
    .selectFrom('sessions')
    .selectAll()
    .where('factor', '=', 'oidc')
    .executeTakeFirstOrThrow();

describe('signing out of a session that a provider began', () => {
  test('ends it here first, and leads to the provider with the ID token and nothing secret', async () => {
    await open();
    const { cookie } = await desk.signIn('s1');
    const { leaveFor, cookies } = await signOut(cookie);
    expect((await desk.api.ask('/api/session', { cookie })).status).toBe(401);
    expect(`${leaveFor?.origin}${leaveFor?.pathname}`).toBe(`${desk.provider.issuer}/session/end`);
    const { id_token_hint: hint, ...rest } = Object.fromEntries(leaveFor?.searchParams ?? []);
    expect(rest).toEqual({ client_id: 'siaga' });
    expect(claimsIn(hint)).toMatchObject({ iss: desk.provider.issuer, aud: 'siaga', sub: 's1' });
    expect(leaveFor?.href).not.toContain(clientSecret);
    expect(cookies).toEqual([expect.stringMatching(/^siaga_session=; Max-Age=0/)]);
  });

  test('comes back by configuration, with a state that only this browser has', async () => {
    await open({ configuration: { signOut: 'provider-and-back' } });
    const { cookie } = await desk.signIn('s1');
    const { leaveFor, cookies = [] } = await signOut(cookie);
    expect(leaveFor?.searchParams.get('post_logout_redirect_uri')).toBe(`${desk.origin}/api/oidc/signed-out`);
    const state = leaveFor?.searchParams.get('state') ?? '';
    expect(state).toMatch(/^[\w-]{43}$/);
    expect(cookies[1]).toBe(`siaga_oidc_out=${state}; Max-Age=600; Path=/; HttpOnly; SameSite=Lax`);
    const back = async (told: string, kept?: string) =>
      (await desk.api.ask(`/api/oidc/signed-out?state=${told}`, { cookie: kept })).headers;
    const own = await back(state, `siaga_oidc_out=${state}`);
    expect(own.location).toBe('/?oidc=signed-out');
    expect(own['set-cookie']).toEqual(['siaga_oidc_out=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax']);
    const other = 'x'.repeat(43);
    expect((await back(state)).location).toBe('/');
    expect((await back(other, `siaga_oidc_out=${state}`)).location).toBe('/');
    expect((await back('', `siaga_oidc_out=`)).location).toBe('/');
  });

  test('is noted once, as any signing out', async () => {
    await open();
    await signOut((await desk.signIn('s1')).cookie);
    const notes = (await desk.notes()).filter(({ action }) => action === 'session:ended');
    expect(notes).toMatchObject([{ actor: 'siti', detail: { reason: 'signed-out' } }]);
  });

  test('the ID token is sealed on disk, survives a restart, and goes with the session', async () => {
    await open();
    const { cookie } = await desk.signIn('s1');
    const { id_token: sealed } = await rowOf();
    expect(sealed).toMatch(/^v1\.[\w-]+$/);
    expect(Buffer.from((sealed ?? '').slice(3), 'base64url').toString('latin1')).not.toContain('siaga');
    const again = await desk.api.desk.restart();
    const identity = again.identify({ cookie });
    if (!identity) throw new Error('the session is gone');
    const kept = await again.providerSessionOf(identity);
    expect(claimsIn(kept?.idToken ?? '')).toMatchObject({ sub: 's1' });
    await signOut(cookie);
    await expect(rowOf()).rejects.toThrow();
  });

  test('one that was sealed for another user opens nothing: the client alone is named', async () => {
    await open({ people: { s1: person('siti', 'viewer'), s2: person('sari', 'viewer') } });
    const { cookie } = await desk.signIn('s1');
    await desk.signIn('s2');
    const { db } = desk.api.desk.store;
    const other = db.selectFrom('sessions').select('id_token').where('user_name', '=', 'sari');
    await db.updateTable('sessions').set({ id_token: other }).where('user_name', '=', 'siti').execute();
    const { leaveFor } = await signOut(cookie);
    expect(Object.fromEntries(leaveFor?.searchParams ?? [])).toEqual({ client_id: 'siaga' });
  });

  test('an ID token too long for an address is not kept: the client alone is named', async () => {
    const groups = ['siaga-viewer', 'x'.repeat(maxIdTokenHint)];
    await open({ people: { s1: person('siti', 'viewer', { groups }) } });
    const { cookie } = await desk.signIn('s1');
    expect((await rowOf()).id_token).toBeNull();
    const { leaveFor } = await signOut(cookie);
    expect(Object.fromEntries(leaveFor?.searchParams ?? [])).toEqual({ client_id: 'siaga' });
  });
});

describe('signing out leads nowhere', () => {
  test.each<[string, DeskOptions]>([
    ['when it is configured so', { configuration: { signOut: 'here' } }],
    ['when the provider has no address for it', { provider: { endsSessions: false } }],
    [
      'when that address can be read on the way',
      { provider: { endSessionAt: 'http://sso.kpu.example/end' } },
    ],
  ])('%s', async (_title, options) => {
    await open(options);
    const { cookie } = await desk.signIn('s1');
    expect(await signOut(cookie)).toMatchObject({ leaveFor: null });
    expect((await desk.api.ask('/api/session', { cookie })).status).toBe(401);
  });

  test('of a session by password', async () => {
    await open();
    await desk.signIn('s1');
    expect(await signOut(await addUser(desk.api.desk.auth, 'pia', 'viewer'))).toMatchObject({
      leaveFor: null,
    });
  });

  test('when the provider is not known yet and does not answer in time', async () => {
    await open();
    desk.provider.hold = new Promise(() => undefined);
    const configuration = {
      issuer: desk.provider.issuer,
      clientId,
      clientSecret,
      redirectOrigin: desk.origin,
      signOut: 'provider' as const,
    };
    const provider = createProvider({
      configuration,
      now: () => 0,
      onFault: () => undefined,
      timeoutMs: 1_000,
    });
    const signOutHere = createSignOut({ configuration, provider, secure: false, waitMs: 50 });
    const began = performance.now();
    expect(await signOutHere.signOutThere({ id: '', idToken: 'a.b.c' })).toBeNull();
    expect(performance.now() - began).toBeLessThan(900);
  });
});

test('a provider that is known and away now is left for all the same', async () => {
  await open({ providerTimeoutMs: 300 });
  const { cookie } = await desk.signIn('s1');
  // What it says of itself is old by then, and can't be had anew.
  desk.api.desk.clock.now += 3_600_000;
  desk.provider.hold = new Promise(() => undefined);
  expect((await signOut(cookie)).leaveFor?.pathname).toBe('/session/end');
  expect((await desk.api.ask('/api/session', { cookie })).status).toBe(401);
});
