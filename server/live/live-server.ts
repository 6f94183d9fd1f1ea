import type { IncomingMessage } from 'node:http';
import { Server, type Socket } from 'socket.io';
import type { AlertChange } from '../../shared/alert.ts';
import type { WallDetail } from '../../shared/api/tokens.ts';
import type { Grants } from '../../shared/authority.ts';
import type { Frame } from '../../shared/live/frame.ts';
import {
  livePath,
  type ClientToServer,
  type ServerToClient,
  type Snapshot,
  type Subscribe,
} from '../../shared/live/protocol.ts';
import type { SocketFact } from '../audit/socket-notes.ts';
import type { Due, IdentityHeaders } from '../auth/identity.ts';
import type { WebServer } from '../edge/connection-guard.ts';
import type { Edge } from '../edge/edge.ts';
import type { PersonalView, PersonalViews } from '../personal/view.ts';
import { refuse, runCommand, type CommandHandlers } from './commands.ts';
import type { RecentFrames } from './recent-frames.ts';
import { createSocketGuard, type SocketGuard } from './socket-guard.ts';
import type { SocketCommand } from '../socket-log.ts';

/** Who a socket belongs to, asked anew each second and with every command. */
export interface LiveIdentity {
  readonly sessionKey: string;
  readonly user: string;
  /** What must be done first: such a session sees nothing. */
  readonly due: Due | null;
  readonly grants: Grants;
  /** Of a wall: how much it shows. */
  readonly detail?: WallDetail | undefined;
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
  /** Who is shown what in which way: asked when a socket subscribes, and again each second. */
  readonly personal: PersonalViews;
  readonly now: () => number;
  readonly log: (message: string) => void;
  /** Hears of sockets that come, go and are refused. */
  readonly onSocket?: (fact: SocketFact) => void;
  /** Hears of each message that was answered or is no command. */
  readonly onCommand?: (command: SocketCommand) => void;
  /** Limits of sockets and their messages, and whose address is whose. */
  readonly edge: Edge;
}

type EndReason = Parameters<ServerToClient['session:ended']>[0]['reason'];
interface SocketData {
  sessionKey: string;
  seesAlerts: boolean;
  /** As which it is told, once it subscribed. */
  view?: PersonalView;
}
type LiveSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>;
type LiveSockets = Server<ClientToServer, ServerToClient, Record<string, never>, SocketData>;

/** A connection that doesn't say within this time that it wants to be a socket is closed. */
const connectTimeoutMs = 10_000;

/** Sends frames and alert changes to signed-in browsers; see `shared/live/protocol.ts` for the rules. */
export interface LiveServer {
  /** A slow socket misses it and gets the newest one later; it is encoded once for each room. */
  sendFrame(frame: Frame): void;
  sendChanges(changes: readonly AlertChange[]): void;
  connected(): number;
  /** Ends all sockets; the HTTP server stays. */
  close(): void;
}

/** Who gets frames, and who gets alerts, in which view: each message is encoded once for all of a room. */
const roomsOf = ({ name }: PersonalView) => ({ frames: `frames-${name}`, alerts: `alerts-${name}` });

/** Listens for hand-shakes, and lets in who may have a socket. */
function openSockets(parts: LiveParts, guard: SocketGuard): LiveSockets {
  const { edge } = parts;
  const refused = (request: IncomingMessage, reason: string): void =>
    parts.onSocket?.({ kind: 'refused', headers: request.headers, address: edge.addressOf(request), reason });
  const io: LiveSockets = new Server(parts.http, {
    path: livePath,
    serveClient: false,
    transports: ['websocket'],
    maxHttpBufferSize: edge.limits.socketMessageBytes,
    perMessageDeflate: false,
    connectTimeout: connectTimeoutMs,
    allowRequest: (request, answer) => {
      const may = parts.mayConnect(request);
      if (!may) refused(request, 'origin');
      answer(null, may && guard.mayBegin(request));
    },
  });
  io.engine.on('connection', guard.begin);
  io.use((socket, next) => {
    const problem = admit(io, parts, socket);
    if (problem !== null) refused(socket.request, problem);
    next(problem === null ? undefined : new Error(problem));
  });
  return io;
}

export function createLiveServer(parts: LiveParts): LiveServer {
  const { edge } = parts;
  const guard = createSocketGuard(edge, parts.now);
  const io = openSockets(parts, guard);
  io.on('connection', (socket) => {
    const { id, handshake, request } = socket;
    const address = edge.addressOf(request);
    parts.onSocket?.({ kind: 'connected', id, headers: handshake.headers, address });
    socket.once('disconnect', (reason) => parts.onSocket?.({ kind: 'ended', id, reason }));
    serve(socket, parts, guard);
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
        else if (seesTooMuch(socket, parts)) end(socket, 'revoked');
        guard.cutIfSlow(socket.request);
      }
      for (const view of parts.personal.all) {
        const { frames } = roomsOf(view);
        if (isAnyoneIn(frames)) io.to(frames).volatile.emit('frame:sent', view.frame(frame));
      }
    },
    sendChanges: (changes) => {
      for (const view of parts.personal.all) {
        const { alerts } = roomsOf(view);
        if (isAnyoneIn(alerts)) io.to(alerts).emit('alerts:changed', changes.map(view.change));
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

const identityOf = ({ handshake, request }: LiveSocket, { identify, edge }: LiveParts): LiveIdentity | null =>
  identify({
    cookie: handshake.headers.cookie,
    authorization: handshake.headers.authorization,
    address: edge.addressOf(request),
  });

const viewOf = (socket: LiveSocket, parts: LiveParts): PersonalView =>
  parts.personal.of(identityOf(socket, parts));

/** Whether a socket is told in a way that is not its own any more, and shows more. */
function seesTooMuch(socket: LiveSocket, parts: LiveParts): boolean {
  const { view } = socket.data;
  const now = viewOf(socket, parts);
  return view !== undefined && view !== now && !now.clear;
}

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
  let own = 0;
  for (const other of io.sockets.sockets.values()) {
    if (identityOf(other, parts)?.user === identity.user) own += 1;
  }
  if (own >= parts.edge.limits.socketsPerUser) {
    parts.edge.reached('socketsPerUser', parts.edge.addressOf(socket.request));
    return 'too-many-sockets-of-this-user';
  }
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

function leaveAll(socket: LiveSocket): void {
  for (const room of socket.rooms) if (room !== socket.id) void socket.leave(room);
}

function end(socket: LiveSocket, reason: EndReason): void {
  leaveAll(socket);
  socket.emit('session:ended', { reason });
  socket.disconnect(true);
}

/** What answers the commands of `shared/live/events.ts` on one socket. */
const handlersOf = (socket: LiveSocket, parts: LiveParts): CommandHandlers => ({
  'live:subscribe': async (subscribe) => {
    const view = viewOf(socket, parts);
    // Joined before the snapshot is read: a change in between is sent too, and the client drops what it has already.
    leaveAll(socket);
    socket.data.view = view;
    const { frames, alerts } = roomsOf(view);
    void socket.join(socket.data.seesAlerts ? [frames, alerts] : frames);
    // The changes that a wall missed would be a history; and what it holds may be of another level.
    const snapshot = await parts.snapshot(view.isWall ? { ...subscribe, alertCursor: null } : subscribe);
    // Reading takes time, in which the session may have ended.
    if (!isStill(socket, parts) || seesTooMuch(socket, parts))
      return refuse('unauthenticated', 'the session ended');
    return view.snapshot(socket.data.seesAlerts ? snapshot : withoutAlerts(snapshot));
  },
  'frames:resync': ({ after }) => {
    const frame = parts.recent.newest();
    const view = viewOf(socket, parts);
    return { recent: view.series(parts.recent.series(after)), frame: frame && view.frame(frame) };
  },
});

function serve(socket: LiveSocket, parts: LiveParts, guard: SocketGuard): void {
  const { edge } = parts;
  const handlers = handlersOf(socket, parts);
  let unknown = 0;
  // Nothing goes on to Socket.IO's own dispatch: a name from outside never becomes the name of an event in here.
  socket.use((packet: readonly unknown[]) => {
    if (!socket.connected || guard.cutIfSlow(socket.request)) return;
    const identity = isStill(socket, parts) ? identityOf(socket, parts) : null;
    const begun = parts.now();
    const failed = (error: unknown): void => parts.log(`live: ${String(packet[0])} failed: ${String(error)}`);
    runCommand({ packet, identity }, handlers, failed).then((outcome) => {
      const name = outcome === 'answered' ? String(packet[0]) : null;
      const address = edge.addressOf(socket.request);
      parts.onCommand?.({ name, user: identity?.user, address, tookMs: parts.now() - begun });
      if (outcome === 'answered') return;
      unknown += 1;
      if (unknown < edge.limits.unknownEvents) return;
      edge.reached('unknownEvents', address);
      socket.disconnect(true);
      socket.request.socket.destroy();
    }, failed);
  });
}
