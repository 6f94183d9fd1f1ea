import { beforeEach, describe, expect, test } from 'vitest';
import type { Auth, Identity } from '../../../server/auth/auth.ts';
import { attemptWindowMs } from '../../../server/auth/begin-session.ts';
import { maxAttemptsOfAddress } from '../../../server/auth/sign-in.ts';
import { createNetworks } from '../../../server/auth/networks.ts';
import type { CreateWall } from '../../../shared/api/tokens.ts';
import { claimAdmin, openAuth, ownPassword, sentBack, type AuthDesk } from './support.ts';

const address = '192.0.2.7';
let desk: AuthDesk;
let auth: Auth;
let admin: Identity;

const wish: CreateWall = {
  name: 'Ruang pantau',
  diagonalInch: 55,
  distanceM: 5,
  detail: 'titles',
  network: [],
  expiresAt: null,
};

async function open(secureCookies = false) {
  desk = await openAuth({ secureCookies });
  ({ auth } = desk);
  const identity = auth.identify({ cookie: await claimAdmin(auth) });
  if (!identity) throw new Error('no session');
  admin = identity;
}
beforeEach(() => open());

async function make(changes: Partial<CreateWall> = {}) {
  const created = await auth.walls.create(admin, { ...wish, ...changes });
  if (!created.ok) throw new Error(created.message);
  return created.value;
}
async function hang(changes: Partial<CreateWall> = {}) {
  const { wall, secret } = await make(changes);
  const { result } = await auth.walls.open(secret, address);
  if (!result.ok) throw new Error(result.code);
  return { wall, secret, cookie: sentBack(result.value.cookie), setCookie: result.value.cookie };
}
const stateOf = async (id: string) => (await auth.walls.list(null)).find((wall) => wall.id === id)?.state;

describe("a wall's token", () => {
  test('has 256 bits, says what it is, and is kept as its hash only, as its cookie is', async () => {
    const { secret, cookie } = await hang();
    expect(secret).toMatch(/^siaga_wall_[A-Za-z0-9_-]{43}$/);
    const rows = JSON.stringify(await desk.store.db.selectFrom('tokens').selectAll().execute());
    expect(rows).not.toContain(secret.slice('siaga_wall_'.length));
    expect(rows).not.toContain(cookie.split('=')[1]);
  });

  test('is exchanged once; every other exchange is refused in the same words', async () => {
    const { secret, wall } = await hang();
    const again = await auth.walls.open(secret, address);
    expect(again).toMatchObject({ reason: 'spent', wall: { id: wall.id }, result: { ok: false } });
    await auth.walls.revoke(wall.id, null);
    const { secret: expired } = await make({ expiresAt: desk.clock.now + 1_000 });
    const { secret: elsewhere } = await make({ network: ['198.51.100.0/24'] });
    desk.clock.now += 1_000;
    const wrong = [
      secret,
      expired,
      elsewhere,
      '',
      ':key',
      '%00',
      '*',
      'undefined',
      'siaga_wall_',
      elsewhere.slice(0, -1),
      elsewhere.replace('siaga_wall_', 'siaga_api_'),
    ];
    const answers = [];
    for (const token of wrong) answers.push((await auth.walls.open(token, address)).result);
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify(again.result)]),
    );
  });

  test('that two screens open at the same time makes one wall', async () => {
    const { secret } = await make();
    const both = await Promise.all([1, 2].map(() => auth.walls.open(secret, address)));
    expect(both.map(({ reason }) => reason).toSorted()).toEqual(['opened', 'spent']);
  });

  test('opened from outside its network is not spent', async () => {
    const { secret } = await make({ network: ['198.51.100.0/24', '2001:db8::/32'] });
    expect((await auth.walls.open(secret, address)).reason).toBe('network');
    expect((await auth.walls.open(secret, '198.51.100.9')).reason).toBe('opened');
  });

  test('lets nobody in by itself, nor as a program', async () => {
    const { secret } = await make();
    expect(auth.identify({ authorization: `Bearer ${secret}`, address })).toBeNull();
    expect(auth.identify({ cookie: `siaga_wall=${secret.slice('siaga_wall_'.length)}`, address })).toBeNull();
    expect(auth.identify({ cookie: `siaga_session=${secret.slice('siaga_wall_'.length)}` })).toBeNull();
  });

  test('can be guessed at only so often from one address', async () => {
    const guess = (from: string) => auth.walls.open('siaga_wall_nothing', from);
    for (let n = 0; n < maxAttemptsOfAddress; n += 1) expect((await guess(address)).reason).toBe('unknown');
    expect((await guess(address)).result).toMatchObject({ code: 'rate-limited' });
    expect((await guess('192.0.2.8')).reason).toBe('unknown');
    desk.clock.now += attemptWindowMs;
    expect((await guess(address)).reason).toBe('unknown');
  });
});

describe("a wall's cookie", () => {
  test('is for the browser and this site only', async () => {
    expect((await hang()).setCookie).toMatch(
      /^siaga_wall=[\w-]{43}; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    await open(true);
    expect((await hang()).setCookie).toMatch(/^__Host-siaga_wall=.*; SameSite=Strict; Secure$/);
  });

  test.each([
    ['figures', ['live:read']],
    ['titles', ['live:read', 'alerts:read']],
    ['full', ['live:read', 'alerts:read']],
  ] as const)('at the detail %s grants %j, and nothing personal', async (detail, grants) => {
    const { cookie, wall } = await hang({ detail });
    const identity = auth.identify({ cookie, address });
    expect(identity).toMatchObject({ kind: 'wall', sessionKey: wall.id, agency: 'KPU', due: null, detail });
    expect(Object.keys(identity?.grants ?? {})).toEqual(grants);
  });

  test('gives way to the session of a user', async () => {
    const { cookie } = await hang();
    const session = await desk.auth.signIn({
      name: 'admin',
      password: ownPassword('admin'),
      address,
      userAgent: '',
      cookieHeader: undefined,
    });
    if (!session.ok) throw new Error(session.code);
    expect(auth.identify({ cookie: `${cookie}; ${sentBack(session.value.cookie)}`, address })?.kind).toBe(
      'user',
    );
  });

  test('survives a restart, and ends with it revoked, at once and for good', async () => {
    const { cookie, wall } = await hang();
    auth = await desk.restart();
    expect(auth.identify({ cookie, address })?.name).toBe('Ruang pantau');
    expect(await stateOf(wall.id)).toBe('on');
    const ended: unknown[] = [];
    auth.onSessionEnded((...end) => ended.push(end));
    await auth.walls.revoke(wall.id, null);
    expect(ended).toEqual([[wall.id, 'revoked']]);
    expect(auth.identify({ cookie, address })).toBeNull();
    auth = await desk.restart();
    expect(auth.identify({ cookie, address })).toBeNull();
    expect(await stateOf(wall.id)).toBe('ended');
  });

  test('ends at its time', async () => {
    const { cookie, wall } = await hang({ expiresAt: desk.clock.now + 5_000 });
    desk.clock.now += 4_999;
    expect(auth.identify({ cookie, address })).not.toBeNull();
    desk.clock.now += 1;
    expect(auth.identify({ cookie, address })).toBeNull();
    expect(await stateOf(wall.id)).toBe('ended');
  });

  test('is good in its network only', async () => {
    const { cookie } = await hang({ network: ['192.0.2.0/29'] });
    expect(auth.identify({ cookie, address })).not.toBeNull();
    expect(auth.identify({ cookie, address: `::ffff:${address}` })).not.toBeNull();
    for (const other of ['192.0.2.8', '2001:db8::1', '', 'unknown', undefined])
      expect(auth.identify({ cookie, address: other }), other).toBeNull();
  });

  test('given twice is nobody', async () => {
    const { cookie } = await hang();
    expect(auth.identify({ cookie: `${cookie}; ${cookie}`, address })).toBeNull();
  });
});

describe('walls', () => {
  test('of one agency are not seen or revoked by another', async () => {
    const { wall } = await make();
    expect(await auth.walls.list('BSSN')).toEqual([]);
    expect(await auth.walls.revoke(wall.id, 'BSSN')).toBeNull();
    expect(await stateOf(wall.id)).toBe('waiting');
    expect((await auth.walls.revoke(wall.id, 'KPU'))?.id).toBe(wall.id);
  });

  test('end in the future, and not in a hundred years', async () => {
    for (const expiresAt of [desk.clock.now, desk.clock.now + 100 * 365 * 86_400_000])
      expect(await auth.walls.create(admin, { ...wish, expiresAt })).toMatchObject({ code: 'invalid' });
  });

  test('are not revoked by the id of an API token', async () => {
    const token = await auth.tokens.create(admin, { name: 'x', scopes: ['live:read'], expiresInDays: 1 });
    if (!token.ok) throw new Error(token.code);
    expect(await auth.walls.revoke(token.value.token.id, null)).toBeNull();
    expect(auth.identify({ authorization: `Bearer ${token.value.secret}` })).not.toBeNull();
  });
});

test.each([
  [['2001:db8::/32'], '2001:db8:1::5%eth0', true],
  [['2001:db8::/32'], '2001:db9::5', false],
  [['2001:db8::/32'], '192.0.2.1', false],
  [['192.0.2.1/32'], '192.0.2.1', true],
  [[], undefined, true],
])('%j holds %s: %s', (networks, client, inside) => {
  expect(createNetworks(networks)(client)).toBe(inside);
});
