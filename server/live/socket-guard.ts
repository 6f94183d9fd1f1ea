import type { IncomingMessage } from 'node:http';
import type { Edge } from '../edge/edge.ts';
import { createCallBudget } from './call-budget.ts';

/** What is used of a connection below Socket.IO, as Engine.IO has it. */
interface RawConnection {
  readonly request: IncomingMessage;
  readonly transport: {
    once(event: 'drain', listener: () => void): unknown;
  };
  on(event: 'packet', listener: (packet: { type: string; data?: unknown }) => void): unknown;
  on(event: 'packetCreate', listener: (packet: { data?: unknown }) => void): unknown;
  on(event: 'flush' | 'close', listener: () => void): unknown;
}

/** Watches over connections from the hand-shake on: how many there are, what each sends, and what waits for it. */
export interface SocketGuard {
  /** Whether one more of that request's address may begin. */
  mayBegin(request: IncomingMessage): boolean;
  begin(connection: RawConnection): void;
  /** Cuts a connection for which too many bytes wait; true when it did. */
  cutIfSlow(request: IncomingMessage): boolean;
}

const tenSeconds = 10_000;
/** Packets of the Socket.IO protocol that announce binary parts: no command has any. */
const binaryTypes = new Set(['5', '6']);

export function createSocketGuard(edge: Edge, now: () => number): SocketGuard {
  const { limits, reached, addressOf } = edge;
  const ofAddress = new Map<string, number>();
  let all = 0;
  const cut = new WeakSet<IncomingMessage>();
  const backlogs = new WeakMap<IncomingMessage, () => number>();

  const add = (address: string, change: 1 | -1): void => {
    all += change;
    const count = (ofAddress.get(address) ?? 0) + change;
    if (count > 0) ofAddress.set(address, count);
    else ofAddress.delete(address);
  };
  return {
    mayBegin(request) {
      const address = addressOf(request);
      const limit =
        all >= limits.sockets
          ? 'sockets'
          : (ofAddress.get(address) ?? 0) >= limits.socketsPerAddress
            ? 'socketsPerAddress'
            : null;
      if (limit !== null) reached(limit, address);
      return limit === null;
    },
    begin(connection) {
      const { request } = connection;
      const address = addressOf(request);
      add(address, 1);
      connection.on('close', () => add(address, -1));
      backlogs.set(request, watchBacklog(connection));
      const budget = createCallBudget({ calls: limits.socketMessages, perMs: tenSeconds, now });
      connection.on('packet', ({ type, data }) => {
        if (type !== 'message') return;
        const isText = typeof data === 'string' && !binaryTypes.has(data.charAt(0));
        const isInTime = budget.spend();
        if (isText && isInTime) return;
        reached(isText ? 'socketMessages' : 'unknownEvents', address);
        // Closing in order would wait half a minute for an answer to it.
        request.socket.destroy();
      });
    },
    cutIfSlow(request) {
      if (cut.has(request)) return true;
      const waiting = backlogs.get(request)?.() ?? 0;
      if (waiting <= limits.socketBacklogBytes) return false;
      cut.add(request);
      reached('socketBacklogBytes', addressOf(request));
      // Closing in order would wait for the reader that doesn't read.
      request.socket.destroy();
      return true;
    },
  };
}

/** Bytes, nearly, that were handed to a connection and that its peer's side has not taken from us yet. */
function watchBacklog(connection: RawConnection): () => number {
  let waiting = 0;
  let underWay = 0;
  connection.on('packetCreate', ({ data }) => {
    waiting += typeof data === 'string' ? data.length : 0;
  });
  connection.on('flush', () => {
    underWay = waiting;
    waiting = 0;
    connection.transport.once('drain', () => {
      underWay = 0;
    });
  });
  return () => waiting + underWay;
}
