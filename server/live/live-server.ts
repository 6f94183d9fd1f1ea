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
import type { SocketFact } from '../audit/socket-notes.ts';
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
  /** Hears of sockets that come, go and are refused. */
  readonly onSocket?: (fact: SocketFact) => void;
}

type EndReason = Parameters<ServerToClient['session:ended']>[0]['reason'];
interface SocketData {
  sessionKey: string;
  seesAlerts: boolean;
}
type LiveSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>;
type LiveSockets = Server<ClientToServer, ServerToClient, Record<string, never>, SocketData>;

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

/** Who gets frames, and who gets alerts, in clear or masked: each message is encoded once for all of a room. */
const rooms = {
  clear: { frames: 'frames', alerts: 'alerts' },
  masked: { frames: 'frames-masked', alerts: 'alerts-masked' },
} as const;
const roomsOf = (view: PersonalView) => (view.clear ? rooms.clear : rooms.masked);
const refuse = (code: string, message: string): Refusal => ({ error: { code, message } });

export function createLiveServer(parts: LiveParts): LiveServer {
  const io: LiveSockets = new Server(parts.http, {
    path: livePath,
    serveClient: false,
    transports: ['websocket'],
    maxHttpBufferSize: maxMessageBytes,
    perMessageDeflate: false,
    allowRequest: (request, answer) => {
      const may = parts.mayConnect(request);
      if (!may) {
        const address = request.socket.remoteAddress ?? '';
        parts.onSocket?.({ kind: 'refused', headers: request.headers, address, reason: 'origin' });
      }
      answer(null, may);
    },
  });

  io.use((socket, next) => {
    const problem = admit(io, parts, socket);
    if (problem !== null) {
      const { headers, address } = socket.handshake;
      parts.onSocket?.({ kind: 'refused', headers, address, reason: problem });
    }
    next(problem === null ? undefined : new Error(problem));
  });
  io.on('connection', (socket) => {
    const { id, handshake } = socket;
    parts.onSocket?.({ kind: 'connected', id, headers: handshake.headers, address: handshake.address });
    socket.once('disconnect', (reason) => parts.onSocket?.({ kind: 'ended', id, reason }));
    serve(socket, parts);
  });

  const isAnyoneIn = (room: string): boolean => (io.sockets.adapter.rooms.get(room)?.size ?? 0) > 0;
  const stopListening = parts.onSessionEnded((sessionKey, reason) => {
    for (const socket of io.sockets.sockets.values()) {
      if (socket.data.sessionKey === sessionKey) end(socket, reason);
    }
  });

  return {
    sendFrame: (frame) => {
      for (const socket of io.sockets.sockets.values()) {
        if (!isStill(socket, parts)) end(socket, 'expired');
        else if (socket.rooms.has(rooms.clear.frames) && !viewOf(socket, parts).clear) end(socket, 'revoked');
      }
      io.to(rooms.clear.frames).volatile.emit('frame:sent', frame);
      if (isAnyoneIn(rooms.masked.frames)) {
        io.to(rooms.masked.frames).volatile.emit('frame:sent', parts.personal.masked.frame(frame));
      }
    },
    sendChanges: (changes) => {
      io.to(rooms.clear.alerts).emit('alerts:changed', [...changes]);
      if (isAnyoneIn(rooms.masked.alerts)) {
        io.to(rooms.masked.alerts).emit('alerts:changed', changes.map(parts.personal.masked.change));
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

const identityOf = ({ handshake }: LiveSocket, { identify }: LiveParts): LiveIdentity | null =>
  identify({
    cookie: handshake.headers.cookie,
    authorization: handshake.headers.authorization,
    address: handshake.address,
  });

const viewOf = (socket: LiveSocket, parts: LiveParts): PersonalView =>
  parts.personal.of(identityOf(socket, parts));

/** Whether who connected may still have what the socket was let in for. */
function isStill(socket: LiveSocket, parts: LiveParts): boolean {
  const identity = identityOf(socket, parts);
  if (identity?.sessionKey !== socket.data.sessionKey || identity.due) return false;
  const { grants } = identity;
  return (
    grants['live:read'] !== undefined && (grants['alerts:read'] !== undefined) === socket.data.seesAlerts
  );
}

function admit(io: LiveSockets, parts: LiveParts, socket: LiveSocket): string | null {
  const identity = identityOf(socket, parts);
  if (!identity) return 'unauthorised';
  if (identity.due) return `${identity.due}-due`;
  if (!identity.grants['live:read']) return 'forbidden';
  if (io.sockets.sockets.size >= maxSockets) return 'too-many-sockets';
  let own = 0;
  for (const other of io.sockets.sockets.values()) {
    if (identityOf(other, parts)?.user === identity.user) own += 1;
  }
  if (own >= maxSocketsPerUser) return 'too-many-sockets-of-this-user';
  socket.data.sessionKey = identity.sessionKey;
  socket.data.seesAlerts = identity.grants['alerts:read'] !== undefined;
  return null;
}

/** The snapshot for those who may not see alerts: not even how many there are. */
const withoutAlerts = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  alerts: [],
  openAlerts: 0,
  missed: [],
});

function end(socket: LiveSocket, reason: EndReason): void {
  for (const room of socket.rooms) if (room !== socket.id) void socket.leave(room);
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
    return isStill(socket, parts) ? viewOf(socket, parts) : null;
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
    const { frames, alerts } = roomsOf(view);
    void socket.join(socket.data.seesAlerts ? [frames, alerts] : frames);
    parts.snapshot(subscribe.data).then(
      // Reading takes time, in which the session may have ended.
      (snapshot) =>
        isStill(socket, parts) &&
        answer(view.snapshot(socket.data.seesAlerts ? snapshot : withoutAlerts(snapshot))),
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
