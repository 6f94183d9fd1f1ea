import type { StoreApi } from 'zustand/vanilla';
import type { AlertChange } from '../../shared/alert.ts';
import type { Frame } from '../../shared/live/frame.ts';
import { snapshotSchema, type Snapshot, type Subscribe } from '../../shared/live/protocol.ts';
import type { Party } from '../../shared/party.ts';
import type { LiveAlerts } from './live-alerts.ts';
import type { LiveState } from './live-feed.ts';
import type { LiveFrames } from './live-frames.ts';

/** How long after a refused or unreadable snapshot it is asked for again. */
export const askAgainMs = 3_000;
/** Changes held back while a snapshot is on its way; past it they are dropped, and the gap asks again. */
export const maxHeldChanges = 5_000;

/** One subscription at a time: what arrives before its snapshot waits for it. */
export interface LiveSubscription {
  /** Asks for a snapshot; an answer to an earlier question is ignored. */
  readonly start: () => void;
  readonly stop: () => void;
  readonly frame: (frame: Frame) => void;
  readonly changes: (changes: readonly AlertChange[]) => void;
}

interface SubscriptionParts {
  readonly store: StoreApi<LiveState>;
  readonly now: () => number;
  readonly wait: (ms: number, then: () => void) => void;
  readonly frames: LiveFrames;
  readonly alerts: LiveAlerts;
  readonly subscribe: (body: Subscribe) => Promise<unknown>;
}

const byKindAndNumber = (a: Party, b: Party): number =>
  Number(a.kind === 'aceh') - Number(b.kind === 'aceh') || a.number - b.number;

const stateAfter = (state: LiveState, snapshot: Snapshot, now: number): Partial<LiveState> => ({
  status: 'live',
  mode: snapshot.mode,
  version: snapshot.version,
  clockOffset: snapshot.now - now,
  frame: snapshot.frame ?? state.frame,
  parties: snapshot.parties.toSorted(byKindAndNumber),
  recentVersion: state.recentVersion + 1,
});

/** Rules 1 to 4 of the live protocol, from the client's side. */
export function createLiveSubscription(parts: SubscriptionParts): LiveSubscription {
  const { store, frames, alerts } = parts;
  let attempt = 0;
  let subscribed = false;
  let held: AlertChange[] = [];
  let heldFrame: Frame | null = null;

  const stop = (): void => {
    attempt += 1;
    subscribed = false;
    held = [];
    heldFrame = null;
  };

  const ask = async (): Promise<void> => {
    attempt += 1;
    const mine = attempt;
    subscribed = false;
    const frameSeq = store.getState().frame?.seq ?? null;
    const answer = await parts.subscribe({ frameSeq, alertCursor: alerts.cursor() }).catch(() => null);
    if (mine !== attempt) return;
    const snapshot = snapshotSchema.safeParse(answer);
    if (snapshot.success) take(snapshot.data);
    else parts.wait(askAgainMs, () => mine === attempt && start());
  };
  const start = (): void => void ask();

  const take = (snapshot: Snapshot): void => {
    subscribed = true;
    frames.addSeries(snapshot.recent);
    if (snapshot.frame) frames.addFrame(snapshot.frame);
    store.setState((state) => stateAfter(state, snapshot, parts.now()));
    frames.drawn();
    if (!alerts.load(snapshot)) {
      alerts.forget();
      return start();
    }
    const [waiting, newest] = [held, heldFrame];
    held = [];
    heldFrame = null;
    if (waiting.length > 0) changes(waiting);
    if (newest) frames.take(newest);
  };

  const changes = (news: readonly AlertChange[]): void => {
    if (!subscribed) {
      if (held.length + news.length <= maxHeldChanges) held.push(...news);
    } else if (!alerts.take(news)) start();
  };

  return {
    start,
    stop,
    changes,
    frame: (frame) => {
      if (subscribed) frames.take(frame);
      else heldFrame = frame;
    },
  };
}
