import type { Express } from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { policyTable, type Policy } from '../../../server/api/routes.ts';
import { errorSchema } from '../../../shared/api/schemas.ts';
import { grantsOfRole } from '../../../shared/authority.ts';
import { roles, type Role } from '../../../shared/role.ts';
import { openApi, type ApiDesk } from './support.ts';

let api: ApiDesk;
let onceOnly = '';
beforeAll(async () => {
  api = await openApi();
  const created = await api.desk.auth.createUser({ name: 'olga', role: 'admin' });
  const answer = await api.ask('/api/session', {
    method: 'POST',
    body: { name: 'olga', password: created.ok ? created.value.oneTimePassword : '' },
  });
  onceOnly = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
});
afterAll(() => api.close());

type Asker = Role | 'nobody' | 'one-time password';
const askers: Asker[] = ['nobody', 'one-time password', ...roles];

/** Status of a refusal by policy; `null` when it lets the asker in. */
function refusal({ access }: Policy, asker: Asker): number | null {
  if (access === 'public' || access === 'token' || access === 'shell') return null;
  if (asker === 'nobody') return 401;
  if (access === 'wall') return 403;
  if (access === 'session') return null;
  if (asker === 'one-time password') return 403;
  return grantsOfRole[asker][access] ? null : 403;
}

const cookieOf = (asker: Asker) =>
  asker === 'nobody' ? undefined : asker === 'one-time password' ? onceOnly : api.cookieOf(asker);

// Signing out would end the session for the cases after it; it has a test of its own.
const endsSession = ({ method, path }: Policy) => method === 'DELETE' && path === '/api/session';

const cases = policyTable.flatMap((policy) =>
  askers
    .filter((asker) => !endsSession(policy) || refusal(policy, asker) !== null)
    .map((asker) => ({ ...policy, policy, asker, status: refusal(policy, asker) })),
);

describe('the policy table', () => {
  test.each(cases)('$method $path asked by $asker', async ({ method, path, policy, asker, status }) => {
    const target = path.replaceAll(/:[a-z]+|\*[a-z]+/g, 'none');
    const answer = await api.ask(target, { method, cookie: cookieOf(asker) });
    if (status === null) {
      expect([401, 403]).not.toContain(answer.status);
      if (policy.access === 'shell') expect(answer.text).toContain('<title>Siaga</title>');
    } else {
      expect(answer.status).toBe(status);
      expect(errorSchema.safeParse(answer.json).success).toBe(true);
    }
  });

  test('lets in whom it should: a change here is a change of who may do what', () => {
    const lines = policyTable.map(({ method, path, access }) => `${access}: ${method} ${path}`);
    expect(lines.toSorted()).toEqual([
      'alerts:act: POST /api/alerts/:id/acknowledge',
      'alerts:act: POST /api/alerts/:id/close',
      'alerts:act: POST /api/alerts/:id/reopen',
      'alerts:read: GET /api/alerts',
      'alerts:read: GET /api/alerts/:id',
      'audit:read: GET /api/audit',
      'audit:read: GET /api/audit/head',
      'events:export: GET /api/events/export',
      'events:read: GET /api/events',
      'events:read: GET /api/events/histogram',
      'events:read: GET /api/events/top',
      'ledger:read: GET /api/ledger',
      'ledger:read: GET /api/limits',
      'live:read: GET /api/trend',
      'parties:read: GET /api/parties',
      'parties:read: GET /api/parties/:id',
      'public: GET /api/oidc',
      'public: GET /api/oidc/begin',
      'public: GET /api/oidc/callback',
      'public: GET /healthz',
      'public: GET /readyz',
      'public: POST /api/session',
      'public: POST /api/wall-session',
      'session: DELETE /api/session',
      'session: DELETE /api/session/list/:id',
      'session: DELETE /api/session/others',
      'session: DELETE /api/session/second-factor',
      'session: GET /api/session',
      'session: GET /api/session/list',
      'session: GET /api/session/second-factor',
      'session: POST /api/session/password',
      'session: POST /api/session/recovery-codes',
      'session: POST /api/session/second-factor',
      'session: POST /api/session/second-factor/confirm',
      'sessions:manage: DELETE /api/users/:name/sessions',
      'sessions:manage: DELETE /api/users/:name/sessions/:id',
      'sessions:manage: GET /api/users/:name/sessions',
      'sessions:manage: DELETE /api/users/:name/tokens/:id',
      'sessions:manage: GET /api/users/:name/tokens',
      'shell: GET /',
      'shell: GET /account',
      'shell: GET /alerts',
      'shell: GET /alerts/*rest',
      'shell: GET /audit',
      'shell: GET /investigate',
      'shell: GET /parties',
      'shell: GET /parties/*rest',
      'shell: GET /sources',
      'shell: GET /users',
      'shell: GET /wall',
      'shell: GET /walls',
      'token: GET /ingest/v1/:source/',
      'token: GET /ingest/v1/:source/*rest',
      'token: GET /metrics',
      'token: POST /ingest/v1/:source',
      'token: POST /ingest/v1/:source/:index/_bulk',
      'token: POST /ingest/v1/:source/_bulk',
      'token: POST /ingest/v1/:source/v1/logs',
      'users:manage: DELETE /api/users/:name/second-factor',
      'tokens:own: DELETE /api/tokens/:id',
      'tokens:own: GET /api/tokens',
      'tokens:own: POST /api/tokens',
      'users:manage: PATCH /api/users/:name',
      'users:manage: POST /api/users',
      'users:manage: POST /api/users/:name/password',
      'users:read: GET /api/users',
      'wall: GET /api/wall-session',
      'walls:manage: DELETE /api/walls/:id',
      'walls:manage: GET /api/walls',
      'walls:manage: POST /api/walls',
    ]);
  });

  test('names each route once', () => {
    const names = policyTable.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(names).size).toBe(names.length);
  });

  test('holds every route of the app, and no other', () => {
    expect(routesOf(api.app).toSorted()).toEqual(
      policyTable.map(({ method, path }) => `${method} ${path}`).toSorted(),
    );
  });

  test('has at most one parameter in a segment, so that no path is slow to match', () => {
    for (const { path } of policyTable) {
      for (const segment of path.split('/')) expect(segment).toMatch(/^([:*][a-z0-9_]*|[a-z0-9_-]*)$/);
    }
  });
});

interface Layer {
  route?: { path: string | string[]; methods: Record<string, boolean> };
}

/** What Express itself would answer, read from its router. */
function routesOf(app: Express): string[] {
  const { stack } = app.router as unknown as { stack: Layer[] };
  return stack.flatMap(({ route }) =>
    route === undefined
      ? []
      : [route.path]
          .flat()
          .flatMap((path) => Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${path}`)),
  );
}

describe('what is not in the table', () => {
  test.each([
    ['GET', '/api'],
    ['GET', '/api/nothing'],
    ['GET', '/api/session/'],
    ['GET', '/API/session'],
    ['PUT', '/api/session'],
    ['PATCH', '/api/session'],
    ['OPTIONS', '/api/session'],
    ['OPTIONS', '*'],
    ['TRACE', '/api/session'],
    ['DELETE', '/api/users/admin'],
    ['GET', '/api/alerts/a/b'],
    ['POST', '/ingest/v1'],
    ['GET', '/ingest/v1/web'],
    ['GET', '/metrics'],
    ['GET', '/server/main.ts'],
    ['GET', '/.secret'],
    ['GET', '/assets/'],
    ['GET', '/assets/..%2f..%2fpackage.json'],
    ['GET', '/..%5c..%5cpackage.json'],
    ['GET', '//evil.example/..'],
  ])('%s %s is not found, for an admin too', async (method, path) => {
    const answer = await api.ask(path, { method, cookie: api.cookieOf('admin') });
    expect(answer.status).toBe(404);
    expect(errorSchema.parse(answer.json).error.code).toBe('not-found');
    expect(answer.headers.allow).toBeUndefined();
  });
});
