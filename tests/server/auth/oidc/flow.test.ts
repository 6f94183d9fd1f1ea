import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sessionSchema } from '../../../../shared/api/schemas.ts';
import { transactionMs } from '../../../../server/auth/oidc/transaction.ts';
import { from, ownPassword } from '../support.ts';
import { openHandBrowser } from './browser-by-hand.ts';
import { openOidcDesk, person, type OidcDesk } from './support.ts';

let desk: OidcDesk;
beforeAll(async () => {
  desk = await openOidcDesk();
});
afterAll(() => desk.close());
beforeEach(() => {
  desk.provider.people.clear();
  desk.provider.tamper = null;
  // The limit of attempts is another test's affair.
  desk.api.desk.clock.now += 3_600_000;
});

const know = (login: string, role: string, more: Record<string, unknown> = {}) =>
  void desk.provider.people.set(login, person(`${login}.kpu`, role, more));

async function sessionOf(cookie: string) {
  const answer = await desk.api.ask('/api/session', { cookie });
  return answer.status === 200 ? sessionSchema.parse(answer.json).user : answer.status;
}

const refusedFor = (why: string) => `/?oidc=refused&why=${why}`;
const isCallback = (url: URL) => url.pathname === '/api/oidc/callback';

describe('signing in', () => {
  test('begins a session of a new user by the claims, and ends where it began', async () => {
    know('s1', 'analyst');
    const { end, cookie, pages, browser } = await desk.signIn('s1', { next: '/investigate?text=a%26b' });
    expect(end).toBe('/investigate?text=a%26b');
    expect(await sessionOf(cookie)).toEqual({ name: 's1.kpu', role: 'analyst', agency: 'BSSN' });
    expect(pages.slice(0, -1).map(({ status }) => status)).toEqual([303, 303, 303, 303, 303]);
    expect(browser.cookies.get(desk.origin)?.has('siaga_oidc')).toBe(false);
  });

  test('asks for a code with PKCE, state, nonce and the exact way back', async () => {
    know('s1', 'analyst');
    const { pages } = await desk.signIn('s1');
    const { origin, pathname, searchParams } = pages[1]?.url ?? new URL('about:blank');
    expect(`${origin}${pathname}`).toBe(`${desk.provider.issuer}/auth`);
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: 'siaga',
      response_type: 'code',
      redirect_uri: `${desk.origin}/api/oidc/callback`,
      scope: 'openid profile',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
      nonce: expect.stringMatching(/^[\w-]{43}$/) as string,
      acr_values: '2',
    });
  });

  test('keeps the attempt in a cookie that scripts and other sites get nothing from', async () => {
    const page = await openHandBrowser().get(`${desk.origin}/api/oidc/begin`);
    expect(page.headers['set-cookie']).toEqual([
      expect.stringMatching(/^siaga_oidc=[\w-]{100,}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    expect(page.headers['cache-control']).toBe('no-store');
  });

  test('again is the same user, by subject, whatever the name says now', async () => {
    know('s2', 'viewer');
    await desk.signIn('s2');
    know('s2', 'viewer', { preferred_username: 'another.name' });
    const { cookie } = await desk.signIn('s2');
    expect(await sessionOf(cookie)).toMatchObject({ name: 's2.kpu' });
  });

  test('ends the session that the browser had, and no other of the user', async () => {
    know('s3', 'viewer');
    const first = await desk.signIn('s3');
    const other = await desk.signIn('s3');
    const again = await desk.signIn('s3', { browser: first.browser });
    expect(await sessionOf(first.cookie)).toBe(401);
    expect(await sessionOf(other.cookie)).toMatchObject({ name: 's3.kpu' });
    expect(again.cookie).not.toBe(first.cookie);
  });

  test.each([
    ['role', { groups: ['siaga-lead'] }, { role: 'lead', agency: 'BSSN' }],
    ['agency', { agency: 'polri' }, { role: 'analyst', agency: 'POLRI' }],
  ])('follows a change of the %s, and ends what was open by the old one', async (what, more, after) => {
    const login = `change-${what}`;
    know(login, 'analyst');
    const before = await desk.signIn(login);
    know(login, 'analyst', more);
    const { cookie } = await desk.signIn(login);
    expect(await sessionOf(before.cookie)).toBe(401);
    expect(await sessionOf(cookie)).toEqual({ name: `${login}.kpu`, ...after });
  });

  test('a lead needs no second factor of ours, having proven one there', async () => {
    know('lead', 'lead');
    const { cookie } = await desk.signIn('lead');
    const answer = await desk.api.ask('/api/session', { cookie });
    expect(sessionSchema.parse(answer.json).due).toBeNull();
  });

  test('is noted, with the subject and what changed', async () => {
    know('noted', 'viewer');
    await desk.signIn('noted');
    know('noted', 'analyst');
    await desk.signIn('noted');
    const notes = (await desk.notes()).filter(({ actor }) => actor === 'noted.kpu');
    const viewer = { role: 'viewer', agency: 'BSSN' };
    const analyst = { role: 'analyst', agency: 'BSSN' };
    const common = { outcome: 'done', actor: 'noted.kpu' };
    const begun = {
      ...common,
      action: 'session:begun',
      target: '',
      detail: { factor: 'oidc', subject: 'noted' },
    };
    const user = { ...common, target: 'user noted.kpu' };
    expect(notes).toEqual([
      { ...user, action: 'user:created', detail: { by: 'oidc', subject: 'noted', after: viewer } },
      begun,
      {
        ...user,
        action: 'user:updated',
        detail: { by: 'oidc', subject: 'noted', before: viewer, after: analyst },
      },
      begun,
    ]);
  });
});

describe('who is refused', () => {
  const cases: [string, string, Record<string, unknown>][] = [
    ['nobody without a role that is mapped: there is none by default', 'no-role', { groups: ['everybody'] }],
    ['nobody whose claim for the role is no text', 'no-role', { groups: [{ 'siaga-admin': true }, 1, null] }],
    ['nobody whose agency is unknown', 'no-agency', { agency: 'cia' }],
    ['nobody of two agencies', 'no-agency', { agency: ['bssn', 'polri'] }],
    ['nobody whose name is no name of ours', 'bad-name', { preferred_username: 'siti@kpu.example' }],
    ['nobody without a name', 'bad-name', { preferred_username: undefined }],
    ['nobody with the name of a user of ours', 'name-taken', { preferred_username: 'anton' }],
  ];
  test.each(cases)('%s', async (_title, why, more) => {
    know('stranger', 'viewer', more);
    const users = (await desk.api.desk.auth.listUsers()).length;
    const { end, cookie } = await desk.signIn('stranger');
    expect(end).toBe(refusedFor(why));
    expect(cookie).toBe('');
    expect(await desk.api.desk.auth.listUsers()).toHaveLength(users);
    expect((await desk.notes()).at(-1)).toEqual({
      action: 'session:refused',
      outcome: 'refused',
      actor: '',
      target: '',
      detail: { factor: 'oidc', why, subject: 'stranger' },
    });
  });

  test.each([
    [['pwd'], undefined],
    [undefined, '1'],
    [undefined, undefined],
  ])('who proves no second factor: amr %j, acr %s', async (amr, acr) => {
    const { claims } = person('without', 'viewer');
    desk.provider.people.set('without', { claims, ...(amr ? { amr } : {}), ...(acr ? { acr } : {}) });
    expect((await desk.signIn('without')).end).toBe(refusedFor('second-factor'));
  });

  test('but acr alone is a proof as well', async () => {
    desk.provider.people.set('by-acr', { claims: person('by-acr', 'viewer').claims, acr: '2' });
    expect((await desk.signIn('by-acr')).end).toBe('/');
  });

  test('a user that is disabled here, with all that was open', async () => {
    know('off', 'viewer');
    const { cookie } = await desk.signIn('off');
    await desk.api.desk.auth.updateUser('off.kpu', { disabled: true });
    expect(await sessionOf(cookie)).toBe(401);
    know('off', 'analyst');
    expect((await desk.signIn('off')).end).toBe(refusedFor('disabled'));
  });

  test('who cancels there', async () => {
    expect((await desk.signIn('')).end).toBe(refusedFor('denied'));
  });

  test('the last admin whom the provider demotes, who stays admin and has no session', async () => {
    know('boss', 'admin');
    const { cookie } = await desk.signIn('boss');
    await desk.api.desk.auth.updateUser('admin', { disabled: true });
    know('boss', 'viewer');
    expect((await desk.signIn('boss')).end).toBe(refusedFor('last-admin'));
    expect(await sessionOf(cookie)).toBe(401);
    const boss = (await desk.api.desk.auth.listUsers()).find(({ name }) => name === 'boss.kpu');
    expect(boss?.role).toBe('admin');
    await desk.api.desk.auth.updateUser('admin', { disabled: false });
  });
});

describe('an answer that is not the one that was asked for', () => {
  const tampered = async (change: (url: URL) => void) => {
    know('victim', 'admin');
    return desk.signIn('victim', {
      at: (url) => {
        change(url);
        return url;
      },
    });
  };
  const atCallback = (name: string, value: string) => (url: URL) => {
    if (isCallback(url)) url.searchParams.set(name, value);
  };

  test.each<[string, string, (url: URL) => void]>([
    ['of another state', 'expired', atCallback('state', 'x'.repeat(43))],
    ['of another issuer', 'invalid-answer', atCallback('iss', 'https://evil.example')],
    ['with a code that the provider never gave', 'invalid-answer', atCallback('code', 'x'.repeat(43))],
    [
      'with a token for another nonce',
      'invalid-answer',
      (url) => {
        if (url.searchParams.has('nonce')) url.searchParams.set('nonce', 'x'.repeat(43));
      },
    ],
    [
      'with another challenge',
      'invalid-answer',
      (url) => {
        if (url.searchParams.has('code_challenge')) url.searchParams.set('code_challenge', 'x'.repeat(43));
      },
    ],
  ])('%s', async (_title, why, change) => {
    const { end, cookie } = await tampered(change);
    expect(end).toBe(refusedFor(why));
    expect(cookie).toBe('');
  });

  test('with claims that the provider did not sign', async () => {
    desk.provider.tamper = (token) => {
      const [head, body = '', signature] = token.split('.');
      const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
      const forged = Buffer.from(JSON.stringify({ ...claims, groups: ['siaga-admin'] })).toString(
        'base64url',
      );
      return [head, forged, signature].join('.');
    };
    know('forger', 'viewer');
    expect((await desk.signIn('forger')).end).toBe(refusedFor('invalid-answer'));
  });

  test('with a token that nobody signed', async () => {
    desk.provider.tamper = (token) => {
      const head = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
      return `${head}.${token.split('.')[1]}.`;
    };
    know('forger', 'viewer');
    expect((await desk.signIn('forger')).end).toBe(refusedFor('invalid-answer'));
  });

  test('in another browser than the one that left', async () => {
    know('victim', 'viewer');
    const { pages, browser } = await desk.signIn('victim', { at: (url) => (isCallback(url) ? null : url) });
    const callback = pages.at(-1)?.location ?? '';
    const page = await openHandBrowser().get(callback);
    expect(page.location?.search).toBe('?oidc=refused&why=expired');
    // Of the browser that it belongs to it is still good.
    expect((await browser.get(callback)).location?.pathname).toBe('/');
    expect(browser.cookies.get(desk.origin)?.has('siaga_session')).toBe(true);
  });

  test('a second time', async () => {
    know('twice', 'viewer');
    const { pages, browser } = await desk.signIn('twice', { at: (url) => (isCallback(url) ? null : url) });
    const callback = pages.at(-1)?.location ?? '';
    const kept = browser.cookies.get(desk.origin)?.get('siaga_oidc') ?? '';
    expect((await browser.get(callback)).location?.search).toBe('');
    browser.cookies.get(desk.origin)?.set('siaga_oidc', kept);
    expect((await browser.get(callback)).location?.search).toBe('?oidc=refused&why=expired');
  });

  test('ten minutes late', async () => {
    know('late', 'viewer');
    const { end } = await desk.signIn('late', {
      at: (url) => {
        if (isCallback(url)) desk.api.desk.clock.now += transactionMs;
        return url;
      },
    });
    expect(end).toBe(refusedFor('expired'));
  });

  test.each([
    ['no cookie', undefined],
    ['a cookie that we never made', `siaga_oidc=${'A'.repeat(400)}`],
    ['two cookies', 'siaga_oidc=a; siaga_oidc=b'],
  ])('with %s', async (_title, cookie) => {
    const answer = await desk.api.ask('/api/oidc/callback?code=a&state=b', { cookie });
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe(refusedFor('expired'));
  });

  test.each([
    ['a parameter twice', 'code=a&code=b'],
    ['a parameter that is no part of this flow', 'id_token=a'],
    ['an endless code', `code=${'a'.repeat(5_000)}`],
  ])('with %s', async (_title, query) => {
    expect((await desk.api.ask(`/api/oidc/callback?${query}`)).status).toBe(400);
  });
});

describe('a user who signs in elsewhere', () => {
  test('has no password: not even a known one is taken, and none can be set', async () => {
    know('nopass', 'viewer');
    await desk.signIn('nopass');
    const { auth, store } = desk.api.desk;
    const known = store.db.selectFrom('users').select('password_hash').where('name', '=', 'anton');
    await store.db
      .updateTable('users')
      .set({ password_hash: known })
      .where('name', '=', 'nopass.kpu')
      .execute();
    const asked = { password: ownPassword('anton'), ...from, cookieHeader: undefined };
    expect(await auth.signIn({ ...asked, name: 'anton' })).toMatchObject({ ok: true });
    expect(await auth.signIn({ ...asked, name: 'nopass.kpu' })).toMatchObject({ code: 'wrong-credentials' });
    expect(await auth.resetPassword('nopass.kpu')).toMatchObject({ ok: false, code: 'conflict' });
  });
});
