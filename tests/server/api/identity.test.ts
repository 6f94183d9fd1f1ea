import { generateSync } from 'otplib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { userDirectorySchema } from '../../../shared/api/schemas.ts';
import {
  enrolledSchema,
  enrolmentSchema,
  factorStateSchema,
  sessionListSchema,
} from '../../../shared/api/sessions.ts';
import { ownPassword, sentBack } from '../auth/support.ts';
import { openApi, type Answer, type ApiDesk } from './support.ts';

let api: ApiDesk;
beforeEach(async () => {
  api = await openApi();
});
afterEach(() => api.close());

const cookieIn = (answer: Answer): string => sentBack(answer.headers['set-cookie']?.[0] ?? '');
const codeIn = (answer: Answer): string => (answer.json as { error: { code: string } }).error.code;
const signIn = (body: object) => api.ask('/api/session', { method: 'POST', body });
const codeOf = (secret: string) => generateSync({ secret, epoch: Math.floor(api.desk.clock.now / 1_000) });
const notes = async () => {
  const rows = await api.desk.store.db
    .selectFrom('audit')
    .selectAll()
    .where('action', '!=', 'request:refused')
    .orderBy('seq')
    .execute();
  return rows.map(({ actor, action, outcome, target }) => [actor, action, outcome, target].join(' ').trim());
};
const whoIs = async (cookie: string) => (await api.ask('/api/session', { cookie })).status;

async function enrol(cookie: string, current: string): Promise<{ secret: string; answer: Answer }> {
  const path = '/api/session/second-factor';
  const begun = await api.ask(path, { method: 'POST', cookie, body: { current } });
  const { secret } = enrolmentSchema.parse(begun.json);
  const code = codeOf(secret);
  return { secret, answer: await api.ask(`${path}/confirm`, { method: 'POST', cookie, body: { code } }) };
}

describe('a second factor', () => {
  test('is enrolled, asked for at the next sign-in, and each step is noted without a secret', async () => {
    const { secret, answer } = await enrol(api.cookieOf('analyst'), ownPassword('anton'));
    const { recoveryCodes } = enrolledSchema.parse(answer.json);
    expect(await whoIs(api.cookieOf('analyst'))).toBe(401);
    const cookie = cookieIn(answer);
    const state = factorStateSchema.parse((await api.ask('/api/session/second-factor', { cookie })).json);
    expect(state).toMatchObject({ enrolled: true, recoveryCodesLeft: 10, required: false });

    const who = { name: 'anton', password: ownPassword('anton') };
    const asked = await signIn(who);
    expect([asked.status, codeIn(asked)]).toEqual([401, 'code-required']);
    const wrong = await signIn({ ...who, code: '000000' });
    expect([wrong.status, codeIn(wrong)]).toEqual([401, 'wrong-code']);
    expect(codeIn(await signIn({ ...who, password: 'wrong', code: codeOf(secret) }))).toBe(
      'wrong-credentials',
    );
    expect((await signIn({ ...who, code: recoveryCodes[0] })).status).toBe(200);
    expect(await notes()).toEqual([
      'anton factor:begun done',
      'anton factor:enrolled done',
      'anton session:code-asked done',
      'anton session:refused refused',
      'anton session:refused refused',
      'anton session:begun done',
    ]);
    const written = JSON.stringify([
      await api.desk.store.db.selectFrom('audit').selectAll().execute(),
      api.log,
    ]);
    for (const hidden of [secret, who.password, ...recoveryCodes]) expect(written).not.toContain(hidden);
  });

  test('is given up with password and code only', async () => {
    const { secret, answer } = await enrol(api.cookieOf('analyst'), ownPassword('anton'));
    const remove = (body: object) =>
      api.ask('/api/session/second-factor', { method: 'DELETE', cookie: cookieIn(answer), body });
    api.desk.clock.now += 30_000;
    expect(codeIn(await remove({ current: ownPassword('anton') }))).toBe('code-refused');
    expect(codeIn(await remove({ current: 'wrong', code: codeOf(secret) }))).toBe('wrong-password');
    const removed = await remove({ current: ownPassword('anton'), code: codeOf(secret) });
    expect(removed.status).toBe(200);
    expect(await whoIs(cookieIn(removed))).toBe(200);
  });

  test('of another is taken back by an admin, never the own one', async () => {
    await enrol(api.cookieOf('analyst'), ownPassword('anton'));
    const reset = (name: string) =>
      api.ask(`/api/users/${name}/second-factor`, { method: 'DELETE', cookie: api.cookieOf('admin') });
    expect((await reset('anton')).json).toMatchObject({ user: { secondFactor: false } });
    expect((await reset('admin')).status).toBe(403);
    expect((await reset('nobody')).status).toBe(404);
    const row = await api.desk.store.db
      .selectFrom('audit')
      .selectAll()
      .where('action', '=', 'factor:reset')
      .where('outcome', '=', 'done')
      .executeTakeFirstOrThrow();
    expect([row.actor, row.target, JSON.parse(row.detail)]).toEqual([
      'admin',
      'user anton',
      { before: { secondFactor: true }, after: { secondFactor: false } },
    ]);
  });
});

describe('sessions', () => {
  const listOf = async (path: string, cookie: string) =>
    sessionListSchema.parse((await api.ask(path, { cookie })).json).sessions;

  test('are listed to their user by an id that opens nothing', async () => {
    const cookie = api.cookieOf('viewer');
    const other = cookieIn(await signIn({ name: 'vera', password: ownPassword('vera') }));
    const sessions = await listOf('/api/session/list', cookie);
    expect(sessions.filter(({ current }) => current)).toHaveLength(1);
    expect(sessions).toHaveLength(2);
    const text = JSON.stringify(sessions);
    for (const header of [cookie, other]) {
      expect(text).not.toContain(header.split('=')[1] ?? 'none');
      expect(text).not.toContain(api.desk.auth.identify({ cookie: header })?.sessionKey ?? 'none');
    }
  });

  test('are ended one by one and all but the own, and tell open sockets at once', async () => {
    const cookie = api.cookieOf('viewer');
    const others = [];
    for (let n = 0; n < 3; n += 1)
      others.push(cookieIn(await signIn({ name: 'vera', password: ownPassword('vera') })));
    const ended: string[] = [];
    api.desk.auth.onSessionEnded((key) => ended.push(key.slice(0, 16)));
    const [first] = (await listOf('/api/session/list', cookie)).filter(({ current }) => !current);
    const path = `/api/session/list/${first?.id}`;
    expect((await api.ask(path, { method: 'DELETE', cookie })).status).toBe(204);
    expect(ended).toEqual([first?.id]);
    expect((await api.ask(path, { method: 'DELETE', cookie })).status).toBe(404);
    const rest = await api.ask('/api/session/others', { method: 'DELETE', cookie });
    expect(rest.json).toEqual({ ended: 2 });
    expect(await whoIs(cookie)).toBe(200);
    expect(await Promise.all(others.map(whoIs))).toEqual([401, 401, 401]);
  });

  test('of others cannot be ended through the own list', async () => {
    const [session] = await listOf('/api/session/list', api.cookieOf('admin'));
    const path = `/api/session/list/${session?.id}`;
    expect((await api.ask(path, { method: 'DELETE', cookie: api.cookieOf('viewer') })).status).toBe(404);
    expect(await whoIs(api.cookieOf('admin'))).toBe(200);
  });

  test('are managed by an admin for all, by a lead within the own agency, by nobody else', async () => {
    await api.desk.auth.updateUser('anton', { agency: 'BSSN' });
    const cookie = cookieIn(await signIn({ name: 'anton', password: ownPassword('anton') }));
    const end = (name: string, as: 'admin' | 'lead' | 'viewer') =>
      api.ask(`/api/users/${name}/sessions`, { method: 'DELETE', cookie: api.cookieOf(as) });
    expect((await end('anton', 'viewer')).status).toBe(403);
    expect((await end('anton', 'lead')).status).toBe(404);
    expect((await end('nobody', 'lead')).status).toBe(404);
    expect(await whoIs(cookie)).toBe(200);
    const [one] = await listOf('/api/users/anton/sessions', api.cookieOf('admin'));
    expect(one).toMatchObject({ current: false, factor: 'password', address: '127.0.0.1' });
    const path = `/api/users/anton/sessions/${one?.id}`;
    expect((await api.ask(path, { method: 'DELETE', cookie: api.cookieOf('admin') })).status).toBe(204);
    expect(await whoIs(cookie)).toBe(401);
    expect((await end('vera', 'lead')).json).toEqual({ ended: 1 });
    expect(await notes()).toEqual([
      'anton session:begun done',
      'admin session:ended done user anton',
      'lina sessions:ended done user vera',
    ]);
  });
});

describe('acts on users', () => {
  test('are noted with what was before and after, and refused ones with why', async () => {
    const cookie = api.cookieOf('admin');
    await api.ask('/api/users', { method: 'POST', cookie, body: { name: 'wati', role: 'viewer' } });
    await api.ask('/api/users/wati', { method: 'PATCH', cookie, body: { role: 'lead', agency: 'BIN' } });
    await api.ask('/api/users/wati/password', { method: 'POST', cookie });
    await api.ask('/api/users/admin', { method: 'PATCH', cookie, body: { disabled: true } });
    const rows = await api.desk.store.db
      .selectFrom('audit')
      .selectAll()
      .where('action', '!=', 'request:refused')
      .orderBy('seq')
      .execute();
    expect(
      rows.map(({ action, outcome, detail }) => [action, outcome, JSON.parse(detail) as unknown]),
    ).toEqual([
      ['user:created', 'done', { after: { role: 'viewer', agency: 'KPU' } }],
      [
        'user:updated',
        'done',
        { before: { role: 'viewer', agency: 'KPU' }, after: { role: 'lead', agency: 'BIN' } },
      ],
      ['password:reset', 'done', {}],
      ['user:updated', 'refused', { code: 'last-admin' }],
    ]);
  });

  test('begin with a list of those of the own agency, and of the agencies', async () => {
    await api.desk.auth.createUser({ name: 'wati', role: 'viewer', agency: 'BIN' });
    const listed = async (as: 'admin' | 'lead') =>
      userDirectorySchema.parse((await api.ask('/api/users', { cookie: api.cookieOf(as) })).json);
    expect((await listed('admin')).users.map(({ name }) => name)).toContain('wati');
    expect((await listed('lead')).users.map(({ name }) => name)).not.toContain('wati');
    expect((await listed('lead')).agencies[0]).toEqual({ id: 'KPU', name: 'Komisi Pemilihan Umum' });
  });
});

test('a flood of refusals by a limit is noted once a minute, and what is no name is not written down', async () => {
  await signIn({ name: 'My secret password!', password: 'x' });
  for (let n = 0; n < 14; n += 1) await signIn({ name: 'nobody', password: 'wrong' });
  const rows = await api.desk.store.db
    .selectFrom('audit')
    .selectAll()
    .where('action', '!=', 'request:refused')
    .orderBy('seq')
    .execute();
  expect(rows).toHaveLength(12);
  expect(rows[0]?.actor).toBe('');
  expect(rows.filter(({ detail }) => detail.includes('rate-limited'))).toHaveLength(1);
});
