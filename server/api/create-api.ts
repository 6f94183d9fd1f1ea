import { resolve } from 'node:path';
import express, { type Express, type RequestHandler } from 'express';
import { createOriginPolicy, type OriginPolicy } from '../auth/origin-policy.ts';
import type { Configuration } from '../config/configuration.ts';
import { clientFiles, clientShell } from './client-files.ts';
import { createQueryBudget } from './query-budget.ts';
import { handleFaults, refuse } from './refuse.ts';
import { ingestRoutes, metricsPath, routes, screenPaths } from './routes.ts';
import { createRequestLog } from './request-log.ts';
import { handlersOf, identityOf } from './run-route.ts';
import { isScreenPath } from './screen-path.ts';
import { createRequestRate } from './request-rate.ts';
import { securityHeaders } from './security-headers.ts';
import type { Services } from './services.ts';

export interface ApiParts extends Omit<Services, 'isScreenPath'> {
  readonly configuration: Pick<Configuration, 'server'>;
  /** Folder of the built client, with its `index.html`. */
  readonly clientDir: string;
  /** Answers the routes of the way in; it reads the body and checks the token itself. */
  readonly ingest: RequestHandler;
  /** Answers `GET /metrics`; it checks the token itself. */
  readonly metrics: RequestHandler;
}

/**
 * The Express app: security headers, ingest and metrics, then the table of routes behind the checks of host and origin, then the
 * client's files. Anything else is 404.
 */
export function createApi(parts: ApiParts): Express {
  const { configuration, clientDir, ingest, metrics, ...given } = parts;
  const services: Services = { ...given, isScreenPath: (text) => isScreenPath(text, screenPaths) };
  const policy = createOriginPolicy(
    configuration.server.origins,
    configuration.server.tls === null ? 'http' : 'https',
  );
  const budget = createQueryBudget(services.edge.limits.searchesPerUser);
  const folder = resolve(clientDir);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.enable('case sensitive routing');
  app.enable('strict routing');

  app.use(createRequestLog({ ...services, identityOf }));
  app.use(securityHeaders({ secure: configuration.server.secureCookies }));
  // A token is no ambient right, so neither a foreign page nor a foreign host name can misuse it.
  for (const { method, path } of ingestRoutes) app[method.toLowerCase() as 'get' | 'post'](path, ingest);
  app.get(metricsPath, metrics);
  app.use(createRequestRate(services.edge, services.now));
  app.use(ownHostOnly(policy));
  app.use(ownOriginOnly(policy));
  for (const route of routes) {
    const method = route.method.toLowerCase() as Lowercase<typeof route.method>;
    app[method](route.path, ...handlersOf(route, services, budget));
  }
  app.get([...screenPaths], clientShell(folder));
  app.use(clientFiles(folder));
  app.use((_request, response) => refuse(response, 'not-found', 'no such thing'));
  app.use(handleFaults(services.log));
  return app;
}

const changing = new Set(['POST', 'PATCH', 'DELETE']);

/** Watchers ask by address; what they are told is no secret. */
const anyHostPaths = new Set(['/healthz', '/readyz']);

const ownHostOnly =
  (policy: OriginPolicy): RequestHandler =>
  (request, response, next) => {
    const own = policy.isOwnHost(request.headers.host, request.socket.localPort);
    if (own || anyHostPaths.has(request.path)) return next();
    return refuse(response, 'host-refused', 'this server does not go by that name');
  };

const ownOriginOnly =
  (policy: OriginPolicy): RequestHandler =>
  (request, response, next) => {
    if (!changing.has(request.method) || policy.mayChange(request.headers, request.socket.localPort)) {
      return next();
    }
    return refuse(response, 'origin-refused', 'this request comes from elsewhere');
  };
