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

type More = Partial<Omit<RouteRow, 'line' | 'answers'>>;

/** Asks for the path itself, for nothing that exists where it has a parameter. */
const row = (line: RouteRow['line'], answers: RouteRow['answers'], more: More = {}): RouteRow => ({
  line,
  ask: line.slice(line.indexOf('/')).replaceAll(/:\w+/g, 'none'),
  answers,
  ...more,
});

const empty = { body: {} };
const session = '0123456789abcdef';
const lookedAtIn = (file: string): More => ({ agency: { kind: 'test', file: `tests/server/api/${file}` } });
/** What is told of a user, who is of an agency. */
const ofUser = (what: string): More => ({
  agency: { kind: 'object', path: (agency) => `/api/users/${leadOf(agency)}/${what}`, answers: 200 },
});
const lines = { body: '{"create":{}}\n{"message":"a"}\n' };

/** Every route that there is. */
export const routeRows: readonly RouteRow[] = [
  row('public: GET /healthz', 200),
  row('public: GET /readyz', 200),
  row('public: POST /api/session', 400, empty),
  row('session: GET /api/session', 200),
  row('session: DELETE /api/session', 200, { endsSession: true }),
  row('session: POST /api/session/password', 400, empty),
  row('users:read: GET /api/users', 200, { agency: { kind: 'list', agencies: agenciesIn('users') } }),
  row('session: GET /api/session/second-factor', 200),
  row('session: POST /api/session/second-factor', 400, empty),
  row('session: DELETE /api/session/second-factor', 400, empty),
  row('session: POST /api/session/second-factor/confirm', 400, empty),
  row('session: POST /api/session/recovery-codes', 400, empty),
  row('session: GET /api/session/list', 200),
  row('session: DELETE /api/session/list/:id', 404, { ask: `/api/session/list/${session}` }),
  row('session: DELETE /api/session/others', 200, { endsOthers: true }),
  row('public: GET /api/oidc', 200),
  row('public: GET /api/oidc/begin', 404),
  row('public: GET /api/oidc/callback', 404),
  row('public: GET /api/oidc/signed-out', 404),
  row('public: POST /api/oidc/back-channel', 415, empty),
  row('public: POST /api/wall-session', 400, empty),
  row('wall: GET /api/wall-session', '401 unauthenticated'),
  row('walls:manage: GET /api/walls', 200, lookedAtIn('tokens.test.ts')),
  row('walls:manage: POST /api/walls', 400, { ...empty, ...lookedAtIn('tokens.test.ts') }),
  row('walls:manage: PATCH /api/walls/:id', 404, {
    body: { name: 'Lobi' },
    ...lookedAtIn('tokens.test.ts'),
  }),
  row('walls:manage: DELETE /api/walls/:id', 404, lookedAtIn('tokens.test.ts')),
  row('tokens:own: GET /api/tokens', 200),
  row('tokens:own: POST /api/tokens', 400, empty),
  row('tokens:own: DELETE /api/tokens/:id', 404),
  row('sessions:manage: GET /api/users/:name/tokens', 404, ofUser('tokens')),
  row('sessions:manage: DELETE /api/users/:name/tokens/:id', 404, lookedAtIn('tokens.test.ts')),
  row('sessions:manage: GET /api/users/:name/sessions', 404, ofUser('sessions')),
  row('sessions:manage: DELETE /api/users/:name/sessions', 404, lookedAtIn('identity.test.ts')),
  row('sessions:manage: DELETE /api/users/:name/sessions/:id', 404, {
    ask: `/api/users/none/sessions/${session}`,
    ...lookedAtIn('identity.test.ts'),
  }),
  row('users:manage: DELETE /api/users/:name/second-factor', 404),
  row('audit:read: GET /api/audit', 200, lookedAtIn('audit.test.ts')),
  row('audit:read: GET /api/audit/head', 200, lookedAtIn('audit.test.ts')),
  row('events:export: GET /api/events/export', 200, { ask: `/api/events/export?${range}&format=csv` }),
  row('ledger:read: GET /api/limits', 200),
  row('users:manage: POST /api/users', 400, empty),
  row('users:manage: PATCH /api/users/:name', 404, empty),
  row('users:manage: POST /api/users/:name/password', 404),
  row('alerts:read: GET /api/alerts', 200),
  row('alerts:read: GET /api/alerts/:id', 404),
  row('alerts:act: POST /api/alerts/:id/acknowledge', 404),
  row('alerts:act: POST /api/alerts/:id/close', 404, {
    body: { verdict: 'false_positive', reason: 'tidak ada' },
  }),
  row('alerts:act: POST /api/alerts/:id/reopen', 404),
  row('events:read: GET /api/events', 200, { ask: `/api/events?${range}` }),
  row('events:read: GET /api/events/histogram', 200, { ask: `/api/events/histogram?${range}` }),
  row('events:read: GET /api/events/top', 200, { ask: `/api/events/top?${range}&field=siaga.source` }),
  row('ledger:read: GET /api/ledger', 200, { ask: '/api/ledger?from=0&to=60000' }),
  row('live:read: GET /api/trend', 200),
  row('parties:read: GET /api/parties', 200),
  row('parties:read: GET /api/parties/:id', 200, { ask: '/api/parties/p1' }),
  row('token: POST /ingest/v1/:source', 200, { ask: '/ingest/v1/matrix', ...empty }),
  row('token: POST /ingest/v1/:source/_bulk', 200, { ask: '/ingest/v1/matrix/_bulk', ...lines }),
  row('token: POST /ingest/v1/:source/:index/_bulk', 200, { ask: '/ingest/v1/matrix/web/_bulk', ...lines }),
  row('token: POST /ingest/v1/:source/v1/logs', 200, { ask: '/ingest/v1/matrix/v1/logs', ...empty }),
  row('token: GET /ingest/v1/:source/', 200, { ask: '/ingest/v1/matrix/' }),
  row('token: GET /ingest/v1/:source/*rest', 200, { ask: '/ingest/v1/matrix/_license' }),
  row('token: GET /metrics', 200),
  row('shell: GET /', 200),
  row('shell: GET /alerts', 200),
  row('shell: GET /alerts/*rest', 200, { ask: '/alerts/a/b' }),
  row('shell: GET /investigate', 200),
  row('shell: GET /parties', 200),
  row('shell: GET /parties/*rest', 200, { ask: '/parties/p1' }),
  row('shell: GET /sources', 200),
  row('shell: GET /wall', 200),
  row('shell: GET /walls', 200),
  row('shell: GET /account', 200),
  row('shell: GET /users', 200),
  row('shell: GET /audit', 200),
];

/** Address of a row for an object of that agency. */
export const objectPath = ({ agency: look, ask }: RouteRow, agency: string): string =>
  look?.kind === 'object' ? look.path(agency) : ask;
