import { beforeEach, describe, expect, test } from 'vitest';
import type { Auth, Identity } from '../../../server/auth/auth.ts';
import type { CreateWall } from '../../../shared/api/tokens.ts';
import { addUser, claimAdmin, openAuth, sentBack, type AuthDesk } from './support.ts';

const address = '192.0.2.7';
let desk: AuthDesk;
let auth: Auth;
let admin: Identity;
let lead: Identity;

const wish: CreateWall = {
  name: 'Ruang pantau',
  diagonalInch: 55,
  distanceM: 5,
  detail: 'full',
  network: [],
  expiresAt: null,
};

function who(cookie: string): Identity {
  const identity = auth.identify({ cookie });
  if (!identity) throw new Error('no session');
  return identity;
}

beforeEach(async () => {
  desk = await openAuth();
  ({ auth } = desk);
  admin = who(await claimAdmin(auth));
  lead = who(await addUser(auth, 'lina', 'lead'));
});

async function make(maker = admin, changes: Partial<CreateWall> = {}) {
  const created = await auth.walls.create(maker, { ...wish, ...changes });
  if (!created.ok) throw new Error(created.message);
  return created.value;
}
async function hang(maker = admin) {
  const { wall, secret } = await make(maker);
  const { result } = await auth.walls.open(secret, address);
  if (!result.ok) throw new Error(result.code);
  return { wall, cookie: sentBack(result.value.cookie) };
}
const listed = async (id: string) => (await auth.walls.list(null)).find((wall) => wall.id === id);

describe('a wall that is set otherwise', () => {
  test('keeps what was not named, tells what it was before, and is so after a restart', async () => {
    const { wall, cookie } = await hang();
    const changed = await auth.walls.change(wall.id, 'KPU', { detail: 'titles', name: 'Aula' });
    expect(changed?.before).toMatchObject({ name: 'Ruang pantau', settings: { detail: 'full' } });
    const after = { name: 'Aula', settings: { ...wall.settings, detail: 'titles' }, state: 'on' };
    expect(changed?.wall).toMatchObject(after);
    expect(await listed(wall.id)).toMatchObject(after);
    for (const each of [auth, await desk.restart()])
      expect(each.identify({ cookie, address })).toMatchObject({ name: 'Aula', detail: 'titles' });
  });

  test('is judged by its new networks at once, on screens and at its address', async () => {
    const { wall, cookie } = await hang();
    const { wall: waiting, secret } = await make();
    for (const { id } of [wall, waiting]) await auth.walls.change(id, null, { network: ['198.51.100.0/24'] });
    expect(auth.identify({ cookie, address })).toBeNull();
    expect(auth.identify({ cookie, address: '198.51.100.7' })?.kind).toBe('wall');
    expect((await auth.walls.open(secret, address)).reason).toBe('network');
    await auth.walls.change(waiting.id, null, { network: [] });
    expect((await auth.walls.open(secret, address)).reason).toBe('opened');
  });

  test('ends its sockets, but not for a name, nor for what it was already', async () => {
    const { wall } = await hang();
    const ended: unknown[] = [];
    auth.onSessionEnded((...end) => ended.push(end));
    await auth.walls.change(wall.id, null, { name: 'Aula', detail: 'full', network: [], distanceM: 5 });
    expect(ended).toEqual([]);
    await auth.walls.change(wall.id, null, { detail: 'titles' });
    await auth.walls.change(wall.id, null, { network: ['192.0.2.0/24'] });
    await auth.walls.change(wall.id, null, { distanceM: 6 });
    expect(ended).toEqual([1, 2, 3].map(() => [wall.id, 'revoked']));
  });

  test('loses nothing when two change it at once', async () => {
    const { wall } = await hang();
    await Promise.all([
      auth.walls.change(wall.id, null, { detail: 'titles' }),
      auth.walls.change(wall.id, null, { diagonalInch: 65 }),
      auth.walls.change(wall.id, null, { network: ['192.0.2.0/24'] }),
    ]);
    const settings = { detail: 'titles', diagonalInch: 65, distanceM: 5, network: ['192.0.2.0/24'] };
    expect((await listed(wall.id))?.settings).toEqual(settings);
  });

  test('while its screen opens its address is not lost to that screen', async () => {
    const { wall, secret } = await make();
    const [opened] = await Promise.all([
      auth.walls.open(secret, address),
      auth.walls.change(wall.id, null, { detail: 'titles' }),
    ]);
    expect(opened.reason).toBe('opened');
    const cookie = opened.result.ok ? sentBack(opened.result.value.cookie) : '';
    expect(auth.identify({ cookie, address })).toMatchObject({ detail: 'titles' });
  });

  test('is not found in another agency, once it ended, or by the id of an API token', async () => {
    const { wall } = await hang();
    const detail = 'titles';
    expect(await auth.walls.change(wall.id, 'BSSN', { detail })).toBeNull();
    await auth.walls.revoke(wall.id, null);
    expect(await auth.walls.change(wall.id, null, { detail })).toBeNull();
    const { wall: short } = await make(admin, { expiresAt: desk.clock.now + 1_000 });
    desk.clock.now += 1_000;
    expect(await auth.walls.change(short.id, null, { detail })).toBeNull();
    const token = await auth.tokens.create(admin, { name: 'x', scopes: ['live:read'], expiresInDays: 1 });
    expect(await auth.walls.change(token.ok ? token.value.token.id : '', null, { name: 'y' })).toBeNull();
    expect((await listed(wall.id))?.settings.detail).toBe('full');
  });
});

describe('a wall and who made it', () => {
  test.each([
    ['is disabled', 'gone', { disabled: true }],
    ['becomes an analyst', 'without-rights', { role: 'analyst' }],
    ['moves to another agency as a lead', 'without-rights', { agency: 'BSSN' }],
    ['moves to another agency as an admin', 'in-charge', { agency: 'BSSN', role: 'admin' }],
    ['becomes an admin', 'in-charge', { role: 'admin' }],
  ] as const)('goes on when that user %s, and says: %s', async (_what, maker, changes) => {
    const { wall, cookie } = await hang(lead);
    expect(await listed(wall.id)).toMatchObject({ owner: 'lina', maker: 'in-charge' });
    const ended: unknown[] = [];
    auth.onSessionEnded((key) => void (key === wall.id && ended.push(key)));
    const changed = await auth.updateUser('lina', changes);
    expect(changed.ok).toBe(true);
    expect(await listed(wall.id)).toMatchObject({ owner: 'lina', maker, agency: 'KPU', state: 'on' });
    for (const each of [auth, await desk.restart()])
      expect(each.identify({ cookie, address })).toMatchObject({ kind: 'wall', agency: 'KPU' });
    expect(ended).toEqual([]);
  });

  test('goes on when that user is no user any more', async () => {
    const { wall, cookie } = await hang(lead);
    await desk.store.db.deleteFrom('sessions').where('user_name', '=', 'lina').execute();
    await desk.store.db.deleteFrom('users').where('name', '=', 'lina').execute();
    expect((await listed(wall.id))?.maker).toBe('gone');
    expect(auth.identify({ cookie, address })?.kind).toBe('wall');
  });

  test('whose address nobody opened yet waits until that user is in charge again', async () => {
    const { secret } = await make(lead);
    await auth.updateUser('lina', { disabled: true });
    expect(await auth.walls.open(secret, address)).toMatchObject({
      reason: 'maker-gone',
      result: { ok: false, code: 'wrong-credentials' },
    });
    await auth.updateUser('lina', { disabled: false, role: 'viewer' });
    expect((await auth.walls.open(secret, address)).reason).toBe('maker-gone');
    await auth.updateUser('lina', { role: 'lead' });
    expect((await auth.walls.open(secret, address)).reason).toBe('opened');
  });
});
