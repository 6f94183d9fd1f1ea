import * as z from 'zod/mini';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { alertChangeSchema, type Alert, type AlertChange } from '../../shared/alert.ts';
import { frameSchema, type Frame } from '../../shared/live/frame.ts';
import type { Snapshot } from '../../shared/live/protocol.ts';
import type { Party } from '../../shared/party.ts';
import { createLiveAlerts } from './live-alerts.ts';
import { connectLive, type ConnectLive, type LiveConnection, type LiveEvents } from './live-connection.ts';
import { createLiveFrames } from './live-frames.ts';
import { createLiveSubscription } from './live-subscription.ts';
import type { SecondColumns, SecondCounts } from './second-ring.ts';

/** The slices of the live feed that React draws. */
export interface LiveState {
  readonly status: 'connecting' | 'live' | 'lost' | 'signed-out';
  /** `null` before the first snapshot. */
  readonly mode: Snapshot['mode'] | null;
  readonly version: string | null;
  /** Server's clock minus ours, milliseconds. */
  readonly clockOffset: number;
  /** The newest frame. */
  readonly frame: Frame | null;
  /** The register, nationals first, each kind by number. */
  readonly parties: readonly Party[];
  /** Open alerts held here, worst first; `openAlerts` counts them all. */
  readonly alerts: readonly Alert[];
  readonly openAlerts: number;
  /** Grows whenever the per-second series changed. */
  readonly recentVersion: number;
}

/** The live side of the client, outside React: one connection, bounded memory. */
export interface LiveFeed {
  readonly store: StoreApi<LiveState>;
  /** Connects, and keeps connected until the answer is called. */
  readonly open: () => () => void;
  /** Age of the newest frame by the server's clock, `null` before the first. */
  readonly ageMs: () => number | null;
  /** The server's clock now, epoch ms. */
  readonly serverNow: () => number;
  /** Sums of the last `seconds` up to the newest frame, and how many of them were heard. */
  readonly sum: (seconds: number) => SecondCounts & { readonly heard: number };
  /** The per-second series up to the newest frame; `null` where nothing was heard. */
  readonly columns: (seconds?: number) => SecondColumns;
  /** Called after every change of the series, outside React; answers how to stop. */
  readonly subscribeFrames: (listener: () => void) => () => void;
  /** Called with each change of the alert log that comes after the first snapshot, in order. */
  readonly subscribeChanges: (listener: (changes: readonly AlertChange[]) => void) => () => void;
}

export interface LiveFeedOptions {
  readonly connect?: ConnectLive;
  /** Our clock, epoch ms. */
  readonly now?: () => number;
  /** Called when the server refuses or ends the connection: the session may be over. */
  readonly onDoubt?: () => void;
  /** Waits `ms`, then calls. */
  readonly wait?: (ms: number, then: () => void) => void;
}

const initial: LiveState = {
  status: 'connecting',
  mode: null,
  version: null,
  clockOffset: 0,
  frame: null,
  parties: [],
  alerts: [],
  openAlerts: 0,
  recentVersion: 0,
};

const changesSchema = z.array(alertChangeSchema);
const later = (ms: number, then: () => void): void => void setTimeout(then, ms);
const nothing = (): void => undefined;

/** A feed that begins with `open`. What it can't read it leaves out: the picture then ages, and says so. */
export function createLiveFeed(options: LiveFeedOptions = {}): LiveFeed {
  const { connect = connectLive, now = Date.now, onDoubt = nothing, wait = later } = options;
  const store = createStore<LiveState>(() => initial);
  let connection: LiveConnection | null = null;
  const ask = (command: (to: LiveConnection) => Promise<unknown>): Promise<unknown> =>
    connection ? command(connection) : Promise.reject(new Error('not connected'));

  const frames = createLiveFrames({ store, now, resync: (after) => ask((to) => to.resync(after)) });
  const alerts = createLiveAlerts(store);
  const subscription = createLiveSubscription({
    store,
    now,
    wait,
    frames,
    alerts,
    subscribe: (body) => ask((to) => to.subscribe(body)),
  });
  const events = eventsOf(store, subscription, onDoubt);

  const serverNow = (): number => now() + store.getState().clockOffset;
  const newestAt = (): number => store.getState().frame?.at ?? serverNow();

  return {
    store,
    serverNow,
    open: () => {
      const mine = connect(events);
      connection = mine;
      return () => {
        subscription.stop();
        mine.close();
        if (connection === mine) connection = null;
      };
    },
    ageMs: () => {
      const { frame } = store.getState();
      return frame ? Math.max(0, serverNow() - frame.at) : null;
    },
    sum: (seconds) => frames.sum(newestAt(), seconds),
    columns: (seconds) => frames.columns(newestAt(), seconds),
    subscribeFrames: frames.subscribe,
    subscribeChanges: alerts.subscribe,
  };
}

function eventsOf(
  store: StoreApi<LiveState>,
  subscription: ReturnType<typeof createLiveSubscription>,
  onDoubt: () => void,
): LiveEvents {
  const lost = (): void => {
    subscription.stop();
    if (store.getState().status !== 'signed-out') store.setState({ status: 'lost' });
  };
  return {
    connected: subscription.start,
    lost,
    refused: () => {
      lost();
      onDoubt();
    },
    ended: () => {
      subscription.stop();
      store.setState({ status: 'signed-out' });
      onDoubt();
    },
    frame: (message) => {
      const frame = frameSchema.safeParse(message);
      if (frame.success) subscription.frame(frame.data);
    },
    changes: (message) => {
      const changes = changesSchema.safeParse(message);
      if (changes.success) subscription.changes(changes.data);
      else subscription.start();
    },
  };
}
