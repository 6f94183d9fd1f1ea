import type { Policy } from '../../../server/api/routes.ts';

/**
 * How the agencies of what a route tells or touches are seen: by a list in its answer, or by the address of an object of that
 * agency, which isn't found by those who may not.
 */
export type AgencyLook =
  | { readonly kind: 'list'; readonly agencies: (answer: unknown) => string[] }
  | { readonly kind: 'object'; readonly path: (agency: string) => string; readonly answers: number }
  /** Looked at in a test of its own, as asking changes something. */
  | { readonly kind: 'test'; readonly file: string };

/** One route: who may, an address to ask, and what those get who may. */
export interface RouteRow {
  /** `access: METHOD /path`, as the table has it: a change here is a change of who may do what. */
  readonly line: `${Policy['access']}: ${Policy['method']} /${string}`;
  readonly ask: string;
  readonly body?: unknown;
  /** Status for those who are let in, with the code where it is another refusal. */
  readonly answers: number | `${number} ${string}`;
  /** Due where a role may for its own agency only. */
  readonly agency?: AgencyLook;
  /** It ends the session that asks. */
  readonly endsSession?: true;
  /** It ends the other sessions of its user; a test of its own asks as those who may. */
  readonly endsOthers?: true;
}

const range = 'from=0&to=2000';
const agenciesIn =
  (list: string) =>
  (answer: unknown): string[] =>
    (answer as Record<string, { agency: string }[]>)[list]?.map(({ agency }) => agency) ?? [];

/** A lead of that agency, who is a user of the matrix. */
const leadOf = (agency: string): string => (agency === 'KPU' ? 'mx-lead' : 'mx-other-lead');

const shell = (line: RouteRow['line'], ask: string): RouteRow => ({ line, ask, answers: 200 });

/** Every route that there is. */
export const routeRows: readonly RouteRow[] = [
  { line: 'public: GET /healthz', ask: '/healthz', answers: 200 },
  { line: 'public: GET /readyz', ask: '/readyz', answers: 200 },
  { line: 'public: POST /api/session', ask: '/api/session', body: {}, answers: 400 },
  { line: 'session: GET /api/session', ask: '/api/session', answers: 200 },
  { line: 'session: DELETE /api/session', ask: '/api/session', answers: 200, endsSession: true },
  { line: 'session: POST /api/session/password', ask: '/api/session/password', body: {}, answers: 400 },
  {
    line: 'users:read: GET /api/users',
    ask: '/api/users',
    answers: 200,
    agency: { kind: 'list', agencies: agenciesIn('users') },
  },
  { line: 'session: GET /api/session/second-factor', ask: '/api/session/second-factor', answers: 200 },
  {
    line: 'session: POST /api/session/second-factor',
    ask: '/api/session/second-factor',
    body: {},
    answers: 400,
  },
  {
    line: 'session: DELETE /api/session/second-factor',
    ask: '/api/session/second-factor',
    body: {},
    answers: 400,
  },
  {
    line: 'session: POST /api/session/second-factor/confirm',
    ask: '/api/session/second-factor/confirm',
    body: {},
    answers: 400,
  },
  {
    line: 'session: POST /api/session/recovery-codes',
    ask: '/api/session/recovery-codes',
    body: {},
    answers: 400,
  },
  { line: 'session: GET /api/session/list', ask: '/api/session/list', answers: 200 },
  { line: 'session: DELETE /api/session/list/:id', ask: '/api/session/list/0123456789abcdef', answers: 404 },
  {
    line: 'session: DELETE /api/session/others',
    ask: '/api/session/others',
    answers: 200,
    endsOthers: true,
  },
  { line: 'public: GET /api/oidc', ask: '/api/oidc', answers: 200 },
  { line: 'public: GET /api/oidc/begin', ask: '/api/oidc/begin', answers: 404 },
  { line: 'public: GET /api/oidc/callback', ask: '/api/oidc/callback', answers: 404 },
  { line: 'public: GET /api/oidc/signed-out', ask: '/api/oidc/signed-out', answers: 404 },
  { line: 'public: POST /api/oidc/back-channel', ask: '/api/oidc/back-channel', body: {}, answers: 415 },
  { line: 'public: POST /api/wall-session', ask: '/api/wall-session', body: {}, answers: 400 },
  { line: 'wall: GET /api/wall-session', ask: '/api/wall-session', answers: '401 unauthenticated' },
  {
    line: 'walls:manage: GET /api/walls',
    ask: '/api/walls',
    answers: 200,
    agency: { kind: 'test', file: 'tests/server/api/tokens.test.ts' },
  },
  {
    line: 'walls:manage: POST /api/walls',
    ask: '/api/walls',
    body: {},
    answers: 400,
    agency: { kind: 'test', file: 'tests/server/api/tokens.test.ts' },
  },
  {
    line: 'walls:manage: DELETE /api/walls/:id',
    ask: '/api/walls/none',
    answers: 404,
    agency: { kind: 'test', file: 'tests/server/api/tokens.test.ts' },
  },
  { line: 'tokens:own: GET /api/tokens', ask: '/api/tokens', answers: 200 },
  { line: 'tokens:own: POST /api/tokens', ask: '/api/tokens', body: {}, answers: 400 },
  { line: 'tokens:own: DELETE /api/tokens/:id', ask: '/api/tokens/none', answers: 404 },
  {
    line: 'sessions:manage: GET /api/users/:name/tokens',
    ask: '/api/users/none/tokens',
    answers: 404,
    agency: { kind: 'object', path: (agency) => `/api/users/${leadOf(agency)}/tokens`, answers: 200 },
  },
  {
    line: 'sessions:manage: DELETE /api/users/:name/tokens/:id',
    ask: '/api/users/none/tokens/none',
    answers: 404,
    agency: { kind: 'test', file: 'tests/server/api/tokens.test.ts' },
  },
  {
    line: 'sessions:manage: GET /api/users/:name/sessions',
    ask: '/api/users/none/sessions',
    answers: 404,
    agency: { kind: 'object', path: (agency) => `/api/users/${leadOf(agency)}/sessions`, answers: 200 },
  },
  {
    line: 'sessions:manage: DELETE /api/users/:name/sessions',
    ask: '/api/users/none/sessions',
    answers: 404,
    agency: { kind: 'test', file: 'tests/server/api/identity.test.ts' },
  },
  {
    line: 'sessions:manage: DELETE /api/users/:name/sessions/:id',
    ask: '/api/users/none/sessions/0123456789abcdef',
    answers: 404,
    agency: { kind: 'test', file: 'tests/server/api/identity.test.ts' },
  },
  {
    line: 'users:manage: DELETE /api/users/:name/second-factor',
    ask: '/api/users/none/second-factor',
    answers: 404,
  },
  {
    line: 'audit:read: GET /api/audit',
    ask: '/api/audit',
    answers: 200,
    agency: { kind: 'test', file: 'tests/server/api/audit.test.ts' },
  },
  {
    line: 'audit:read: GET /api/audit/head',
    ask: '/api/audit/head',
    answers: 200,
    agency: { kind: 'test', file: 'tests/server/api/audit.test.ts' },
  },
  {
    line: 'events:export: GET /api/events/export',
    ask: `/api/events/export?${range}&format=csv`,
    answers: 200,
  },
  { line: 'ledger:read: GET /api/limits', ask: '/api/limits', answers: 200 },
  { line: 'users:manage: POST /api/users', ask: '/api/users', body: {}, answers: 400 },
  { line: 'users:manage: PATCH /api/users/:name', ask: '/api/users/none', body: {}, answers: 404 },
  { line: 'users:manage: POST /api/users/:name/password', ask: '/api/users/none/password', answers: 404 },
  { line: 'alerts:read: GET /api/alerts', ask: '/api/alerts', answers: 200 },
  { line: 'alerts:read: GET /api/alerts/:id', ask: '/api/alerts/none', answers: 404 },
  {
    line: 'alerts:act: POST /api/alerts/:id/acknowledge',
    ask: '/api/alerts/none/acknowledge',
    answers: 404,
  },
  {
    line: 'alerts:act: POST /api/alerts/:id/close',
    ask: '/api/alerts/none/close',
    body: { verdict: 'false_positive', reason: 'tidak ada' },
    answers: 404,
  },
  { line: 'alerts:act: POST /api/alerts/:id/reopen', ask: '/api/alerts/none/reopen', answers: 404 },
  { line: 'events:read: GET /api/events', ask: `/api/events?${range}`, answers: 200 },
  { line: 'events:read: GET /api/events/histogram', ask: `/api/events/histogram?${range}`, answers: 200 },
  {
    line: 'events:read: GET /api/events/top',
    ask: `/api/events/top?${range}&field=siaga.source`,
    answers: 200,
  },
  { line: 'ledger:read: GET /api/ledger', ask: '/api/ledger?from=0&to=60000', answers: 200 },
  { line: 'live:read: GET /api/trend', ask: '/api/trend', answers: 200 },
  { line: 'parties:read: GET /api/parties', ask: '/api/parties', answers: 200 },
  { line: 'parties:read: GET /api/parties/:id', ask: '/api/parties/p1', answers: 200 },
  { line: 'token: POST /ingest/v1/:source', ask: '/ingest/v1/matrix', body: {}, answers: 200 },
  {
    line: 'token: POST /ingest/v1/:source/_bulk',
    ask: '/ingest/v1/matrix/_bulk',
    body: '{"create":{}}\n{"message":"a"}\n',
    answers: 200,
  },
  {
    line: 'token: POST /ingest/v1/:source/:index/_bulk',
    ask: '/ingest/v1/matrix/web/_bulk',
    body: '{"create":{}}\n{"message":"a"}\n',
    answers: 200,
  },
  {
    line: 'token: POST /ingest/v1/:source/v1/logs',
    ask: '/ingest/v1/matrix/v1/logs',
    body: {},
    answers: 200,
  },
  { line: 'token: GET /ingest/v1/:source/', ask: '/ingest/v1/matrix/', answers: 200 },
  { line: 'token: GET /ingest/v1/:source/*rest', ask: '/ingest/v1/matrix/_license', answers: 200 },
  { line: 'token: GET /metrics', ask: '/metrics', answers: 200 },
  shell('shell: GET /', '/'),
  shell('shell: GET /alerts', '/alerts'),
  shell('shell: GET /alerts/*rest', '/alerts/a/b'),
  shell('shell: GET /investigate', '/investigate'),
  shell('shell: GET /parties', '/parties'),
  shell('shell: GET /parties/*rest', '/parties/p1'),
  shell('shell: GET /sources', '/sources'),
  shell('shell: GET /wall', '/wall'),
  shell('shell: GET /walls', '/walls'),
  shell('shell: GET /account', '/account'),
  shell('shell: GET /users', '/users'),
  shell('shell: GET /audit', '/audit'),
];

/** Address of a row for an object of that agency. */
export const objectPath = (row: RouteRow, agency: string): string =>
  row.agency?.kind === 'object' ? row.agency.path(agency) : row.ask;
