import type { StoreApi } from 'zustand/vanilla';
import type { Frame, LoginSeries } from '../../shared/live/frame.ts';
import { resyncAnswerSchema } from '../../shared/live/protocol.ts';
import type { LiveState } from './live-feed.ts';
import { createListeners } from './listeners.ts';
import { createSecondRing, type SecondColumns, type SecondCounts } from './second-ring.ts';

/** The frames' side of the feed: the newest one in the store, the last 15 minutes by the second in a ring. */
export interface LiveFrames {
  /** Takes a frame that is newer than the one known; asks for those that were jumped over. */
  readonly take: (frame: Frame) => void;
  /** Into the series only. */
  readonly addFrame: (frame: Frame) => void;
  readonly addSeries: (series: LoginSeries) => void;
  /** Tells those who draw that the series changed. */
  readonly drawn: () => void;
  readonly sum: (endAt: number, seconds: number) => SecondCounts & { readonly heard: number };
  readonly columns: (endAt: number, seconds?: number) => SecondColumns;
  readonly subscribe: (listener: () => void) => () => void;
}

interface FramesParts {
  readonly store: StoreApi<LiveState>;
  readonly now: () => number;
  /** Asks for the frames after a number; rejects when nobody answers. */
  readonly resync: (after: number) => Promise<unknown>;
}

/** Frames into `store` and a ring; one resync at a time. */
export function createLiveFrames({ store, now, resync }: FramesParts): LiveFrames {
  const ring = createSecondRing();
  const listeners = createListeners<void>();
  let resyncing = false;

  const fill = async (after: number): Promise<void> => {
    if (resyncing) return;
    resyncing = true;
    const answer = await resync(after).catch(() => null);
    resyncing = false;
    const parsed = resyncAnswerSchema.safeParse(answer);
    if (!parsed.success) return;
    ring.addSeries(parsed.data.recent);
    store.setState((state) => ({ recentVersion: state.recentVersion + 1 }));
    if (parsed.data.frame) take(parsed.data.frame);
    listeners.tell();
  };

  const take = (frame: Frame): void => {
    const { frame: newest, clockOffset } = store.getState();
    if (newest && frame.seq <= newest.seq) return;
    ring.addFrame(frame);
    store.setState((state) => ({
      frame,
      // A frame can't come from the future: our clock was set back since the snapshot.
      clockOffset: Math.max(clockOffset, frame.at - now()),
      recentVersion: state.recentVersion + 1,
    }));
    listeners.tell();
    if (newest && frame.seq > newest.seq + 1) void fill(newest.seq);
  };

  return {
    take,
    addFrame: ring.addFrame,
    addSeries: ring.addSeries,
    drawn: listeners.tell,
    sum: ring.sum,
    columns: ring.columns,
    subscribe: listeners.subscribe,
  };
}
