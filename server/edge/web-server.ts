import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { ServerTls } from '../config/configuration.ts';
import { guardConnections, hasTooManyHeaders, webServerOptions, type WebServer } from './connection-guard.ts';
import type { Edge } from './edge.ts';

/** A guarded server over an app, with TLS where it is configured; it doesn't listen yet. */
export function createWebServer(edge: Edge, tls: ServerTls | null, app: RequestListener): WebServer {
  const options = webServerOptions(edge);
  const listener: RequestListener = (request, response) => {
    if (!hasTooManyHeaders(request, edge)) return app(request, response);
    edge.reached('headers', edge.addressOf(request));
    response.writeHead(431, { Connection: 'close' }).end();
  };
  const server =
    tls === null
      ? createHttpServer(options, listener)
      : createHttpsServer(
          {
            ...options,
            ...tls.pair,
            minVersion: tls.minVersion,
            handshakeTimeout: edge.limits.headersTime,
            // No other protocol is spoken than the one that is limited here.
            ALPNProtocols: ['http/1.1'],
          },
          listener,
        );
  guardConnections(server, edge);
  return server;
}
