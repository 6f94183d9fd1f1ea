import type { Access, Method, Route } from './route.ts';
import { alertRoutes } from './resources/alerts.ts';
import { auditRoutes } from './resources/audit.ts';
import { eventRoutes } from './resources/events.ts';
import { healthRoutes } from './resources/health.ts';
import { ledgerRoutes } from './resources/ledger.ts';
import { oidcRoutes } from './resources/oidc.ts';
import { limitRoutes } from './resources/limits.ts';
import { partyRoutes } from './resources/parties.ts';
import { secondFactorRoutes } from './resources/second-factor.ts';
import { sessionRoutes } from './resources/session.ts';
import { sessionListRoutes } from './resources/sessions.ts';
import { tokenRoutes } from './resources/tokens.ts';
import { trendRoutes } from './resources/trend.ts';
import { userRoutes } from './resources/users.ts';
import { wallRoutes } from './resources/walls.ts';

/** Every route there is; what is not here is 404. */
export const routes: readonly Route[] = [
  ...healthRoutes,
  ...sessionRoutes,
  ...oidcRoutes,
  ...secondFactorRoutes,
  ...sessionListRoutes,
  ...userRoutes,
  ...alertRoutes,
  ...auditRoutes,
  ...eventRoutes,
  ...ledgerRoutes,
  ...limitRoutes,
  ...partyRoutes,
  ...trendRoutes,
  ...tokenRoutes,
  ...wallRoutes,
];

/**
 * Where sources hand in their lines, and what Elasticsearch's clients ask before they do; the tokens of the sources decide,
 * no cookie does.
 */
export const ingestRoutes = [
  { method: 'POST', path: '/ingest/v1/:source' },
  { method: 'POST', path: '/ingest/v1/:source/_bulk' },
  { method: 'POST', path: '/ingest/v1/:source/:index/_bulk' },
  { method: 'POST', path: '/ingest/v1/:source/v1/logs' },
  { method: 'GET', path: '/ingest/v1/:source/' },
  { method: 'GET', path: '/ingest/v1/:source/*rest' },
] as const;

/** Where a Prometheus server scrapes; its own token decides. */
export const metricsPath = '/metrics';

/** Addresses of screens: each gets the page's shell, which holds no data. */
export const screenPaths = [
  '/',
  '/wall',
  '/walls',
  '/investigate',
  '/sources',
  '/alerts',
  '/alerts/*rest',
  '/audit',
  '/parties',
  '/parties/*rest',
  '/account',
  '/users',
] as const;

export interface Policy {
  readonly method: Method;
  readonly path: string;
  readonly access: Access | 'token' | 'shell';
}

/** Who may ask for what, of all that the server answers but its static files. */
export const policyTable: readonly Policy[] = [
  ...routes.map(({ method, path, access }) => ({ method, path, access })),
  ...ingestRoutes.map((route) => ({ ...route, access: 'token' }) as const),
  { method: 'GET', path: metricsPath, access: 'token' },
  ...screenPaths.map((path) => ({ method: 'GET', path, access: 'shell' }) as const),
];
