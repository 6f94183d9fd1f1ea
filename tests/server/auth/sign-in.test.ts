import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { attemptWindowMs, maxPasswordAttempts } from '../../../server/auth/begin-session.ts';
import { maxAttemptsOfAddress, maxAttemptsOnName } from '../../../server/auth/sign-in.ts';
import { oneTimePasswordMs } from '../../../server/auth/user-desk.ts';
import { grantsOfRole } from '../../../shared/authority.ts';
import {
  addUser,
  claimAdmin,
  from,
  openAuth,
  ownPassword,
  sentBack,
  signIn,
  type AuthDesk,
} from './support.ts';

let desk: AuthDesk;
beforeEach(async () => {
  desk = await openAuth();
  await claimAdmin(desk.auth);
});
afterEach(() => desk.store.close());

const attempt = (
  changes: { name?: string; password?: string; address?: string; cookieHeader?: string } = {},
) =>
  desk.auth.signIn({
    name: 'admin',
    password: 'wrong',
    address: '198.51.100.7',
    userAgent: 'a browser',
    cookieHeader: undefined,
    ...changes,
  });
const codeOf = async (changes: Parameters<typeof attempt>[0]) => {
  const answer = await attempt(changes);
  return answer.ok ? 'ok' : answer.code;
};

describe('signing in', () => {
  test('opens a session in a cookie that scripts and other sites cannot use', async () => {
    const answer = await attempt({ password: ownPassword('admin') });
    if (!answer.ok) throw new Error(answer.code);
    expect(answer.value.cookie).toMatch(
      /^siaga_session=[A-Za-z0-9_-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(answer.value.session).toEqual({
      user: { name: 'admin', role: 'admin', agency: 'KPU' },
      grants: grantsOfRole.admin,
      due: null,
      expiresAt: desk.clock.now + 12 * 3_600_000,
    });
    expect(desk.auth.identify({ cookie: sentBack(answer.value.cookie) })).toMatchObject({
      name: 'admin',
      role: 'admin',
    });
    expect(desk.auth.sessionOf(desk.auth.identify({ cookie: sentBack(answer.value.cookie) })!)).toEqual(
      answer.value.session,
    );
  });

  test('marks the cookie for TLS only, bound to this host, where that is configured', async () => {
    const secure = await openAuth({ secureCookies: true });
    await claimAdmin(secure.auth);
    const answer = await secure.auth.signIn({
      name: 'admin',
      password: ownPassword('admin'),
      ...from,
      cookieHeader: undefined,
    });
    expect(answer.ok && answer.value.cookie).toMatch(/^__Host-siaga_session=.*; SameSite=Strict; Secure$/);
    const plain = answer.ok ? sentBack(answer.value.cookie).replace('__Host-', '') : '';
    expect(secure.auth.identify({ cookie: plain })).toBeNull();
    await secure.store.close();
  });

  test.each([
    ['a wrong password', { password: 'wrong' }],
    ['an empty password', { password: '' }],
    ['a name that nobody has', { name: 'nobody', password: ownPassword('admin') }],
    ['the name in other letters', { name: 'ADMIN', password: ownPassword('admin') }],
    ['a hostile name', { name: "admin' --", password: 'x' }],
  ])('is refused in the same words for %s', async (_name, changes) => {
    expect(await attempt(changes)).toEqual({
      ok: false,
      code: 'wrong-credentials',
      message: 'name or password is wrong',
    });
  });

  test('is refused in the same words for a disabled user with the right password', async () => {
    await addUser(desk.auth, 'budi', 'viewer');
    await desk.auth.updateUser('budi', { disabled: true });
    expect(await codeOf({ name: 'budi', password: ownPassword('budi') })).toBe('wrong-credentials');
  });

  test('takes about as long for a name that nobody has', async () => {
    const time = async (name: string) => {
      const times: number[] = [];
      for (let n = 0; n < 5; n += 1) {
        const began = performance.now();
        await attempt({ name, address: `198.51.100.${n}` });
        times.push(performance.now() - began);
      }
      return times.toSorted((a, b) => a - b)[2] ?? 0;
    };
    const [known, unknown] = [await time('admin'), await time('nobody')];
    expect(unknown).toBeGreaterThan(known / 8);
    expect(known).toBeGreaterThan(unknown / 8);
  });

  test('gives a new id each time, and ends the session that came with the request', async () => {
    const first = await signIn(desk.auth, 'admin');
    const ended: string[] = [];
    const key = desk.auth.identify({ cookie: first })?.sessionKey;
    desk.auth.onSessionEnded((sessionKey, reason) => ended.push(`${sessionKey} ${reason}`));
    const answer = await attempt({ password: ownPassword('admin'), cookieHeader: first });
    expect(answer.ok && sentBack(answer.value.cookie)).not.toBe(first);
    expect(desk.auth.identify({ cookie: first })).toBeNull();
    expect(ended).toEqual([`${key} signed-out`]);
  });

  test('does not adopt an id that the browser brought', async () => {
    const brought = `siaga_session=${'A'.repeat(43)}`;
    const answer = await attempt({ password: ownPassword('admin'), cookieHeader: brought });
    expect(answer.ok && sentBack(answer.value.cookie)).not.toBe(brought);
    expect(desk.auth.identify({ cookie: brought })).toBeNull();
  });

  test('is told in the list of users', async () => {
    desk.clock.now += 5_000;
    await signIn(desk.auth, 'admin');
    expect((await desk.auth.listUsers())[0]?.lastSignIn).toBe(desk.clock.now);
  });

  test('leaves no session for one who is disabled while the password is being checked', async () => {
    await addUser(desk.auth, 'budi', 'viewer');
    const racing = codeOf({ name: 'budi', password: ownPassword('budi') });
    const disabled = desk.auth.updateUser('budi', { disabled: true });
    expect(await racing).toBe('wrong-credentials');
    expect(await disabled).toMatchObject({ ok: true });
  });
});

describe('limits', () => {
  const fail = async (count: number, changes: Parameters<typeof attempt>[0]) => {
    for (let n = 0; n < count; n += 1) await attempt(changes);
  };

  test('stop one address on one name, and let it go on after a while', async () => {
    await fail(maxAttemptsOnName, {});
    expect(await codeOf({ password: ownPassword('admin') })).toBe('rate-limited');
    desk.clock.now += attemptWindowMs;
    expect(await codeOf({ password: ownPassword('admin') })).toBe('ok');
  });

  test('do not lock the user out at another address', async () => {
    await fail(maxAttemptsOnName, {});
    expect(await codeOf({ password: ownPassword('admin'), address: '203.0.113.8' })).toBe('ok');
  });

  test('stop one address that tries many names', async () => {
    for (let n = 0; n < maxAttemptsOfAddress; n += 1) await attempt({ name: `user-${n}` });
    expect(await codeOf({ name: 'someone-else' })).toBe('rate-limited');
    expect(await codeOf({ name: 'someone-else', address: '203.0.113.8' })).toBe('wrong-credentials');
  });

  test('count a whole IPv6 network as one', async () => {
    for (let n = 0; n < maxAttemptsOnName; n += 1) await attempt({ address: `2001:db8:1:2::${n}` });
    expect(await codeOf({ address: '2001:db8:1:2:ffff::1' })).toBe('rate-limited');
    expect(await codeOf({ address: '2001:db8:1:3::1' })).toBe('wrong-credentials');
  });

  test('are no way round for many at once', async () => {
    const codes = await Promise.all(Array.from({ length: maxAttemptsOnName + 5 }, () => codeOf({})));
    expect(codes.filter((code) => code === 'rate-limited')).toHaveLength(5);
  });

  test('do not count what was right', async () => {
    for (let n = 0; n < maxAttemptsOnName + 2; n += 1) {
      expect(await codeOf({ password: ownPassword('admin') })).toBe('ok');
    }
  });
});

describe('changing the password', () => {
  const change = (cookie: string, current: string, next: string) => {
    const identity = desk.auth.identify({ cookie });
    if (!identity) throw new Error('no session');
    return desk.auth.changePassword(identity, { current, next }, from);
  };
  const next = 'rahasia baru 99';

  test('ends all sessions of the user, and begins a new one', async () => {
    const [here, there] = [await signIn(desk.auth, 'admin'), await signIn(desk.auth, 'admin')];
    const other = await addUser(desk.auth, 'budi', 'viewer');
    const answer = await change(here, ownPassword('admin'), next);
    expect([here, there].map((cookie) => desk.auth.identify({ cookie }))).toEqual([null, null]);
    expect(answer.ok && desk.auth.identify({ cookie: sentBack(answer.value.cookie) })).toMatchObject({
      name: 'admin',
    });
    expect(desk.auth.identify({ cookie: other })).not.toBeNull();
    expect(await codeOf({ password: ownPassword('admin') })).toBe('wrong-credentials');
    expect(await codeOf({ password: next })).toBe('ok');
  });

  test.each([
    ['the current password is wrong', 'wrong', next, 'wrong-password'],
    ['it stays the same', ownPassword('admin'), ownPassword('admin'), 'weak-password'],
    ['the name is in it', ownPassword('admin'), 'The-ADMIN-password-1', 'weak-password'],
    ['it is one letter over and over', ownPassword('admin'), 'aaaaaaaaaaaaaaaa', 'weak-password'],
  ])('is refused when %s', async (_name, current, wanted, code) => {
    const cookie = await signIn(desk.auth, 'admin');
    expect(await change(cookie, current, wanted)).toMatchObject({ ok: false, code });
    expect(desk.auth.identify({ cookie })).not.toBeNull();
  });

  test('may be tried so often with a wrong one', async () => {
    const cookie = await signIn(desk.auth, 'admin');
    for (let n = 0; n < maxPasswordAttempts; n += 1) await change(cookie, 'wrong', next);
    expect(await change(cookie, ownPassword('admin'), next)).toMatchObject({ code: 'rate-limited' });
  });

  test('is asked for after a one-time password, which is then dead', async () => {
    const created = await desk.auth.createUser({ name: 'wati', role: 'analyst' });
    const once = created.ok ? created.value.oneTimePassword : '';
    const cookie = await signIn(desk.auth, 'wati', once);
    expect(desk.auth.identify({ cookie })).toMatchObject({ due: 'password' });
    const answer = await change(cookie, once, next);
    expect(answer.ok && answer.value.session.due).toBeNull();
    expect(await codeOf({ name: 'wati', password: once })).toBe('wrong-credentials');
  });

  test('comes too late once the one-time password has expired', async () => {
    const created = await desk.auth.createUser({ name: 'wati', role: 'analyst' });
    const once = created.ok ? created.value.oneTimePassword : '';
    desk.clock.now += oneTimePasswordMs;
    expect(await codeOf({ name: 'wati', password: once })).toBe('wrong-credentials');
  });
});
