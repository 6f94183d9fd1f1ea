import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { policyTable } from '../../../server/api/routes.ts';
import {
  apiTokenListSchema,
  createdTokenSchema,
  createdWallSchema,
  wallListSchema,
  wallSessionSchema,
  type CreateWall,
} from '../../../shared/api/tokens.ts';
import { grantsOfWall, permissions } from '../../../shared/authority.ts';
import { detection } from '../alerts/support.ts';
import type { EventStore } from '../../../server/store/events/event-store.ts';
import { createMemoryEventStore } from './memory-event-store.ts';
import { addUser } from '../auth/support.ts';
import { openApi, type ApiDesk, type Answer } from './support.ts';

let api: ApiDesk;
let slow: EventStore;
beforeEach(async () => {
  api = await openApi();
});
afterEach(() => api.close());

const codeOf = ({ json }: Answer) => (json as { error?: { code?: string } } | undefined)?.error?.code;
const statusAndCode = (answer: Answer) => [answer.status, codeOf(answer)];
const cookieIn = (answer: Answer) => answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
const audited = async () => {
  const rows = await api.desk.store.db
    .selectFrom('audit')
    .selectAll()
    .where('action', '!=', 'request:refused')
    .orderBy('seq')
    .execute();
  return rows.map(({ action, outcome, actor, via, target }) =>
    [action, outcome, actor, via, target].join('|'),
  );
};

const wish = { name: 'skrip', scopes: ['live:read', 'alerts:read', 'alerts:act'], expiresInDays: 30 };
async function makeToken(body: object = wish, cookie = api.cookieOf('analyst')) {
  const answer = await api.ask('/api/tokens', { method: 'POST', cookie, body });
  expect(answer.status).toBe(201);
  return createdTokenSchema.parse(answer.json);
}
const asToken = (secret: string) => ({ authorization: `Bearer ${secret}` });

const wall: Partial<CreateWall> = { name: 'Lobi', diagonalInch: 55, distanceM: 5, detail: 'titles' };
async function makeWall(changes: Partial<CreateWall> = {}, cookie = api.cookieOf('admin')) {
  const answer = await api.ask('/api/walls', { method: 'POST', cookie, body: { ...wall, ...changes } });
  expect(answer.status).toBe(201);
  const { address, wall: made } = createdWallSchema.parse(answer.json);
  const [path, token = ''] = address.split('#token=');
  expect(path).toBe('/wall');
  return { token, id: made.id };
}
const openWall = (token: string, cookie?: string) =>
  api.ask('/api/wall-session', { method: 'POST', body: { token }, cookie });
async function hang(changes: Partial<CreateWall> = {}) {
  const { token, id } = await makeWall(changes);
  return { token, id, cookie: cookieIn(await openWall(token)) };
}

describe('/api/tokens', () => {
  test('makes, lists and revokes, and tells the secret once', async () => {
    const { token, secret } = await makeToken();
    const cookie = api.cookieOf('analyst');
    const list = await api.ask('/api/tokens', { cookie });
    expect(apiTokenListSchema.parse(list.json).tokens).toEqual([token]);
    expect(list.text).not.toContain(secret);
    const alerts = () => api.ask('/api/alerts', { headers: asToken(secret) });
    expect((await alerts()).status).toBe(200);
    const others = await api.ask(`/api/tokens/${token.id}`, {
      method: 'DELETE',
      cookie: api.cookieOf('admin'),
    });
    expect(others.status).toBe(404);
    expect((await alerts()).status).toBe(200);
    expect((await api.ask(`/api/tokens/${token.id}`, { method: 'DELETE', cookie })).status).toBe(204);
    expect((await alerts()).status).toBe(401);
  });

  test.each([
    [{ scopes: ['users:manage'] }],
    [{ scopes: ['tokens:own'] }],
    [{ scopes: [] }],
    [{ scopes: ['live:read', '*'] }],
    [{ expiresInDays: 0 }],
    [{ expiresInDays: 366 }],
    [{ expiresInDays: 1.5 }],
    [{ expiresInDays: null }],
    [{ name: '' }],
    [{ name: 'a\u202eb' }],
    [{ name: '=1+1' }],
    [{ name: 'x'.repeat(61) }],
  ])('refuses %j', async (changes) => {
    const cookie = api.cookieOf('admin');
    const answer = await api.ask('/api/tokens', { method: 'POST', cookie, body: { ...wish, ...changes } });
    expect(statusAndCode(answer)).toEqual([400, 'invalid']);
  });

  test('hands on nothing that one may not', async () => {
    const cookie = api.cookieOf('viewer');
    const answer = await api.ask('/api/tokens', { method: 'POST', cookie, body: wish });
    expect(statusAndCode(answer)).toEqual([403, 'forbidden']);
  });

  test('a program needs no origin, and acts in the name of its owner', async () => {
    await api.alerts.raise([detection()]);
    const { secret } = await makeToken();
    const id = (await api.alerts.snapshot(1)).alerts[0]?.id ?? '';
    const headers = { ...asToken(secret), host: 'siaga.example' };
    const answer = await api.ask(`/api/alerts/${id}/acknowledge`, { method: 'POST', headers });
    expect(answer.json).toMatchObject({ alert: { owner: 'anton' } });
  });

  test('a token with a cookie is refused, whichever is right', async () => {
    const { secret } = await makeToken();
    const cookie = api.cookieOf('analyst');
    for (const headers of [asToken(secret), asToken('siaga_api_wrong')])
      expect((await api.ask('/api/alerts', { cookie, headers })).status).toBe(401);
    expect((await api.ask('/api/alerts', { cookie })).status).toBe(200);
    expect(await audited()).toContain('token:refused|refused|token skrip|token|token skrip');
  });

  test.each([':key', '', '%00', '*', 'undefined', 'siaga_api_', 'siaga_api_%00'])(
    'the token %j is nobody',
    async (secret) => {
      await makeToken();
      for (const path of ['/api/alerts', '/api/session', '/api/tokens'])
        expect((await api.ask(path, { headers: asToken(secret) })).status).toBe(401);
      expect(
        (
          await api.ask(`/api/tokens/${encodeURIComponent(secret) || '%20'}`, {
            method: 'DELETE',
            cookie: api.cookieOf('analyst'),
          })
        ).status,
      ).toBe(404);
    },
  );

  test('of others are seen and ended by those who may end their sessions', async () => {
    const outsider = await addUser(api.desk.auth, 'bima', 'analyst');
    await api.desk.auth.updateUser('bima', { agency: 'BSSN' });
    expect(outsider).not.toBe('');
    const { token, secret } = await makeToken();
    const of = (name: string, role: 'lead' | 'admin' | 'analyst') =>
      api.ask(`/api/users/${name}/tokens`, { cookie: api.cookieOf(role) });
    expect((await of('anton', 'analyst')).status).toBe(403);
    expect((await of('bima', 'lead')).status).toBe(404);
    expect((await of('bima', 'admin')).status).toBe(200);
    expect((await of('nobody', 'admin')).status).toBe(404);
    expect(apiTokenListSchema.parse((await of('anton', 'lead')).json).tokens).toEqual([token]);
    const revoke = (name: string) =>
      api.ask(`/api/users/${name}/tokens/${token.id}`, { method: 'DELETE', cookie: api.cookieOf('lead') });
    expect((await revoke('bima')).status).toBe(404);
    expect((await revoke('vera')).status).toBe(404);
    expect((await revoke('anton')).status).toBe(204);
    expect((await api.ask('/api/alerts', { headers: asToken(secret) })).status).toBe(401);
    expect(await audited()).toEqual([
      'token:created|done|anton|web|token skrip',
      'token:revoked|done|lina|web|token skrip',
      'token:refused|refused||token|',
    ]);
  });

  test('refused ones are noted a few times only', async () => {
    for (let n = 0; n < 15; n += 1) await api.ask('/api/alerts', { headers: asToken(`siaga_api_${n}`) });
    await expect.poll(async () => (await audited()).length).toBe(10);
  });
});

describe('/api/walls', () => {
  test('makes an address whose token opens it once', async () => {
    const { token, id } = await makeWall();
    const opened = await openWall(token);
    const session = wallSessionSchema.parse(opened.json);
    expect(session).toMatchObject({
      name: 'Lobi',
      expiresAt: null,
      settings: { detail: 'titles' },
    });
    expect(opened.text).not.toContain('network');
    const cookie = cookieIn(opened);
    const own = await api.ask('/api/wall-session', { cookie });
    expect(wallSessionSchema.parse(own.json)).toEqual(session);
    expect(cookieIn(own)).toBe(cookie);
    expect(statusAndCode(await openWall(token))).toEqual([401, 'wrong-credentials']);
    const list = await api.ask('/api/walls', { cookie: api.cookieOf('admin') });
    expect(wallListSchema.parse(list.json).walls).toMatchObject([{ id, state: 'on', owner: 'admin' }]);
    expect(list.text).not.toContain(token);
    const revoked = await api.ask(`/api/walls/${id}`, { method: 'DELETE', cookie: api.cookieOf('admin') });
    expect(revoked.status).toBe(204);
    expect((await api.ask('/api/wall-session', { cookie })).status).toBe(401);
    expect((await api.ask('/api/trend', { cookie })).status).toBe(401);
    expect(await audited()).toEqual([
      'wall:created|done|admin|web|wall Lobi',
      'wall:exchanged|done|wall Lobi|wall|wall Lobi',
      'wall:refused|refused|wall Lobi|wall|wall Lobi',
      'wall:revoked|done|admin|web|wall Lobi',
    ]);
    expect(JSON.stringify([await audited(), api.log])).not.toContain(token);
  });

  test('is not opened by whoever is signed in, and not spent by trying', async () => {
    const { token } = await makeWall();
    expect(statusAndCode(await openWall(token, api.cookieOf('admin')))).toEqual([409, 'conflict']);
    expect((await openWall(token)).status).toBe(200);
  });

  test('a lead makes, sees and revokes those of the own agency', async () => {
    const { id } = await makeWall({}, api.cookieOf('lead'));
    await api.desk.auth.createUser({ name: 'budi', role: 'lead', agency: 'BSSN' });
    const of = async (role: 'lead' | 'admin') => {
      const answer = await api.ask('/api/walls', { cookie: api.cookieOf(role) });
      return wallListSchema.parse(answer.json).walls.map((each) => each.id);
    };
    expect([await of('lead'), await of('admin')]).toEqual([[id], [id]]);
    await api.desk.store.db.updateTable('tokens').set({ agency: 'BSSN' }).execute();
    expect([await of('lead'), await of('admin')]).toEqual([[], [id]]);
    const revoke = (role: 'lead' | 'admin' | 'analyst') =>
      api.ask(`/api/walls/${id}`, { method: 'DELETE', cookie: api.cookieOf(role) });
    expect([(await revoke('analyst')).status, (await revoke('lead')).status]).toEqual([403, 404]);
    expect((await revoke('admin')).status).toBe(204);
  });

  test.each([
    [{ detail: 'everything' }],
    [{ diagonalInch: 0 }],
    [{ diagonalInch: Number.NaN }],
    [{ distanceM: 1e9 }],
    [{ network: ['192.0.2.0'] }],
    [{ network: ['192.0.2.0/33'] }],
    [{ network: ['*'] }],
    [{ network: Array.from({ length: 9 }, () => '192.0.2.0/24') }],
    [{ expiresAt: 1 }],
    [{ name: 'a\u0000b' }],
  ])('refuses %j', async (changes) => {
    const body = { ...wall, ...changes };
    const answer = await api.ask('/api/walls', { method: 'POST', cookie: api.cookieOf('admin'), body });
    expect(statusAndCode(answer)).toEqual([400, 'invalid']);
  });

  test('a screen in another network sees nothing', async () => {
    const { token } = await makeWall({ network: ['192.0.2.0/24'] });
    expect(statusAndCode(await openWall(token))).toEqual([401, 'wrong-credentials']);
    const { cookie } = await hang({ network: ['127.0.0.0/8'] });
    expect((await api.ask('/api/trend', { cookie })).status).toBe(200);
    const settings = JSON.stringify({ ...wall, network: ['192.0.2.0/24'] });
    await api.desk.store.db.updateTable('tokens').set({ settings }).execute();
    const auth = await api.desk.restart();
    expect(auth.identify({ cookie, address: '127.0.0.1' })).toBeNull();
  });
});

describe.each(['figures', 'titles', 'full'] as const)('a wall that shows %s', (detail) => {
  test('may read what it is granted, and nothing else of all there is', async () => {
    const { cookie } = await hang({ detail });
    const may = new Set<string>(
      Object.keys(grantsOfWall).filter((permission) => detail !== 'figures' || permission !== 'alerts:read'),
    );
    const outcomes = [];
    for (const { method, path, access } of policyTable) {
      if (access === 'public' || access === 'token' || access === 'shell') continue;
      const target = path.replaceAll(/:[a-z]+|\*[a-z]+/g, 'none');
      const { status } = await api.ask(target, { method, cookie });
      const isLetIn = access === 'wall' || (method === 'GET' && may.has(access));
      outcomes.push({ method, path, ok: isLetIn ? ![401, 403].includes(status) : status === 403 });
    }
    expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(20);
  });
});

test('the token of a source or of metrics reads nothing of all there is', async () => {
  for (const authorization of ['Bearer token-of-a-source', 'ApiKey aWQ6dG9rZW4=', 'Basic dXNlcjp0b2tlbg==']) {
    for (const { method, path, access } of policyTable) {
      if (access === 'public' || access === 'token' || access === 'shell') continue;
      const target = path.replaceAll(/:[a-z]+|\*[a-z]+/g, 'none');
      const { status } = await api.ask(target, { method, headers: { authorization } });
      expect(status, `${method} ${path}`).toBe(401);
    }
  }
});

test('an answer that was long in the making does not reach whose token has ended meanwhile', async () => {
  let answer = (): void => undefined;
  const events = createMemoryEventStore([]);
  const asked = new Promise<void>((resolve) => {
    const loginSeries: EventStore['loginSeries'] = async (...range) => {
      resolve();
      await new Promise<void>((done) => void (answer = done));
      return events.loginSeries(...range);
    };
    slow = { ...events, loginSeries };
  });
  await api.close();
  api = await openApi({ eventStore: slow });
  const { token, secret } = await makeToken();
  const read = api.ask('/api/trend', { headers: asToken(secret) });
  await asked;
  await api.desk.auth.tokens.revoke('anton', token.id);
  answer();
  expect(statusAndCode(await read)).toEqual([401, 'unauthenticated']);
});

test('a token may what was handed on, and nothing else of all there is', async () => {
  const { secret } = await makeToken();
  const may = new Set<string>(wish.scopes);
  const known = new Set<string>(permissions);
  for (const { method, path, access } of policyTable) {
    if (!known.has(access) && access !== 'session' && access !== 'wall') continue;
    const target = path.replaceAll(/:[a-z]+|\*[a-z]+/g, 'none');
    const { status } = await api.ask(target, { method, headers: asToken(secret) });
    const expected = may.has(access);
    expect([401, 403].includes(status), `${method} ${path}`).toBe(!expected);
  }
});
