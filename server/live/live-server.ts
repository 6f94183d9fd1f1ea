import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import type { AlertChange } from '../../shared/alert.ts';
import type { Grants } from '../../shared/authority.ts';
import type { Frame } from '../../shared/live/frame.ts';
import {
  livePath,
  resyncSchema,
  subscribeSchema,
  type ClientToServer,
  type Refusal,
  type ServerToClient,
  type Snapshot,
  type Subscribe,
} from '../../shared/live/protocol.ts';
import type { Due, IdentityHeaders } from '../auth/identity.ts';
import type { PersonalView, PersonalViews } from '../personal/view.ts';
import { createCallBudget } from './call-budget.ts';
import type { RecentFrames } from './recent-frames.ts';

/** Who a socket belongs to, asked anew each second and with every command. */
export interface LiveIdentity {
  readonly sessionKey: string;
  readonly user: string;
  /** What must be done first: such a session sees nothing. */
  readonly due: Due | null;
  readonly grants: Grants;
}

export interface LiveParts {
  readonly http: HttpServer;
  /** Identity behind the headers of a hand-shake now; `null` when there is none any more. */
  readonly identify: (headers: IdentityHeaders) => LiveIdentity | null;
  readonly onSessionEnded: (listener: (sessionKey: string, reason: EndReason) => void) => () => void;
  /** Whether a hand-shake comes from an own origin to an own host; there is no socket without an `Origin`. */
  readonly mayConnect: (request: IncomingMessage) => boolean;
  readonly snapshot: (subscribe: Subscribe) => Promise<Snapshot>;
  readonly recent: RecentFrames;
  /** Who sees addresses and account names in clear: asked when a socket subscribes, and again each second. */
  readonly personal: PersonalViews;
  readonly now: () => number;
  readonly log: (message: string) => void;
}

type EndReason = Parameters<ServerToClient['session:ended']>[0]['reason'];
type LiveSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, { sessionKey: string }>;

/** Largest message that a client may send, bytes: its commands are two numbers. */
export const maxMessageBytes = 4_096;
export const maxSockets = 2_000;
export const maxSocketsPerUser = 20;
/** Commands of one socket in ten seconds; beyond it the socket is closed. */
export const maxCommandsPerTenSeconds = 30;

/** Sends frames and alert changes to signed-in browsers; see `shared/live/protocol.ts` for the rules. */
export interface LiveServer {
  /** A slow socket misses it and gets the newest one later; it is encoded once for each room. */
  sendFrame(frame: Frame): void;
  sendChanges(changes: readonly AlertChange[]): void;
  connected(): number;
  /** Ends all sockets; the HTTP server stays. */
  close(): void;
}

/** Sockets by what they may see of personal data; everything is encoded once for each. */
const rooms = { clear: 'live', masked: 'live-masked' } as const;
const roomOf = (view: PersonalView) => (view.clear ? rooms.clear : rooms.masked);
const refuse = (code: string, message: string): Refusal => ({ error: { code, message } });

export function createLiveServer(parts: LiveParts): LiveServer {
  const io = new Server<ClientToServer, ServerToClient, Record<string, never>, { sessionKey: string }>(
    parts.http,
    {
      path: livePath,
      serveClient: false,
      transports: ['websocket'],
      maxHttpBufferSize: maxMessageBytes,
      perMessageDeflate: false,
      allowRequest: (request, answer) => {
        answer(null, parts.mayConnect(request));
      },
    },
  );

  io.use((socket, next) => {
    const problem = admit(io, parts, socket);
    next(problem === null ? undefined : new Error(problem));
  });
  io.on('connection', (socket) => serve(socket, parts));

  const isAnyoneIn = (room: string): boolean => (io.sockets.adapter.rooms.get(room)?.size ?? 0) > 0;
  const stopListening = parts.onSessionEnded((sessionKey, reason) => {
    for (const socket of io.sockets.sockets.values()) {
      if (socket.data.sessionKey === sessionKey) end(socket, reason);
    }
  });

  return {
    sendFrame: (frame) => {
      for (const socket of io.sockets.sockets.values()) {
        const identity = parts.identify(socket.handshake.headers);
        if (identity?.sessionKey !== socket.data.sessionKey) end(socket, 'expired');
        else if (!parts.personal.of(identity).clear && socket.rooms.has(rooms.clear)) end(socket, 'revoked');
      }
      io.to(rooms.clear).volatile.emit('frame:sent', frame);
      if (isAnyoneIn(rooms.masked)) {
        io.to(rooms.masked).volatile.emit('frame:sent', parts.personal.masked.frame(frame));
      }
    },
    sendChanges: (changes) => {
      io.to(rooms.clear).emit('alerts:changed', [...changes]);
      if (isAnyoneIn(rooms.masked)) {
        io.to(rooms.masked).emit('alerts:changed', changes.map(parts.personal.masked.change));
      }
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
  if (io.sockets.sockets.size >= maxSockets) return 'too-many-sockets';
  let own = 0;
  for (const other of io.sockets.sockets.values()) {
    if (parts.identify(other.handshake.headers)?.user === identity.user) own += 1;
  }
  if (own >= maxSocketsPerUser) return 'too-many-sockets-of-this-user';
  socket.data.sessionKey = identity.sessionKey;
  return null;
}

function leaveAll(socket: LiveSocket): void {
  for (const room of Object.values(rooms)) void socket.leave(room);
}

function end(socket: LiveSocket, reason: EndReason): void {
  leaveAll(socket);
  socket.emit('session:ended', { reason });
  socket.disconnect(true);
}

function serve(socket: LiveSocket, parts: LiveParts): void {
  const budget = createCallBudget({ calls: maxCommandsPerTenSeconds, perMs: 10_000, now: parts.now });
  /** How answers are shown to the socket; `null` when it gets none. */
  const allowedView = (): PersonalView | null => {
    if (!budget.spend()) {
      socket.disconnect(true);
      return null;
    }
    const identity = parts.identify(socket.handshake.headers);
    return identity?.sessionKey === socket.data.sessionKey ? parts.personal.of(identity) : null;
  };

  socket.on('live:subscribe', (body: unknown, answer: unknown) => {
    const view = typeof answer === 'function' ? allowedView() : null;
    if (typeof answer !== 'function' || !view) return;
    const subscribe = subscribeSchema.safeParse(body);
    if (!subscribe.success) {
      answer(refuse('bad-request', 'expected {frameSeq, alertCursor}, each a whole number or null'));
      return;
    }
    // Joined before the snapshot is read: a change in between is sent too, and the client drops what it has already.
    leaveAll(socket);
    void socket.join(roomOf(view));
    parts.snapshot(subscribe.data).then(
      (snapshot) => answer(view.snapshot(snapshot)),
      (error: unknown) => {
        parts.log(`live: snapshot failed: ${String(error)}`);
        answer(refuse('unavailable', 'the snapshot could not be read; try again'));
      },
    );
  });

  socket.on('frames:resync', (body: unknown, answer: unknown) => {
    const view = typeof answer === 'function' ? allowedView() : null;
    if (typeof answer !== 'function' || !view) return;
    const resync = resyncSchema.safeParse(body);
    if (!resync.success) answer(refuse('bad-request', 'expected {after}, a whole number'));
    else {
      const frame = parts.recent.newest();
      answer({ recent: parts.recent.series(resync.data.after), frame: frame && view.frame(frame) });
    }
  });
}
