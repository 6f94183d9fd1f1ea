import * as z from 'zod/mini';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { alertChangeSchema, type Alert, type AlertChange } from '../../shared/alert.ts';
import { frameSchema, type Frame } from '../../shared/live/frame.ts';
import { resyncAnswerSchema, snapshotSchema, type Snapshot } from '../../shared/live/protocol.ts';
import type { Party } from '../../shared/party.ts';
import { createAlertLog, openDelta } from './alert-log.ts';
import { connectLive, type ConnectLive, type LiveConnection } from './live-connection.ts';
import { createSecondRing, type SecondColumns, type SecondCounts } from './second-ring.ts';

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
  /** Ends the connection for good. */
  readonly close: () => void;
}

export interface LiveFeedOptions {
  readonly connect?: ConnectLive;
  /** Our clock, epoch ms. */
  readonly now?: () => number;
  /** Called when the server refuses or ends the connection: the session may be over. */
  readonly onDoubt?: () => void;
  /** Called once for waiting `ms` before asking again. */
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
const askAgainMs = 3_000;
/** Changes held back while a snapshot is on its way; past it they are dropped, and the next gap asks again. */
const maxHeldChanges = 5_000;

/** Starts a feed; it connects at once, and lives until `close`. */
export function createLiveFeed(options: LiveFeedOptions = {}): LiveFeed {
  const { connect = connectLive, now = Date.now, onDoubt = () => undefined } = options;
  const wait = options.wait ?? ((ms, then) => void setTimeout(then, ms));
  const store = createStore<LiveState>(() => initial);
  const ring = createSecondRing();
  const log = createAlertLog();
  const frameListeners = new Set<() => void>();
  const changeListeners = new Set<(changes: readonly AlertChange[]) => void>();
  /** Counts subscriptions, so that a late answer to an old one is ignored. */
  let attempt = 0;
  let subscribed = false;
  let resyncing = false;
  let closed = false;
  let held: AlertChange[] = [];
  let heldFrame: Frame | null = null;

  const drawn = (): void => {
    for (const listener of frameListeners) listener();
  };

  const subscribe = async (): Promise<void> => {
    if (closed) return;
    attempt += 1;
    const mine = attempt;
    subscribed = false;
    const body = { frameSeq: store.getState().frame?.seq ?? null, alertCursor: log.cursor() };
    const answer = await connection.subscribe(body).catch(() => null);
    if (mine !== attempt || closed) return;
    const snapshot = snapshotSchema.safeParse(answer);
    if (snapshot.success) takeSnapshot(snapshot.data);
    else wait(askAgainMs, () => void (mine === attempt && subscribe()));
  };

  const takeSnapshot = (snapshot: Snapshot): void => {
    subscribed = true;
    ring.addSeries(snapshot.recent);
    if (snapshot.frame) ring.addFrame(snapshot.frame);
    let applied: AlertChange[] = [];
    let gap = false;
    if (snapshot.alerts) log.replace(snapshot.alerts, snapshot.alertCursor);
    else ({ applied, gap } = log.apply(snapshot.missed));
    store.setState((state) => ({
      status: 'live',
      mode: snapshot.mode,
      version: snapshot.version,
      clockOffset: snapshot.now - now(),
      frame: snapshot.frame ?? state.frame,
      parties: snapshot.parties.toSorted(
        (a, b) => Number(a.kind === 'aceh') - Number(b.kind === 'aceh') || a.number - b.number,
      ),
      alerts: log.open(),
      openAlerts: snapshot.openAlerts,
      recentVersion: state.recentVersion + 1,
    }));
    tell(applied);
    drawn();
    if (gap) return startOver();
    const changes = held;
    const frame = heldFrame;
    held = [];
    heldFrame = null;
    if (changes.length > 0) takeChanges(changes);
    if (frame) takeFrame(frame);
  };

  /** The log here and the log there do not meet: forget ours and ask for all. */
  const startOver = (): void => {
    log.forget();
    void subscribe();
  };

  const tell = (changes: readonly AlertChange[]): void => {
    if (changes.length === 0) return;
    for (const listener of changeListeners) listener(changes);
  };

  const takeChanges = (changes: readonly AlertChange[]): void => {
    const { applied, gap } = log.apply(changes);
    if (applied.length > 0) {
      const moved = applied.reduce((sum, change) => sum + openDelta(change), 0);
      store.setState((state) => ({
        alerts: log.open(),
        openAlerts: Math.max(0, state.openAlerts + moved),
      }));
      tell(applied);
    }
    if (gap) void subscribe();
  };

  const takeFrame = (frame: Frame): void => {
    const { frame: newest, clockOffset } = store.getState();
    if (newest && frame.seq <= newest.seq) return;
    ring.addFrame(frame);
    // A frame can't come from the future: our clock was set back since the snapshot.
    const offset = Math.max(clockOffset, frame.at - now());
    store.setState((state) => ({
      frame,
      clockOffset: offset,
      recentVersion: state.recentVersion + 1,
    }));
    drawn();
    if (newest && frame.seq > newest.seq + 1) void resync(newest.seq);
  };

  const resync = async (after: number): Promise<void> => {
    if (resyncing) return;
    resyncing = true;
    const answer = await connection.resync(after).catch(() => null);
    resyncing = false;
    const parsed = resyncAnswerSchema.safeParse(answer);
    if (!parsed.success || closed) return;
    ring.addSeries(parsed.data.recent);
    store.setState((state) => ({ recentVersion: state.recentVersion + 1 }));
    if (parsed.data.frame) takeFrame(parsed.data.frame);
    drawn();
  };

  const lost = (): void => {
    attempt += 1;
    subscribed = false;
    if (store.getState().status !== 'signed-out') store.setState({ status: 'lost' });
  };

  const connection: LiveConnection = connect({
    connected: () => void subscribe(),
    lost,
    refused: () => {
      lost();
      onDoubt();
    },
    ended: () => {
      attempt += 1;
      store.setState({ status: 'signed-out' });
      onDoubt();
    },
    frame: (message) => {
      const frame = frameSchema.safeParse(message);
      if (!frame.success) return;
      if (subscribed) takeFrame(frame.data);
      else heldFrame = frame.data;
    },
    changes: (message) => {
      const changes = changesSchema.safeParse(message);
      if (!changes.success) return void subscribe();
      if (subscribed) takeChanges(changes.data);
      else if (held.length + changes.data.length <= maxHeldChanges) held.push(...changes.data);
    },
  });

  const serverNow = (): number => now() + store.getState().clockOffset;
  const newestAt = (): number => store.getState().frame?.at ?? serverNow();
  const listen = <T>(listeners: Set<T>, listener: T): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };

  return {
    store,
    serverNow,
    ageMs: () => {
      const { frame } = store.getState();
      return frame ? Math.max(0, serverNow() - frame.at) : null;
    },
    sum: (seconds) => ring.sum(newestAt(), seconds),
    columns: (seconds) => ring.columns(newestAt(), seconds),
    subscribeFrames: (listener) => listen(frameListeners, listener),
    subscribeChanges: (listener) => listen(changeListeners, listener),
    close: () => {
      closed = true;
      attempt += 1;
      connection.close();
    },
  };
}
