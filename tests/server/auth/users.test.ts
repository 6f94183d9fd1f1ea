import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  oneTimePassword,
  createPasswords,
  maxHashing,
  maxHashingQueue,
} from '../../../server/auth/passwords.ts';
import { oneTimePasswordMs } from '../../../server/auth/user-desk.ts';
import { maxUsers } from '../../../server/auth/users.ts';
import { addUser, claimAdmin, openAuth, ownPassword, signIn, type AuthDesk } from './support.ts';

let desk: AuthDesk;
beforeEach(async () => {
  desk = await openAuth();
});
afterEach(() => desk.store.close());

describe('the first admin', () => {
  test('gets a one-time password that is long and readable', async () => {
    const first = await desk.auth.ensureFirstAdmin();
    expect(first?.name).toBe('admin');
    expect(first?.oneTimePassword).toMatch(/^([2-9a-km-np-z]{6}-){3}[2-9a-km-np-z]{6}$/);
    expect(
      desk.auth.identify({ cookie: await signIn(desk.auth, 'admin', first?.oneTimePassword) }),
    ).toMatchObject({
      role: 'admin',
      due: 'password',
    });
  });

  test('gets another at each start until it has a password of its own, and the old one is dead', async () => {
    const first = await desk.auth.ensureFirstAdmin();
    const cookie = await signIn(desk.auth, 'admin', first?.oneTimePassword);
    const second = await desk.auth.ensureFirstAdmin();
    expect(desk.auth.identify({ cookie })).toBeNull();
    await expect(signIn(desk.auth, 'admin', first?.oneTimePassword)).rejects.toThrow('wrong-credentials');
    desk.clock.now += oneTimePasswordMs;
    await expect(signIn(desk.auth, 'admin', second?.oneTimePassword)).rejects.toThrow('wrong-credentials');
    await claimAdmin(desk.auth);
    expect(await desk.auth.ensureFirstAdmin()).toBeNull();
    expect(await (await desk.restart()).ensureFirstAdmin()).toBeNull();
  });

  test('is not made again once another admin took over', async () => {
    await claimAdmin(desk.auth);
    await addUser(desk.auth, 'siti', 'admin');
    expect(await desk.auth.updateUser('admin', { disabled: true })).toMatchObject({ ok: true });
    expect(await desk.auth.ensureFirstAdmin()).toBeNull();
  });
});

describe('users', () => {
  beforeEach(() => claimAdmin(desk.auth));

  test('are created with a one-time password, and told without any secret', async () => {
    const created = await desk.auth.createUser({ name: 'budi', role: 'analyst' });
    const user = {
      name: 'budi',
      role: 'analyst',
      agency: 'KPU',
      secondFactor: false,
      disabled: false,
      createdAt: desk.clock.now,
      lastSignIn: null,
    };
    expect(created).toMatchObject({ ok: true, value: { user } });
    expect((await desk.auth.listUsers()).map((one) => one.name)).toEqual(['admin', 'budi']);
    expect((await desk.auth.listUsers())[1]).toEqual(user);
  });

  test('have a name of their own', async () => {
    await desk.auth.createUser({ name: 'budi', role: 'analyst' });
    expect(await desk.auth.createUser({ name: 'budi', role: 'admin' })).toMatchObject({ code: 'conflict' });
  });

  test('are at most so many', async () => {
    const row = await desk.store.db.selectFrom('users').selectAll().executeTakeFirstOrThrow();
    const more = Array.from({ length: maxUsers - 1 }, (_, n) => ({ ...row, name: `u${n}` }));
    for (const one of more) await desk.store.db.insertInto('users').values(one).execute();
    expect(await desk.auth.createUser({ name: 'budi', role: 'viewer' })).toMatchObject({
      code: 'limit-reached',
    });
  });

  test('that do not exist cannot be changed', async () => {
    expect(await desk.auth.updateUser('nobody', { disabled: true })).toMatchObject({ code: 'not-found' });
    expect(await desk.auth.resetPassword('nobody')).toMatchObject({ code: 'not-found' });
  });

  test('keep their sessions when nothing changed', async () => {
    const cookie = await addUser(desk.auth, 'budi', 'viewer');
    await desk.auth.updateUser('budi', { role: 'viewer', disabled: false });
    await desk.auth.updateUser('budi', {});
    expect(desk.auth.identify({ cookie })).not.toBeNull();
  });

  test('come back when they are enabled again, with the password they had', async () => {
    await addUser(desk.auth, 'budi', 'viewer');
    await desk.auth.updateUser('budi', { disabled: true });
    await desk.auth.updateUser('budi', { disabled: false, role: 'analyst' });
    expect(desk.auth.identify({ cookie: await signIn(desk.auth, 'budi') })).toMatchObject({
      role: 'analyst',
    });
  });

  test('get a one-time password for a forgotten one', async () => {
    const cookie = await addUser(desk.auth, 'budi', 'viewer');
    const reset = await desk.auth.resetPassword('budi');
    expect(desk.auth.identify({ cookie })).toBeNull();
    await expect(signIn(desk.auth, 'budi', ownPassword('budi'))).rejects.toThrow('wrong-credentials');
    const again = await signIn(desk.auth, 'budi', reset.ok ? reset.value.oneTimePassword : '');
    expect(desk.auth.identify({ cookie: again })).toMatchObject({ due: 'password' });
  });
});

describe('the last admin', () => {
  beforeEach(() => claimAdmin(desk.auth));

  test.each([
    ['disabled', { disabled: true }],
    ['demoted', { role: 'viewer' as const }],
  ])('is not %s', async (_name, changes) => {
    expect(await desk.auth.updateUser('admin', changes)).toMatchObject({ code: 'last-admin' });
    expect((await desk.auth.listUsers())[0]).toMatchObject({ role: 'admin', disabled: false });
    expect(await desk.auth.resetPassword('admin')).toMatchObject({ code: 'last-admin' });
  });

  test('is one still while the other never signed in or is disabled', async () => {
    await desk.auth.createUser({ name: 'siti', role: 'admin' });
    await addUser(desk.auth, 'wati', 'admin');
    await desk.auth.updateUser('wati', { disabled: true });
    expect(await desk.auth.updateUser('admin', { disabled: true })).toMatchObject({ code: 'last-admin' });
  });

  test('is left when two admins disable each other at once', async () => {
    await addUser(desk.auth, 'siti', 'admin');
    const answers = await Promise.all([
      desk.auth.updateUser('admin', { disabled: true }),
      desk.auth.updateUser('siti', { disabled: true }),
    ]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, false]);
  });
});

describe('passwords', () => {
  test('are hashed by argon2id with 19 MiB and 2 passes', async () => {
    await claimAdmin(desk.auth);
    const row = await desk.store.db.selectFrom('users').select('password_hash').executeTakeFirstOrThrow();
    expect(row.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  test('that are read off a screen use 32 letters evenly', () => {
    const bytes = (from: number) => (size: number) => Uint8Array.from({ length: size }, (_, n) => from + n);
    const letters = new Set(
      [oneTimePassword(bytes(0)), oneTimePassword(bytes(24))].join('').replaceAll('-', ''),
    );
    expect(letters.size).toBe(32);
  });

  test('wait their turn, and when too many wait, the next is told so', async () => {
    const passwords = await createPasswords();
    const tries = Array.from({ length: maxHashing + maxHashingQueue + 3 }, () => passwords.hash('x'));
    const answers = await Promise.all(tries);
    expect(answers.filter((answer) => !answer.ok)).toHaveLength(3);
    expect(await passwords.verify('x', null)).toEqual({ ok: true, value: false });
  });
});
