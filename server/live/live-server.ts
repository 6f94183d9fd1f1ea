import type { IncomingMessage } from 'node:http';
import { Server, type Socket } from 'socket.io';
import type { AlertChange } from '../../shared/alert.ts';
import type { Grants } from '../../shared/authority.ts';
import type { Frame } from '../../shared/live/frame.ts';
import {
  livePath,
  type ClientToServer,
  type ServerToClient,
  type Snapshot,
  type Subscribe,
} from '../../shared/live/protocol.ts';
import type { Due, IdentityHeaders } from '../auth/identity.ts';
import type { WebServer } from '../edge/connection-guard.ts';
import type { Edge } from '../edge/edge.ts';
import { runCommand, type CommandHandlers } from './commands.ts';
import type { RecentFrames } from './recent-frames.ts';
import { createSocketGuard, type SocketGuard } from './socket-guard.ts';

/** Who a socket belongs to, asked anew each second and with every command. */
export interface LiveIdentity {
  readonly sessionKey: string;
  readonly user: string;
  /** What must be done first: such a session sees nothing. */
  readonly due: Due | null;
  readonly grants: Grants;
}

export interface LiveParts {
  readonly http: WebServer;
  /** Identity behind the headers of a hand-shake now; `null` when there is none any more. */
  readonly identify: (headers: IdentityHeaders) => LiveIdentity | null;
  readonly onSessionEnded: (listener: (sessionKey: string, reason: EndReason) => void) => () => void;
  /** Whether a hand-shake comes from an own origin to an own host; there is no socket without an `Origin`. */
  readonly mayConnect: (request: IncomingMessage) => boolean;
  readonly snapshot: (subscribe: Subscribe) => Promise<Snapshot>;
  readonly recent: RecentFrames;
  readonly now: () => number;
  readonly log: (message: string) => void;
  /** Limits of sockets and their messages, and whose address is whose. */
  readonly edge: Edge;
}

type EndReason = Parameters<ServerToClient['session:ended']>[0]['reason'];
type LiveSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, { sessionKey: string }>;

/** A connection that doesn't say within this time that it wants to be a socket is closed. */
const connectTimeoutMs = 10_000;

/** Sends frames and alert changes to signed-in browsers; see `shared/live/protocol.ts` for the rules. */
export interface LiveServer {
  /** A slow socket misses it and gets the newest one later; it is encoded once for all. */
  sendFrame(frame: Frame): void;
  sendChanges(changes: readonly AlertChange[]): void;
  connected(): number;
  /** Ends all sockets; the HTTP server stays. */
  close(): void;
}

const room = 'live';

export function createLiveServer(parts: LiveParts): LiveServer {
  const { limits } = parts.edge;
  const guard = createSocketGuard(parts.edge, parts.now);
  const io = new Server<ClientToServer, ServerToClient, Record<string, never>, { sessionKey: string }>(
    parts.http,
    {
      path: livePath,
      serveClient: false,
      transports: ['websocket'],
      maxHttpBufferSize: limits.socketMessageBytes,
      perMessageDeflate: false,
      connectTimeout: connectTimeoutMs,
      allowRequest: (request, answer) => {
        answer(null, parts.mayConnect(request) && guard.mayBegin(request));
      },
    },
  );

  io.engine.on('connection', guard.begin);
  io.use((socket, next) => {
    const problem = admit(io, parts, socket);
    next(problem === null ? undefined : new Error(problem));
  });
  io.on('connection', (socket) => serve(socket, parts, guard));

  const stopListening = parts.onSessionEnded((sessionKey, reason) => {
    for (const socket of io.sockets.sockets.values()) {
      if (socket.data.sessionKey === sessionKey) end(socket, reason);
    }
  });

  return {
    sendFrame: (frame) => {
      for (const socket of io.sockets.sockets.values()) {
        if (parts.identify(socket.handshake.headers)?.sessionKey !== socket.data.sessionKey)
          end(socket, 'expired');
        guard.cutIfSlow(socket.request);
      }
      io.to(room).volatile.emit('frame:sent', frame);
    },
    sendChanges: (changes) => {
      io.to(room).emit('alerts:changed', [...changes]);
    },
    connected: () => io.sockets.sockets.size,
    close: () => {
      stopListening();
      io.disconnectSockets(true);
      // Not `io.close()`: it would wait for every connection of the HTTP server, which is not ours to end.
      io.engine.close();
    },
  };
}

function admit(io: Server, parts: LiveParts, socket: LiveSocket): string | null {
  const identity = parts.identify(socket.handshake.headers);
  if (!identity) return 'unauthorised';
  if (identity.due) return `${identity.due}-due`;
  if (!identity.grants['live:read']) return 'forbidden';
  let own = 0;
  for (const other of io.sockets.sockets.values()) {
    if (parts.identify(other.handshake.headers)?.user === identity.user) own += 1;
  }
  if (own >= parts.edge.limits.socketsPerUser) {
    parts.edge.reached('socketsPerUser', parts.edge.addressOf(socket.request));
    return 'too-many-sockets-of-this-user';
  }
  socket.data.sessionKey = identity.sessionKey;
  return null;
}

function end(socket: LiveSocket, reason: EndReason): void {
  void socket.leave(room);
  socket.emit('session:ended', { reason });
  socket.disconnect(true);
}

/** What answers the commands of `shared/live/events.ts` on one socket. */
const handlersOf = (socket: LiveSocket, { snapshot, recent }: LiveParts): CommandHandlers => ({
  'live:subscribe': (subscribe) => {
    // Joined before the snapshot is read: a change in between is sent too, and the client drops what it has already.
    void socket.join(room);
    return snapshot(subscribe);
  },
  'frames:resync': ({ after }) => ({ recent: recent.series(after), frame: recent.newest() }),
});

function serve(socket: LiveSocket, parts: LiveParts, guard: SocketGuard): void {
  const { edge } = parts;
  const handlers = handlersOf(socket, parts);
  let unknown = 0;
  // Nothing goes on to Socket.IO's own dispatch: a name from outside never becomes the name of an event in here.
  socket.use((packet: readonly unknown[]) => {
    if (!socket.connected || guard.cutIfSlow(socket.request)) return;
    const now = parts.identify(socket.handshake.headers);
    const identity = now?.sessionKey === socket.data.sessionKey ? now : null;
    const failed = (error: unknown): void => parts.log(`live: ${String(packet[0])} failed: ${String(error)}`);
    runCommand({ packet, identity }, handlers, failed).then((outcome) => {
      if (outcome === 'answered') return;
      unknown += 1;
      if (unknown < edge.limits.unknownEvents) return;
      edge.reached('unknownEvents', edge.addressOf(socket.request));
      socket.disconnect(true);
      socket.request.socket.destroy();
    }, failed);
  });
}
