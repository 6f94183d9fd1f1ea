import type { IncomingMessage } from 'node:http';
import { createApi } from './api/create-api.ts';
import { createMetricsHandler } from './api/metrics-handler.ts';
import type { Log, Services } from './api/services.ts';
import type { AuditTrail } from './audit/audit-trail.ts';
import { createSocketNotes } from './audit/socket-notes.ts';
import { createOriginPolicy } from './auth/origin-policy.ts';
import type { Configuration } from './config/configuration.ts';
import { hasTooManyHeaders, type WebServer } from './edge/connection-guard.ts';
import { createWebServer } from './edge/web-server.ts';
import type { Core } from './core.ts';
import { createIngestHandler } from './ingest/ingest-handler.ts';
import type { HttpSource } from './ingest/sources/http-source.ts';
import { createLiveServer, type LiveServer } from './live/live-server.ts';
import { createSnapshots } from './live/snapshot.ts';
import { createSocketLog } from './socket-log.ts';
import type { Metrics } from './metrics/metrics.ts';

export interface HttpParts {
  readonly configuration: Configuration;
  readonly clientDir: string;
  readonly version: string;
  readonly now: () => number;
  readonly log: Log;
  readonly core: Core;
  readonly trail: AuditTrail;
  readonly httpSources: readonly HttpSource[];
  readonly ready: () => boolean;
  readonly ledger: Services['ledger'];
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>;
}

/** The HTTP server with the API, the client's files, the way in for senders, and the live sockets; it doesn't listen yet. */
export function createHttp(parts: HttpParts): { http: WebServer; live: LiveServer } {
  const { configuration, core, now, log, ready } = parts;
  const ingest = createIngestHandler(parts.httpSources);
  const app = createApi({
    ...core,
    trail: parts.trail,
    parties: configuration.parties,
    newestFrame: core.recent.newest,
    configuration,
    clientDir: parts.clientDir,
    ingest: (request, response, next) => {
      const path = request.path.split('/').slice(4);
      ingest(
        request,
        response,
        String(request.params['source']),
        path.map((part) => `/${part}`).join(''),
      ).catch(next);
    },
    metrics: createMetricsHandler({ ...parts.metrics, tokenSha256: configuration.metricsTokenSha256 }),
    ready,
    ledger: parts.ledger,
    now,
    log,
  });
  const http = createWebServer(core.edge, configuration.server.tls, app);
  return { http, live: createLive(parts, http) };
}

function createLive(parts: HttpParts, http: WebServer): LiveServer {
  const { configuration, core, now, log } = parts;
  const policy = createOriginPolicy(
    configuration.server.origins,
    configuration.server.tls === null ? 'http' : 'https',
  );
  const isOwn = ({ headers, socket }: IncomingMessage): boolean =>
    policy.isOwnHost(headers.host, socket.localPort) &&
    // Without a cookie only a token lets in, which no foreign page has; a program sends no origin.
    (headers.origin === undefined
      ? headers.cookie === undefined && headers.authorization !== undefined
      : policy.isOwnOrigin(headers.origin, socket.localPort));
  const notes = createSocketNotes(parts.trail.notes, core.auth.identify);
  const socketLog = createSocketLog(log);
  return createLiveServer({
    http,
    identify: (headers) => {
      const identity = core.auth.identify(headers);
      if (!identity) return null;
      const { kind, sessionKey, name, due, grants, detail } = identity;
      return { sessionKey, user: kind === 'wall' ? `wall ${sessionKey}` : name, due, grants, detail };
    },
    onSocket: (fact) => {
      notes(fact);
      socketLog.fact(fact);
    },
    onCommand: socketLog.command,
    onSessionEnded: core.auth.onSessionEnded,
    mayConnect: (request) => !hasTooManyHeaders(request, core.edge) && isOwn(request),
    snapshot: createSnapshots({
      mode: configuration.mode,
      version: parts.version,
      parties: configuration.parties,
      recent: core.recent,
      now,
      alerts: core.alerts,
    }),
    recent: core.recent,
    personal: core.personal,
    edge: core.edge,
    now,
    log: (detail) => log({ level: 'error', event: 'live:failed', detail }),
  });
}

/** Resolves with the port once the server listens; rejects with a clear error when the address can't be had. */
export function listen(http: WebServer, { host, port }: Configuration['server']): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'EADDRINUSE' ? 'is in use by another process' : `can't be had: ${error.message}`;
      reject(new Error(`${host}:${port} ${reason}`, { cause: error }));
    });
    http.listen(port, host, () => {
      const address = http.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/** Resolves once no connection is left; idle ones are closed at once. */
export function closeHttp(http: WebServer): Promise<void> {
  return new Promise((resolve) => {
    http.close(() => resolve());
    http.closeAllConnections();
  });
}
