import { STATUS_CODES, type IncomingMessage, type Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { addressGroup } from '../auth/attempt-limiter.ts';
import type { LimitName } from '../limits/limits.ts';
import { plainPeer } from './client-address-of.ts';
import type { Edge } from './edge.ts';

/** The server of screens, API and ways in, with or without TLS. */
export type WebServer = HttpServer | HttpsServer;

/** Options of a web server by its limits. */
export const webServerOptions = ({ limits }: Edge) => ({
  requestTimeout: limits.requestTime,
  headersTimeout: limits.headersTime,
  keepAliveTimeout: limits.keepAliveTime,
  maxHeaderSize: limits.headerBytes,
  connectionsCheckingInterval: 1_000,
});

/**
 * Holds a web server to the limits of connections, in all and by address, and answers what is no valid request: every
 * refusal is counted and closes the connection.
 */
export function guardConnections(server: WebServer, edge: Edge): void {
  const { limits, reached } = edge;
  // One more is let in, so that too many are seen: beyond its bound Node leaves headers out without a word.
  server.maxHeadersCount = limits.headers + 1;
  server.maxConnections = limits.connections;
  server.on('drop', (dropped?: { remoteAddress?: string }) =>
    reached('connections', plainPeer(dropped?.remoteAddress)),
  );
  const ofAddress = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const peer = plainPeer(socket.remoteAddress);
    if (edge.isTrustedProxy(peer)) return;
    const key = addressGroup(peer);
    const count = ofAddress.get(key) ?? 0;
    if (count >= limits.connectionsPerAddress) {
      reached('connectionsPerAddress', peer);
      socket.destroy();
      return;
    }
    ofAddress.set(key, count + 1);
    socket.once('close', () => {
      const left = (ofAddress.get(key) ?? 1) - 1;
      if (left > 0) ofAddress.set(key, left);
      else ofAddress.delete(key);
    });
  });
  answerInvalid(server, edge);
}

/** Whether a request has more headers than it may; a server lets in one more than the limit. */
export const hasTooManyHeaders = ({ rawHeaders }: IncomingMessage, { limits }: Edge): boolean =>
  rawHeaders.length / 2 > limits.headers;

interface Answer {
  readonly status: number;
  readonly limit?: LimitName;
}

const answers: Readonly<Record<string, Answer | undefined>> = {
  HPE_HEADER_OVERFLOW: { status: 431, limit: 'headerBytes' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413 },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408 },
};

function answerInvalid(server: WebServer, { reached }: Edge): void {
  const asking = new WeakSet<Duplex>();
  server.on('request', ({ socket }: IncomingMessage, response) => {
    asking.add(socket);
    response.once('close', () => asking.delete(socket));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const code = error.code ?? '';
    const { status, limit = null } = (Object.hasOwn(answers, code) ? answers[code] : null) ?? { status: 400 };
    const address = plainPeer((socket as Socket).remoteAddress);
    if (status === 408) reached(asking.has(socket) ? 'requestTime' : 'headersTime', address);
    else if (limit !== null) reached(limit, address);
    if (!socket.writable || code === 'ECONNRESET') return socket.destroy();
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      () => socket.destroy(),
    );
    return undefined;
  });
}
