import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type * as z from 'zod/mini';
import { defaultLimits } from '../../../server/limits/limits.ts';
import type { EventStore } from '../../../server/store/events/event-store.ts';
import {
  alertAnswerSchema,
  alertDetailSchema,
  alertListSchema,
  createdUserSchema,
  errorSchema,
  eventListSchema,
  histogramSchema,
  partyDetailSchema,
  partyListSchema,
  sessionSchema,
  topValuesSchema,
  userListSchema,
} from '../../../shared/api/schemas.ts';
import { loginSeriesSchema, type Frame } from '../../../shared/live/frame.ts';
import { printQuery } from '../../../shared/query/event-query.ts';
import { detection } from '../alerts/support.ts';
import { ownPassword, signIn } from '../auth/support.ts';
import { createMemoryEventStore } from './memory-event-store.ts';
import { event, openApi, type ApiDesk, type ApiOptions, type Answer } from './support.ts';

let api: ApiDesk;
const open = async (options: ApiOptions = {}) => {
  api = await openApi(options);
};
afterEach(() => api.close());

const codeOf = (answer: Answer) => errorSchema.parse(answer.json).error.code;
const parsed = <T>(schema: z.ZodMiniType<T>, answer: Answer): T => {
  expect(answer.status).toBeLessThan(300);
  return schema.parse(answer.json);
};
const cookieIn = (answer: Answer) => answer.headers['set-cookie']?.[0]?.split(';')[0];

describe('/api/session', () => {
  beforeEach(() => open());

  test('signing in gives a cookie that GET knows and DELETE ends', async () => {
    const body = { name: 'vera', password: ownPassword('vera') };
    const answer = await api.ask('/api/session', { method: 'POST', body });
    const session = parsed(sessionSchema, answer);
    expect(session).toMatchObject({ user: { name: 'vera', role: 'viewer', agency: 'KPU' }, due: null });
    const cookie = cookieIn(answer);
    expect(parsed(sessionSchema, await api.ask('/api/session', { cookie })).user).toEqual(session.user);
    const ended = await api.ask('/api/session', { method: 'DELETE', cookie });
    expect(ended).toMatchObject({ status: 200, json: { leaveFor: null } });
    expect(ended.headers['set-cookie']?.[0]).toContain('Max-Age=0');
    expect((await api.ask('/api/session', { cookie })).status).toBe(401);
  });

  test('a refusal is the same for a wrong password and a wrong name, and sets no cookie', async () => {
    const refused = (name: string) =>
      api.ask('/api/session', { method: 'POST', body: { name, password: 'wrong' } });
    const [known, unknown] = [await refused('vera'), await refused('nobody')];
    expect(known.status).toBe(401);
    expect(unknown.text).toBe(known.text);
    expect(known.headers['set-cookie']).toBeUndefined();
  });

  test('too many attempts are refused by 429', async () => {
    let answer: Answer | undefined;
    for (let n = 0; n < 11; n += 1) {
      answer = await api.ask('/api/session', { method: 'POST', body: { name: 'vera', password: 'x' } });
    }
    expect(answer && [answer.status, codeOf(answer)]).toEqual([429, 'rate-limited']);
  });

  test('a changed password gives a new cookie, and the old one is dead', async () => {
    const cookie = api.cookieOf('viewer');
    const change = (next: string) =>
      api.ask('/api/session/password', {
        method: 'POST',
        cookie,
        body: { current: ownPassword('vera'), next },
      });
    expect(codeOf(await change('short'))).toBe('invalid');
    expect(codeOf(await change('vera-vera-vera-1'))).toBe('weak-password');
    const answer = await change('kalimat sandi baru 7');
    expect((await api.ask('/api/session', { cookie })).status).toBe(401);
    expect((await api.ask('/api/alerts', { cookie: cookieIn(answer) })).status).toBe(200);
  });

  test('what is logged names who and what, and holds no secret', async () => {
    const password = 'Kanari-Rahasia-1';
    const answer = await api.ask('/api/session', { method: 'POST', body: { name: 'vera', password } });
    expect(answer.status).toBe(401);
    const cookie = await signIn(api.desk.auth, 'vera');
    await api.ask('/api/session', { method: 'DELETE', cookie });
    expect(api.log.filter(({ level }) => level !== 'debug')).toMatchObject([
      {
        level: 'warn',
        event: 'session:refused',
        user: 'vera',
        address: '127.0.0.1',
        detail: 'wrong-credentials',
      },
      { level: 'info', event: 'session:ended', user: 'vera' },
    ]);
    expect(JSON.stringify(api.log)).not.toContain(password);
    expect(JSON.stringify(api.log)).not.toContain(cookie.split('=')[1]);
  });

  test('asking is use, so that a session in use does not end', async () => {
    const cookie = api.cookieOf('viewer');
    for (let n = 0; n < 3; n += 1) {
      api.desk.clock.now += 11 * 3_600_000;
      expect((await api.ask('/api/session', { cookie })).status).toBe(200);
    }
    api.desk.clock.now += 13 * 3_600_000;
    expect((await api.ask('/api/session', { cookie })).status).toBe(401);
  });
});

describe('/api/users', () => {
  beforeEach(() => open());
  const asAdmin = (path: string, method = 'GET', body?: unknown) =>
    api.ask(path, { method, cookie: api.cookieOf('admin'), ...(body === undefined ? {} : { body }) });

  test('creates, lists, changes and resets', async () => {
    const created = parsed(
      createdUserSchema,
      await asAdmin('/api/users', 'POST', { name: 'nina', role: 'viewer' }),
    );
    expect(created.user).toMatchObject({ name: 'nina', role: 'viewer', disabled: false });
    const { users } = parsed(userListSchema, await asAdmin('/api/users'));
    expect(users.map(({ name }) => name)).toEqual(['admin', 'anton', 'lina', 'nina', 'vera']);
    const updated = await asAdmin('/api/users/nina', 'PATCH', { role: 'lead' });
    expect(updated.json).toMatchObject({ user: { role: 'lead' } });
    const reset = parsed(createdUserSchema, await asAdmin('/api/users/nina/password', 'POST'));
    expect(reset.oneTimePassword).not.toBe(created.oneTimePassword);
  });

  test.each([
    ['/api/users', 'POST', { name: 'vera', role: 'viewer' }, 409, 'conflict'],
    ['/api/users', 'POST', { name: 'No Such Name', role: 'viewer' }, 400, 'invalid'],
    ['/api/users', 'POST', { name: 'nina', role: 'root' }, 400, 'invalid'],
    ['/api/users/nobody', 'PATCH', { disabled: true }, 404, 'not-found'],
    ['/api/users/admin', 'PATCH', { disabled: true }, 409, 'last-admin'],
    ['/api/users/admin', 'PATCH', { role: 'viewer' }, 409, 'last-admin'],
    ['/api/users/vera', 'PATCH', { disabled: 'yes' }, 400, 'invalid'],
  ])('%s %s %j is refused by %i', async (...[path, method, body, status, code]) => {
    const answer = await asAdmin(path, method, body);
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
  });

  test('a disabled user is out at once', async () => {
    await asAdmin('/api/users/vera', 'PATCH', { disabled: true });
    expect((await api.ask('/api/alerts', { cookie: api.cookieOf('viewer') })).status).toBe(401);
  });
});

describe('/api/alerts', () => {
  beforeEach(async () => {
    await open();
    await api.alerts.raise([detection(), detection({ id: 'd2', ruleId: 'scan' })]);
  });
  const asAnalyst = (path: string, method = 'GET', body?: unknown) =>
    api.ask(path, { method, cookie: api.cookieOf('analyst'), ...(body === undefined ? {} : { body }) });
  const close = { verdict: 'benign', reason: ' our own drill ' };

  test('lists by status, open ones unless it is told otherwise', async () => {
    await asAnalyst('/api/alerts/a1/close', 'POST', close);
    const ids = async (query: string) => {
      const { alerts, total } = parsed(alertListSchema, await asAnalyst(`/api/alerts${query}`));
      return [alerts.map(({ id }) => id).toSorted(), total];
    };
    expect(await ids('')).toEqual([['a2'], 1]);
    expect(await ids('?status=closed')).toEqual([['a1'], 1]);
    expect(await ids('?status=all&limit=1')).toEqual([['a1'], 2]);
  });

  test('takes an alert through its life in the name of who asked', async () => {
    const step = async (name: string, body?: unknown) =>
      parsed(alertAnswerSchema, await asAnalyst(`/api/alerts/a1/${name}`, 'POST', body)).alert;
    expect(await step('acknowledge')).toMatchObject({ status: 'acknowledged', owner: 'anton' });
    expect((await step('close', close)).closed).toMatchObject({ by: 'anton', reason: 'our own drill' });
    expect(await step('reopen')).toMatchObject({ status: 'acknowledged', closed: null });
    const detail = parsed(alertDetailSchema, await asAnalyst('/api/alerts/a1'));
    expect(detail.history.map(({ kind, actor }) => [kind, actor])).toEqual([
      ['raised', null],
      ['acknowledged', 'anton'],
      ['closed', 'anton'],
      ['reopened', 'anton'],
    ]);
  });

  test.each([
    ['/api/alerts/none/acknowledge', undefined, 404, 'not-found'],
    ['/api/alerts/a1/reopen', undefined, 409, 'conflict'],
    ['/api/alerts/a1/close', { verdict: 'benign' }, 400, 'invalid'],
    ['/api/alerts/a1/close', { verdict: 'benign', reason: '  a ' }, 400, 'invalid'],
    ['/api/alerts/a1/close', { verdict: 'whatever', reason: 'because' }, 400, 'invalid'],
    ['/api/alerts/a1/close', { verdict: 'benign', reason: 'x'.repeat(2_001) }, 400, 'invalid'],
  ])('%s is refused', async (path, body, status, code) => {
    const answer = await asAnalyst(path, 'POST', body);
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
  });
});

describe('/api/events', () => {
  const events = [
    event({ '@timestamp': 1_000, 'source.ip': '192.0.2.1', 'event.original': 'GET /a HTTP/1.1' }),
    event({ '@timestamp': 2_000, 'source.ip': '192.0.2.1', 'event.original': 'POST /masuk HTTP/1.1' }),
    event({
      '@timestamp': 3_000,
      'source.ip': '192.0.2.2',
      'event.action': 'user-login',
      'event.outcome': 'failure',
    }),
    event({ '@timestamp': 9_000, 'source.ip': '192.0.2.3', 'event.original': '<script>alert(1)</script>' }),
  ];
  const range = { from: 0, to: 9_000, filters: [], text: '' };
  const asAnalyst = (path: string) => api.ask(path, { cookie: api.cookieOf('analyst') });

  test('lists what matches, newest first, by pages', async () => {
    await open({ events });
    const ask = async (query: string) => parsed(eventListSchema, await asAnalyst(`/api/events?${query}`));
    const first = await ask(`${printQuery(range).toString()}&limit=2`);
    expect([first.events.map((one) => one['@timestamp']), first.total]).toEqual([[3_000, 2_000], 3]);
    const second = await ask(`${printQuery(range).toString()}&limit=2&before=${first.next}`);
    expect([second.events.map((one) => one['@timestamp']), second.next]).toEqual([[1_000], null]);
    const filters = [
      { field: 'source.ip', value: '192.0.2.1', exclude: false },
      { field: 'event.action', value: 'user-login', exclude: true },
    ] as const;
    const found = await ask(printQuery({ ...range, filters, text: 'MASUK' }).toString());
    expect(found.events.map((one) => one['@timestamp'])).toEqual([2_000]);
  });

  test('sends a hostile line as data that no browser takes for a page', async () => {
    await open({ events });
    const answer = await asAnalyst(
      `/api/events?${printQuery({ ...range, from: 9_000, to: 9_001 }).toString()}`,
    );
    expect(parsed(eventListSchema, answer).events[0]?.['event.original']).toBe('<script>alert(1)</script>');
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  });

  test('counts over time and by value', async () => {
    await open({ events });
    const query = printQuery({ ...range, to: 9_001 }).toString();
    const histogram = parsed(histogramSchema, await asAnalyst(`/api/events/histogram?${query}&buckets=3`));
    expect([histogram.failure, histogram.other]).toEqual([
      [1, 0, 0],
      [2, 0, 1],
    ]);
    const top = parsed(topValuesSchema, await asAnalyst(`/api/events/top?${query}&field=source.ip`));
    expect(top).toMatchObject({
      field: 'source.ip',
      distinct: 3,
      values: [{ value: '192.0.2.1', count: 2 }, {}, {}],
    });
  });

  test('a user has so many searches at once; others are not held up by it', async () => {
    const waiting: (() => void)[] = [];
    const memory = createMemoryEventStore(events);
    const eventStore: EventStore = {
      ...memory,
      list: (query, page) => new Promise((resolve) => waiting.push(() => resolve(memory.list(query, page)))),
    };
    await open({ eventStore });
    const path = `/api/events?${printQuery(range).toString()}`;
    const running = Array.from({ length: defaultLimits.searchesPerUser }, () => asAnalyst(path));
    await expect.poll(() => waiting.length).toBe(defaultLimits.searchesPerUser);
    const refused = await asAnalyst(path);
    expect([refused.status, codeOf(refused)]).toEqual([429, 'too-many-queries']);
    expect((await asAnalyst('/api/alerts')).status).toBe(200);
    const other = api.ask(path, { cookie: api.cookieOf('lead') });
    await expect.poll(() => waiting.length).toBe(defaultLimits.searchesPerUser + 1);
    for (const finish of waiting.splice(0)) finish();
    const statuses = (await Promise.all([...running, other])).map(({ status }) => status);
    expect(statuses).toEqual(statuses.map(() => 200));
    const again = asAnalyst(path);
    await expect.poll(() => waiting.length).toBe(1);
    waiting[0]?.();
    expect((await again).status).toBe(200);
  });

  test('a store that fails is told as no more than that, is logged, and holds no place', async () => {
    const failing: EventStore = {
      ...createMemoryEventStore([]),
      list: () => Promise.reject(new Error('DB::Exception at /secret/path: password=hunter2')),
    };
    await open({ eventStore: failing });
    for (let n = 0; n <= defaultLimits.searchesPerUser; n += 1) {
      const answer = await asAnalyst(`/api/events?${printQuery(range).toString()}`);
      expect([answer.status, answer.text]).toEqual([
        500,
        '{"error":{"code":"internal","message":"the server failed"}}',
      ]);
    }
    expect(api.log[0]).toMatchObject({ level: 'error', event: 'request:failed' });
  });
});

describe('/api/parties', () => {
  beforeEach(async () => {
    await open();
    const login = { at: 5_000, action: 'user-login', login: true } as const;
    await api.accounts.record([
      { ...login, party: 'p1', user: 'budi' },
      { ...login, party: 'unknown-1', user: 'eka' },
    ]);
  });
  const asAnalyst = (path: string) => api.ask(path, { cookie: api.cookieOf('analyst') });

  test('lists the register, who of it is present, and who is not in it', async () => {
    const { parties, unknown } = parsed(partyListSchema, await asAnalyst('/api/parties'));
    expect(parties.map(({ party, present, accounts }) => [party.id, present, accounts])).toEqual([
      ['p1', true, 1],
      ['p2', false, 0],
    ]);
    expect(unknown).toEqual(['unknown-1']);
  });

  test('tells the accounts of one, of an unknown one too', async () => {
    const detail = parsed(partyDetailSchema, await asAnalyst('/api/parties/p1'));
    expect(detail).toMatchObject({ party: { id: 'p1' }, present: true, accounts: [{ name: 'budi' }] });
    expect(parsed(partyDetailSchema, await asAnalyst('/api/parties/p2'))).toMatchObject({ present: false });
    expect(parsed(partyDetailSchema, await asAnalyst('/api/parties/unknown-1')).party).toBeNull();
    expect(codeOf(await asAnalyst('/api/parties/p9'))).toBe('not-found');
  });
});

describe('/api/parties with what is declared', () => {
  test('tells figures, reconciliation, life and what the bounds left out', async () => {
    await open({
      registeredAccounts: [
        { party: 'p1', user: 'budi', role: 'unggah', shared: true },
        { party: 'p1', user: 'siti', role: null, shared: false },
      ],
      frame: { partyFailures: { p1: 9 } } as unknown as Frame,
    });
    const now = api.desk.clock.now;
    const address = '203.0.113.9';
    await api.accounts.record({
      changes: [
        { party: 'p1', user: 'budi', at: now, action: 'user-login', login: true, address },
        { party: 'p1', user: 'eka', at: now, action: 'account-locked', login: false, by: 'budi' },
        { party: 'x1', user: 'zz', at: now, action: 'user-login', login: true, address },
      ],
      failures: [{ party: 'p1', user: 'budi', minute: Math.floor(now / 60_000) * 60_000, count: 4 }],
      leftOut: 7,
    });
    const asAnalyst = (path: string) => api.ask(path, { cookie: api.cookieOf('analyst') });
    const board = parsed(partyListSchema, await asAnalyst('/api/parties'));
    expect(board.parties[0]).toMatchObject({
      accounts: 2,
      registered: 2,
      verdict: 'differs',
      missing: 1,
      unknown: 1,
      present: false,
      due: true,
      lastLogin: now,
      failuresHour: 9,
      locked: 1,
      sessions: 1,
    });
    expect(board).toMatchObject({
      national: { registered: 2, present: 0 },
      aceh: { registered: 0, present: 0 },
      strangers: [{ id: 'x1', accounts: 1, sessions: 1, lastLogin: now }],
      overflow: 7,
    });
    const detail = parsed(partyDetailSchema, await asAnalyst('/api/parties/p1'));
    expect(detail).toMatchObject({
      present: false,
      reconciliation: { missing: ['siti'], unknown: ['eka'], differs: false },
      history: [{ account: 'eka', action: 'account-locked', by: 'budi', at: now }],
      historyTotal: 1,
      historyCut: false,
    });
    expect(detail.accounts.find(({ name }) => name === 'budi')).toMatchObject({
      failuresHour: 4,
      failuresDay: 4,
      lastLoginAddress: address,
      registered: true,
      shared: true,
    });
  });
});

describe('/api/trend', () => {
  test('is of the last 24 hours by five minutes, up to the running column', async () => {
    await open();
    const answer = await api.ask('/api/trend', { cookie: api.cookieOf('viewer') });
    const series = parsed(loginSeriesSchema, answer);
    const now = api.desk.clock.now;
    expect(series.bucketMs).toBe(300_000);
    expect(series.at).toHaveLength(288);
    expect(series.at.every((at) => at % 300_000 === 0)).toBe(true);
    expect(now - (series.at.at(-1) ?? 0)).toBeLessThan(300_000);
    expect(series.at.at(-1)).toBeLessThanOrEqual(now);
  });
});

describe('health', () => {
  test('is told to anybody; ready only when all parts are', async () => {
    await open();
    expect(await api.ask('/readyz')).toMatchObject({ status: 200, text: '{"status":"ready"}' });
    api.isReady.now = false;
    const answer = await api.ask('/readyz');
    expect([answer.status, codeOf(answer)]).toEqual([503, 'not-ready']);
    expect((await api.ask('/healthz')).status).toBe(200);
  });
});
