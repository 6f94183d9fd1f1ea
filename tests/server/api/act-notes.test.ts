import { backChannelPath } from '../../../server/auth/oidc/back-channel.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { policyTable } from '../../../server/api/routes.ts';
import type { AuditAction } from '../../../shared/audit-actions.ts';
import { createdTokenSchema, createdWallSchema } from '../../../shared/api/tokens.ts';
import { detection } from '../alerts/support.ts';
import { addUser, codeOf, enrol, ownPassword, sentBack, signIn } from '../auth/support.ts';
import { openApi, type Answer, type ApiDesk } from './support.ts';

let api: ApiDesk;
/** Of users who do something themselves. */
const cookies: Record<string, string> = {};
/** What earlier acts answered, for later ones. */
const kept: Record<string, string> = {};

const wall = { name: 'Lobi', diagonalInch: 55, distanceM: 5, detail: 'titles' };
const token = { name: 'skrip', scopes: ['live:read'], expiresInDays: 30 };

beforeAll(async () => {
  api = await openApi();
  const { auth } = api.desk;
  for (const name of ['dewi', 'eka', 'fajar']) cookies[name] = await addUser(auth, name, 'viewer');
  for (const name of ['eka', 'fajar']) cookies[`${name} again`] = await signIn(auth, name);
  const gita = await addUser(auth, 'gita', 'viewer');
  cookies['gita'] = sentBack((await enrol(api.desk, gita, 'gita')).answer.cookie);
  cookies['admin'] = api.cookieOf('admin');
  cookies['anton'] = api.cookieOf('analyst');
  await api.alerts.raise([detection({})]);
}, 60_000);
afterAll(() => api.close());

const post = (path: string, by: string, body?: unknown) => () =>
  api.ask(path, { method: 'POST', cookie: cookies[by], body: resolve(body) });
const remove = (path: string | (() => string), by: string, body?: unknown) => () =>
  api.ask(typeof path === 'string' ? path : path(), {
    method: 'DELETE',
    cookie: cookies[by],
    body: resolve(body),
  });
const resolve = (body: unknown): unknown => (typeof body === 'function' ? (body as () => unknown)() : body);

const sessionId = (name: string): string => {
  const identity = api.desk.auth.identify({ cookie: cookies[name] });
  return identity ? identity.sessionKey.slice(0, 16) : '';
};
const freshCode = (): string => {
  api.desk.clock.now += 30_000;
  return codeOf(api.desk, kept['secret'] ?? '');
};
const proof = (name: string) => () => ({ current: ownPassword(name), code: freshCode() });
const cookieIn = (answer: Answer): string => answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
const keepToken = (answer: Answer): void => {
  kept['token'] = createdTokenSchema.parse(answer.json).token.id;
};

interface Act {
  readonly line: string;
  readonly noted: AuditAction;
  readonly ask: () => Promise<Answer>;
  readonly after?: (answer: Answer) => void;
  /** It writes nothing but its note. */
  readonly isNoteOnly?: true;
}

/** Every route that changes something, in an order in which each finds what it takes. */
const acts: readonly Act[] = [
  {
    line: 'POST /api/session',
    noted: 'session:begun',
    ask: post('/api/session', '', { name: 'dewi', password: ownPassword('dewi') }),
  },
  {
    line: 'POST /api/users',
    noted: 'user:created',
    ask: post('/api/users', 'admin', { name: 'wati', role: 'viewer' }),
  },
  {
    line: 'PATCH /api/users/:name',
    noted: 'user:updated',
    ask: () =>
      api.ask('/api/users/fajar', { method: 'PATCH', cookie: cookies['admin'], body: { role: 'lead' } }),
  },
  {
    line: 'POST /api/users/:name/password',
    noted: 'password:reset',
    ask: post('/api/users/wati/password', 'admin'),
  },
  {
    line: 'DELETE /api/users/:name/second-factor',
    noted: 'factor:reset',
    ask: remove('/api/users/gita/second-factor', 'admin'),
  },
  {
    line: 'DELETE /api/session/list/:id',
    noted: 'session:ended',
    ask: remove(() => `/api/session/list/${sessionId('eka again')}`, 'eka'),
  },
  { line: 'DELETE /api/session/others', noted: 'sessions:ended', ask: remove('/api/session/others', 'dewi') },
  {
    line: 'DELETE /api/users/:name/sessions/:id',
    noted: 'session:ended',
    ask: remove(() => `/api/users/eka/sessions/${sessionId('eka')}`, 'admin'),
  },
  {
    line: 'POST /api/session/password',
    noted: 'password:changed',
    ask: post('/api/session/password', 'dewi', {
      current: ownPassword('dewi'),
      next: 'cempaka-kutilang-8-Rm3',
    }),
    after: (answer) => void (cookies['dewi'] = cookieIn(answer)),
  },
  { line: 'DELETE /api/session', noted: 'session:ended', ask: remove('/api/session', 'dewi') },
  {
    line: 'POST /api/tokens',
    noted: 'token:created',
    ask: post('/api/tokens', 'anton', token),
    after: keepToken,
  },
  {
    line: 'DELETE /api/tokens/:id',
    noted: 'token:revoked',
    ask: remove(() => `/api/tokens/${kept['token']}`, 'anton'),
  },
  {
    line: 'POST /api/tokens',
    noted: 'token:created',
    ask: post('/api/tokens', 'anton', token),
    after: keepToken,
  },
  {
    line: 'DELETE /api/users/:name/tokens/:id',
    noted: 'token:revoked',
    ask: remove(() => `/api/users/anton/tokens/${kept['token']}`, 'admin'),
  },
  {
    line: 'POST /api/walls',
    noted: 'wall:created',
    ask: post('/api/walls', 'admin', wall),
    after: (answer) => {
      const made = createdWallSchema.parse(answer.json);
      kept['wall'] = made.wall.id;
      kept['wall secret'] = made.address.split('#token=')[1] ?? '';
    },
  },
  {
    line: 'POST /api/wall-session',
    noted: 'wall:exchanged',
    ask: post('/api/wall-session', '', () => ({ token: kept['wall secret'] })),
    after: (answer) => void (cookies['wall'] = cookieIn(answer)),
  },
  {
    line: 'PATCH /api/walls/:id',
    noted: 'wall:changed',
    ask: () =>
      api.ask(`/api/walls/${kept['wall']}`, {
        method: 'PATCH',
        cookie: cookies['admin'],
        body: { name: 'Ruang satgas' },
      }),
  },
  {
    line: 'DELETE /api/walls/:id',
    noted: 'wall:revoked',
    ask: remove(() => `/api/walls/${kept['wall']}`, 'admin'),
  },
  {
    line: 'POST /api/session/second-factor',
    noted: 'factor:begun',
    ask: post('/api/session/second-factor', 'anton', { current: ownPassword('anton') }),
    after: ({ json }) => void (kept['secret'] = (json as { secret: string }).secret),
    isNoteOnly: true,
  },
  {
    line: 'POST /api/session/second-factor/confirm',
    noted: 'factor:enrolled',
    ask: post('/api/session/second-factor/confirm', 'anton', () => ({ code: freshCode() })),
    after: (answer) => void (cookies['anton'] = cookieIn(answer)),
  },
  {
    line: 'POST /api/session/second-factor',
    noted: 'factor:begun',
    ask: post('/api/session/second-factor', 'anton', proof('anton')),
  },
  {
    line: 'POST /api/session/recovery-codes',
    noted: 'recovery-codes:renewed',
    ask: post('/api/session/recovery-codes', 'anton', proof('anton')),
  },
  {
    line: 'DELETE /api/session/second-factor',
    noted: 'factor:removed',
    ask: remove('/api/session/second-factor', 'anton', proof('anton')),
    after: (answer) => void (cookies['anton'] = cookieIn(answer)),
  },
  {
    line: 'POST /api/alerts/:id/acknowledge',
    noted: 'alert:acknowledged',
    ask: post('/api/alerts/a1/acknowledge', 'anton'),
  },
  {
    line: 'POST /api/alerts/:id/close',
    noted: 'alert:closed',
    ask: post('/api/alerts/a1/close', 'anton', { verdict: 'benign', reason: 'a drill of ours' }),
  },
  {
    line: 'POST /api/alerts/:id/reopen',
    noted: 'alert:reopened',
    ask: post('/api/alerts/a1/reopen', 'anton'),
  },
  {
    line: 'DELETE /api/users/:name/sessions',
    noted: 'sessions:ended',
    ask: remove('/api/users/anton/sessions', 'admin'),
  },
];

test('every route that changes something is among the acts', () => {
  const changing = policyTable
    .filter(({ method, access }) => method !== 'GET' && access !== 'token')
    // Asked by a provider only: see tests/server/auth/oidc/back-channel.test.ts.
    .filter(({ path }) => path !== backChannelPath)
    .map(({ method, path }) => `${method} ${path}`);
  expect([...new Set(acts.map(({ line }) => line))].toSorted()).toEqual(changing.toSorted());
});

const kinds = ['insert', 'update', 'delete'] as const;
const changedTables = ['users', 'sessions', 'tokens', 'alerts'] as const;

/** Runs a task while the store refuses to write into these tables. */
async function refusing<T>(tables: readonly string[], task: () => Promise<T>): Promise<T> {
  const { db } = api.desk.store;
  const guards = tables.flatMap((table) =>
    kinds.map((kind) => ({ table, kind, name: `no_${kind}_${table}` })),
  );
  for (const { table, kind, name } of guards)
    await sql`create trigger ${sql.ref(name)} before ${sql.raw(kind)} on ${sql.ref(table)}
      begin select raise(abort, 'disk full'); end`.execute(db);
  try {
    return await task();
  } finally {
    for (const { name } of guards) await sql`drop trigger ${sql.ref(name)}`.execute(db);
  }
}

const rowsOf = (table: (typeof changedTables)[number]) =>
  api.desk.store.db.selectFrom(table).selectAll().execute();

/** All that an act could change: what is on disk, and who is let in by what is in memory. */
async function everything(): Promise<unknown> {
  const { auth } = api.desk;
  return {
    disk: await Promise.all(changedTables.map(rowsOf)),
    memory: Object.entries(cookies).map(([name, cookie]) => [name, auth.identify({ cookie })?.sessionKey]),
    ownTokens: await auth.tokens.list('anton'),
    news: await api.alerts.cursor(),
  };
}

/** The same, but for when sessions were used, which no act is asked to change. */
const withoutUse = (state: unknown): string =>
  JSON.stringify(state, (key, value: unknown) => (/^(last_)?used_?[aA]t$/.test(key) ? undefined : value));

const done = async (): Promise<string[]> => {
  const rows = await api.desk.store.db
    .selectFrom('audit')
    .select('action')
    .where('outcome', '=', 'done')
    .where('action', '!=', 'notes:lost')
    .orderBy('seq')
    .execute();
  return rows.map(({ action }) => action);
};

describe.sequential('an act and its note are kept together, or neither is', () => {
  test.each(acts)('$line, $noted', async ({ ask, noted, after, isNoteOnly }) => {
    const before = withoutUse(await everything());
    const notes = await done();

    expect((await refusing(['audit'], ask)).status).toBe(500);
    expect(withoutUse(await everything())).toBe(before);
    if (!isNoteOnly) {
      expect((await refusing(changedTables, ask)).status).toBe(500);
      expect(withoutUse(await everything())).toBe(before);
    }
    expect(await done()).toEqual(notes);

    const answer = await ask();
    expect(answer.status, answer.text).toBeLessThan(300);
    expect(await done()).toEqual([...notes, noted]);
    if (!isNoteOnly) expect(withoutUse(await everything())).not.toBe(before);
    after?.(answer);
  });
});
