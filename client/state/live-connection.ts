import { io, type Socket } from 'socket.io-client';
import {
  livePath,
  type ClientToServer,
  type Refusal,
  type ResyncAnswer,
  type ServerToClient,
  type Snapshot,
  type Subscribe,
} from '../../shared/live/protocol.ts';

/** What a connection tells; frames and changes are unknown until parsed. */
export interface LiveEvents {
  readonly connected: () => void;
  readonly lost: () => void;
  /** The server would not take the connection: the session may have ended. */
  readonly refused: () => void;
  readonly ended: () => void;
  readonly frame: (frame: unknown) => void;
  readonly changes: (changes: unknown) => void;
}

/** The two commands of the live protocol; answers are unknown until parsed, and reject when none came in time. */
export interface LiveConnection {
  readonly subscribe: (body: Subscribe) => Promise<unknown>;
  readonly resync: (after: number) => Promise<unknown>;
  readonly close: () => void;
}

export type ConnectLive = (events: LiveEvents) => LiveConnection;

const answerWithinMs = 10_000;
const retryRefusedMs = 5_000;

/** Connects to the server that the page came from, over WebSocket only, and keeps trying until closed. */
export const connectLive: ConnectLive = (events) => {
  const socket: Socket<ServerToClient, ClientToServer> = io({
    path: livePath,
    transports: ['websocket'],
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
  });
  let retry: ReturnType<typeof setTimeout> | undefined;
  let over = false;
  // The client does not come back by itself when the server said no, or ended it.
  const comeBack = (): void => {
    clearTimeout(retry);
    if (!over && !socket.active) retry = setTimeout(() => socket.connect(), retryRefusedMs);
  };

  socket.on('connect', events.connected);
  socket.on('disconnect', () => {
    events.lost();
    comeBack();
  });
  socket.on('connect_error', () => {
    events.refused();
    comeBack();
  });
  socket.on('session:ended', () => {
    over = true;
    events.ended();
  });
  socket.on('frame:sent', events.frame);
  socket.on('alerts:changed', events.changes);

  return {
    subscribe: (body): Promise<Snapshot | Refusal> =>
      socket.timeout(answerWithinMs).emitWithAck('live:subscribe', body),
    resync: (after): Promise<ResyncAnswer | Refusal> =>
      socket.timeout(answerWithinMs).emitWithAck('frames:resync', { after }),
    close: () => {
      over = true;
      clearTimeout(retry);
      socket.disconnect();
    },
  };
};
