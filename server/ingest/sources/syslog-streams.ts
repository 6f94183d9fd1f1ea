import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { ListenAddress, SyslogTls } from '../../config/configuration.ts';
import { plainAddress } from './allowed-addresses.ts';
import type { ChunkStream } from './chunk-stream.ts';
import { serveConnection, type SyslogConnection } from './syslog-connection.ts';
import type { Door } from './syslog-door.ts';
import type { SyslogLimits } from './syslog-limits.ts';
import type { Troubles } from './syslog-troubles.ts';

/** Probes of a connection on which nothing comes, ms: a peer that vanished is noticed. */
const keepAliveMs = 60_000;

/** A listening socket of a source. */
export interface Listener {
  readonly port: () => number;
  /** Ends listening and all connections; resolves once all that was read is durable. */
  stop(): Promise<void>;
  /** To be called now and then, for what must end by itself. */
  sweep(): void;
}

export interface StreamListenerParts {
  readonly listen: ListenAddress;
  /** `null` for plain TCP. */
  readonly tls: SyslogTls | null;
  readonly door: Door;
  readonly limits: SyslogLimits;
  readonly troubles: Troubles;
  readonly now: () => number;
  readonly openStream: (kind: 'tcp' | 'tls', onDurable: () => void) => ChunkStream;
}

/** Listens for connections, plain or TLS; rejects with the system's error when it can't. */
export async function listenForStreams(parts: StreamListenerParts): Promise<Listener> {
  const { door, troubles } = parts;
  const sockets = new Set<Socket>();
  const served = serveAll(parts);
  const secure = parts.tls ? tlsOver(parts.tls, parts, served.serve) : served.serve;
  const server = createServer((socket) => {
    const address = plainAddress(socket.remoteAddress);
    const refusal = door.enter(address);
    if (refusal) {
      troubles.refuse(refusal, address);
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.setKeepAlive(true, keepAliveMs);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      door.leave(address);
    });
    secure(socket, address);
  });
  await listening(server, parts.listen);
  server.on('error', (error) => troubles.refuse('socket-error', error.message));

  return {
    port: () => (server.address() as AddressInfo | null)?.port ?? 0,
    sweep: served.sweep,
    stop: async () => {
      const closed = new Promise((resolve) => void server.close(resolve));
      const settled = served.stop();
      for (const socket of sockets) socket.destroy();
      await closed;
      await settled;
    },
  };
}

/** The connections of a listener, each until its lines are durable. */
function serveAll(parts: StreamListenerParts) {
  const { door } = parts;
  const connections = new Set<SyslogConnection>();
  const serving = new Set<Promise<void>>();
  const streams = new Set<ChunkStream>();
  let isStopping = false;
  return {
    serve: (socket: Socket, address: string): void => {
      const done = new Promise<void>((resolve) => {
        const connection = serveConnection({
          ...parts,
          socket,
          address,
          openStream: (onDurable) => {
            const stream = parts.openStream(parts.tls ? 'tls' : 'tcp', onDurable);
            streams.add(stream);
            return stream;
          },
          allUnderWay: () => [...streams].reduce((sum, stream) => sum + stream.underWay(), 0),
          onClosed: (stream) => {
            connections.delete(connection);
            door.hold(address);
            void stream.settled().then(() => {
              streams.delete(stream);
              door.leave(address);
              resolve();
            });
          },
        });
        connections.add(connection);
        if (isStopping) connection.stop();
      });
      serving.add(done);
      void done.then(() => serving.delete(done));
    },
    sweep: () => {
      for (const connection of connections) connection.sweep();
    },
    stop: async () => {
      isStopping = true;
      for (const connection of connections) connection.stop();
      while (serving.size > 0) await Promise.all(serving);
    },
  };
}

function listening(server: Server, { host, port }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Hands on a connection once its TLS hand-shake, with a client certificate where one is asked for, succeeded. */
function tlsOver(
  { cert, key, ca }: SyslogTls,
  { limits, troubles }: Pick<StreamListenerParts, 'limits' | 'troubles'>,
  serve: (socket: Socket, address: string) => void,
): (socket: Socket, address: string) => void {
  const server = createTlsServer({
    cert,
    key,
    ...(ca === null ? {} : { ca, requestCert: true, rejectUnauthorized: true }),
    minVersion: 'TLSv1.2',
    handshakeTimeout: limits.handshakeMs,
  });
  server.on('secureConnection', (socket: TLSSocket) => serve(socket, plainAddress(socket.remoteAddress)));
  server.on('tlsClientError', (_error, socket) => {
    troubles.refuse('handshake-failed', plainAddress(socket.remoteAddress) || 'somebody who left');
    socket.destroy();
  });
  return (socket) => void server.emit('connection', socket);
}
