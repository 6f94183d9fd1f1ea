import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultSessionLimits } from '../../../server/auth/session-limits.ts';
import { maxSessionsPerUser } from '../../../server/auth/sessions.ts';
import { addUser, claimAdmin, openAuth, signIn, type AuthDesk } from './support.ts';

const { idleMs: sessionIdleMs, absoluteMs: sessionMaxAgeMs } = defaultSessionLimits;
let desk: AuthDesk;
let cookie = '';
let ended: [string, string][] = [];
beforeEach(async () => {
  desk = await openAuth();
  cookie = await claimAdmin(desk.auth);
  ended = [];
  desk.auth.onSessionEnded((key, reason) => ended.push([key, reason]));
});
afterEach(() => desk.store.close());

const keyOf = (header: string) =>
  createHash('sha256')
    .update(header.split('=')[1] ?? '')
    .digest('hex');

describe('a session', () => {
  test('is known by its cookie, among others too', () => {
    expect(desk.auth.identify({ cookie: `theme=dark; ${cookie}; lang=id` })).toMatchObject({ name: 'admin' });
  });

  test.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['no id', 'siaga_session='],
    ['a wrong id', `siaga_session=${'A'.repeat(43)}`],
    ['the wrong form', 'siaga_session=../../etc/passwd'],
    ['a name that only ends the same', `x-siaga_session=${'A'.repeat(43)}`],
    ['a prototype', 'siaga_session=__proto__'],
  ])('is not known by %s', (_name, header) => {
    expect(desk.auth.identify({ cookie: header })).toBeNull();
  });

  test('is not known by its cookie sent twice: one of them was planted', () => {
    expect(desk.auth.identify({ cookie: `${cookie}; ${cookie}` })).toBeNull();
    expect(desk.auth.identify({ cookie: `siaga_session=${'A'.repeat(43)}; ${cookie}` })).toBeNull();
  });

  test('is stored by its hash only', async () => {
    const rows = await desk.store.db.selectFrom('sessions').select('key').execute();
    expect(rows).toEqual([{ key: keyOf(cookie) }]);
    expect(desk.auth.identify({ cookie })?.sessionKey).toBe(keyOf(cookie));
  });

  test('cannot be used by its stored hash', () => {
    expect(desk.auth.identify({ cookie: `siaga_session=${keyOf(cookie)}` })).toBeNull();
  });

  test('outlives a restart', async () => {
    const again = await desk.restart();
    expect(again.identify({ cookie })).toEqual(desk.auth.identify({ cookie }));
  });
});

describe('its end', () => {
  test('comes when it was not used for a while; being asked about is no use', () => {
    for (let hour = 1; hour <= 11; hour += 1) {
      desk.clock.now += 3_600_000;
      expect(desk.auth.identify({ cookie })).not.toBeNull();
    }
    desk.clock.now += 3_600_000;
    expect(desk.auth.identify({ cookie })).toBeNull();
    expect(ended).toEqual([[keyOf(cookie), 'expired']]);
  });

  test('is put off by use, but not beyond its age', () => {
    const until = desk.clock.now + sessionMaxAgeMs;
    for (;;) {
      const identity = desk.auth.identify({ cookie });
      if (!identity) break;
      desk.auth.touch(identity.sessionKey);
      expect(identity.expiresAt).toBeLessThanOrEqual(until);
      desk.clock.now += sessionIdleMs / 2;
    }
    expect(desk.clock.now).toBe(until);
  });

  test('does not come early or late when the clock jumps back', () => {
    desk.clock.now -= 3_600_000;
    const identity = desk.auth.identify({ cookie });
    desk.auth.touch(identity!.sessionKey);
    expect(desk.auth.identify({ cookie })?.expiresAt).toBe(identity?.expiresAt);
  });

  test('is told by a sweep too, and is for good', async () => {
    desk.clock.now += sessionIdleMs;
    desk.auth.sweep();
    expect(ended).toEqual([[keyOf(cookie), 'expired']]);
    desk.clock.now -= sessionIdleMs;
    expect(desk.auth.identify({ cookie })).toBeNull();
    await desk.auth.listUsers();
    expect(await desk.store.db.selectFrom('sessions').selectAll().execute()).toEqual([]);
  });

  test('comes with signing out, at once and on disk', async () => {
    const identity = desk.auth.identify({ cookie })!;
    const answer = await desk.auth.signOut(identity);
    expect(answer).toMatch(/^siaga_session=; Max-Age=0; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(desk.auth.identify({ cookie })).toBeNull();
    expect(ended).toEqual([[identity.sessionKey, 'signed-out']]);
    expect((await desk.restart()).identify({ cookie })).toBeNull();
  });

  test.each([
    ['the user is disabled', { disabled: true }],
    ['the role changes', { role: 'lead' as const }],
  ])('comes when %s, for all sessions of that user and no other', async (_name, changes) => {
    const first = await addUser(desk.auth, 'budi', 'viewer');
    const second = await signIn(desk.auth, 'budi');
    ended = [];
    await desk.auth.updateUser('budi', changes);
    expect(new Map(ended)).toEqual(new Map([first, second].map((one) => [keyOf(one), 'revoked'])));
    expect(ended).toHaveLength(2);
    expect([first, second, cookie].map((one) => desk.auth.identify({ cookie: one })?.name)).toEqual([
      undefined,
      undefined,
      'admin',
    ]);
    expect((await desk.restart()).identify({ cookie: first })).toBeNull();
  });

  test('comes to the one unused longest when a user has too many', async () => {
    desk.clock.now += 1_000;
    const cookies: string[] = [];
    for (let n = 0; n < maxSessionsPerUser; n += 1) cookies.push(await signIn(desk.auth, 'admin'));
    expect(ended).toEqual([[keyOf(cookie), 'revoked']]);
    expect(cookies.every((one) => desk.auth.identify({ cookie: one }) !== null)).toBe(true);
  });

  test('is told to every listener, though one throws', async () => {
    let heard = 0;
    desk.auth.onSessionEnded(() => {
      throw new Error('no');
    });
    const leave = desk.auth.onSessionEnded(() => (heard += 1));
    desk.auth.onSessionEnded(() => (heard += 1));
    leave();
    await desk.auth.signOut(desk.auth.identify({ cookie })!);
    expect(heard).toBe(1);
    expect(desk.faults).toHaveLength(1);
  });
});

test('use is written down now and then, so that a restart does not end a session in use', async () => {
  desk.clock.now += sessionIdleMs - 1_000;
  desk.auth.touch(keyOf(cookie));
  await desk.auth.listUsers();
  const again = await desk.restart();
  desk.clock.now += sessionIdleMs - 1_000;
  expect(again.identify({ cookie })).not.toBeNull();
});
