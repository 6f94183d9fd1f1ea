import { beforeEach, describe, expect, test } from 'vitest';
import type { Auth, Identity } from '../../../server/auth/auth.ts';
import { maxTokensPerUser } from '../../../server/auth/api-tokens.ts';
import { keptEndedMs } from '../../../server/auth/tokens.ts';
import type { TokenScope } from '../../../shared/authority.ts';
import { addUser, claimAdmin, openAuth, type AuthDesk } from './support.ts';

const dayMs = 86_400_000;
let desk: AuthDesk;
let auth: Auth;
let analyst: Identity;
let cookie = '';

beforeEach(async () => {
  desk = await openAuth();
  ({ auth } = desk);
  await claimAdmin(auth);
  cookie = await addUser(auth, 'anton', 'analyst');
  const identity = auth.identify({ cookie });
  if (!identity) throw new Error('no session');
  analyst = identity;
});

async function make(scopes: TokenScope[] = ['live:read', 'alerts:act'], expiresInDays = 30) {
  const created = await auth.tokens.create(analyst, { name: 'skrip', scopes, expiresInDays });
  if (!created.ok) throw new Error(created.code);
  return created.value;
}
const by = (token: string, others: { cookie?: string } = {}) =>
  auth.identify({ authorization: `Bearer ${token}`, ...others });

describe('an API token', () => {
  test('has 256 bits, says what it is, and is kept as its hash only', async () => {
    const { secret, token } = await make();
    expect(secret).toMatch(/^siaga_api_[A-Za-z0-9_-]{43}$/);
    const rows = await desk.store.db.selectFrom('tokens').selectAll().execute();
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(secret.slice('siaga_api_'.length));
    expect(rows[0]?.secret_hash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(await auth.tokens.list('anton'))).not.toContain(rows[0]?.secret_hash);
    expect(await auth.tokens.list('anton')).toEqual([token]);
  });

  test('may what was handed on, in the name of its owner, and no more', async () => {
    const { secret, token } = await make();
    expect(by(secret)).toEqual({
      kind: 'token',
      sessionKey: token.id,
      name: 'anton',
      role: 'analyst',
      agency: 'KPU',
      grants: { 'live:read': 'all', 'alerts:act': 'all' },
      due: null,
      expiresAt: desk.clock.now + 30 * dayMs,
    });
  });

  test('is told by the first letters of nothing', async () => {
    const { secret, token } = await make();
    const wrong = [
      '',
      ':key',
      '%00',
      '*',
      'undefined',
      'null',
      '[object Object]',
      'siaga_api_',
      'siaga_api_*',
      'siaga_api_undefined',
      token.id,
      secret.slice(0, -1),
      `${secret}A`,
      secret.toLowerCase(),
      secret.replace('siaga_api_', 'siaga_wall_'),
      secret.replace('siaga_api_', ''),
      `${secret}\0`,
      `${secret} ${secret}`,
      (await desk.store.db.selectFrom('tokens').select('secret_hash').executeTakeFirstOrThrow()).secret_hash,
    ];
    for (const each of wrong) expect(by(each), each).toBeNull();
    for (const header of ['', 'Bearer', 'Bearer ', `Basic ${secret}`, secret, `Bearer: ${secret}`])
      expect(auth.identify({ authorization: header }), header).toBeNull();
    expect(by(secret)).not.toBeNull();
  });

  test('comes without a cookie, right or wrong; the token of somebody else does not matter', async () => {
    const { secret } = await make();
    expect(by(secret, { cookie })).toBeNull();
    expect(by(secret, { cookie: 'theme=dark' })).toBeNull();
    expect(by('siaga_api_wrong', { cookie })).toBeNull();
    expect(by('eyJhbGciOi.of.a-proxy', { cookie })?.kind).toBe('user');
    expect(auth.identify({ cookie, authorization: 'Basic c2lhZ2E6' })?.kind).toBe('user');
  });

  test('ends when it is revoked, by its owner only, and says so', async () => {
    const { secret, token } = await make();
    const ended: unknown[] = [];
    auth.onSessionEnded((...end) => ended.push(end));
    expect(await auth.tokens.revoke('vera', token.id)).toBeNull();
    expect(await auth.tokens.revoke('anton', ':key')).toBeNull();
    expect(by(secret)).not.toBeNull();
    expect(await auth.tokens.revoke('anton', token.id)).toEqual(token);
    expect(by(secret)).toBeNull();
    expect(ended).toEqual([[token.id, 'revoked']]);
    expect(await auth.tokens.revoke('anton', token.id)).toBeNull();
    expect(await auth.tokens.list('anton')).toEqual([]);
  });

  test('ends at its time to the millisecond, is swept, and is forgotten in the end', async () => {
    const { secret, token } = await make(['live:read'], 1);
    const ended: unknown[] = [];
    auth.onSessionEnded((...end) => ended.push(end));
    desk.clock.now += dayMs - 1;
    expect(by(secret)).not.toBeNull();
    desk.clock.now += 1;
    auth.sweep();
    expect(ended).toContainEqual([token.id, 'expired']);
    expect(by(secret)).toBeNull();
    const count = async () => (await desk.store.db.selectFrom('tokens').select('id').execute()).length;
    expect(await count()).toBe(1);
    desk.clock.now += keptEndedMs + 1;
    auth.sweep();
    await expect.poll(count).toBe(0);
  });

  test('survives a restart, and its end does too', async () => {
    const [kept, gone] = [await make(), await make()];
    await auth.tokens.revoke('anton', gone.token.id);
    auth = await desk.restart();
    expect(by(kept.secret)?.name).toBe('anton');
    expect(by(gone.secret)).toBeNull();
  });

  test('is written down as used at most once a minute', async () => {
    const { token } = await make();
    const used = async () => (await auth.tokens.list('anton'))[0]?.usedAt;
    desk.clock.now += 1;
    const first = desk.clock.now;
    auth.touch(token.id);
    await expect.poll(used).toBe(first);
    desk.clock.now += 59_000;
    auth.touch(token.id);
    desk.clock.now += 1_000;
    auth.touch(token.id);
    await expect.poll(used).toBe(desk.clock.now);
  });

  test('is one of at most so many of its owner', async () => {
    for (let n = 0; n < maxTokensPerUser; n += 1) await make();
    const wish = { name: 'satu lagi', scopes: ['live:read' as const], expiresInDays: 1 };
    expect(await auth.tokens.create(analyst, wish)).toMatchObject({ ok: false, code: 'limit-reached' });
    const { tokens } = auth;
    await tokens.revoke('anton', (await tokens.list('anton'))[0]?.id ?? '');
    const both = await Promise.all([tokens.create(analyst, wish), tokens.create(analyst, wish)]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test('hands on nothing that its owner may not', async () => {
    const viewer = auth.identify({ cookie: await addUser(auth, 'vera', 'viewer') });
    if (!viewer) throw new Error('no session');
    const wish = { name: 'skrip', scopes: ['alerts:read' as const, 'alerts:act' as const], expiresInDays: 1 };
    expect(await auth.tokens.create(viewer, wish)).toMatchObject({ ok: false, code: 'forbidden' });
    expect(await auth.tokens.list('vera')).toEqual([]);
  });
});

describe('when its owner', () => {
  test.each([
    ['is demoted', () => auth.updateUser('anton', { role: 'viewer' }), { 'live:read': 'all' }],
    ['is disabled', () => auth.updateUser('anton', { disabled: true }), null],
  ])('%s, it has lost the same', async (_what, change, left) => {
    const { secret, token } = await make();
    const ended: unknown[] = [];
    auth.onSessionEnded((...end) => ended.push(end));
    await change();
    expect(by(secret)?.grants ?? null).toEqual(left);
    expect(ended).toContainEqual([token.id, 'revoked']);
  });

  test('is moved to an agency that sees nothing personal, neither does it', async () => {
    const { secret, token } = await make(['personal:read', 'live:read']);
    expect(by(secret)?.grants).toHaveProperty('personal:read');
    const ended: unknown[] = [];
    auth.onSessionEnded((...end) => ended.push(end));
    await auth.updateUser('anton', { agency: 'BRIN' });
    expect(by(secret)).toMatchObject({ agency: 'BRIN', grants: { 'live:read': 'all' } });
    expect(by(secret)?.grants).not.toHaveProperty('personal:read');
    expect(ended).toContainEqual([token.id, 'revoked']);
  });

  test('must change the password, it may nothing until that is done', async () => {
    const { secret } = await make();
    await auth.resetPassword('anton');
    expect(by(secret)?.due).toBe('password');
    auth = await desk.restart();
    expect(by(secret)?.due).toBe('password');
  });

  test('is promoted, it may no more than was handed on', async () => {
    const { secret } = await make();
    await auth.updateUser('anton', { role: 'admin' });
    expect(Object.keys(by(secret)?.grants ?? {})).toEqual(['live:read', 'alerts:act']);
  });
});
