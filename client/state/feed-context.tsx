import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LiveFeed, LiveState } from './live-feed.ts';

interface Clock {
  readonly serverNow: number;
  readonly ourNow: number;
  readonly ageMs: number | null;
}

interface Feed {
  readonly feed: LiveFeed;
  readonly clock: StoreApi<Clock>;
}

const FeedContext = createContext<Feed | null>(null);

function clockOf(feed: LiveFeed): Clock {
  const serverNow = feed.serverNow();
  return { serverNow, ourNow: serverNow - feed.store.getState().clockOffset, ageMs: feed.ageMs() };
}

/** Gives the live feed, and one clock that ticks each second, to all below. */
export function FeedProvider(props: { readonly feed: LiveFeed; readonly children: ReactNode }) {
  const { feed } = props;
  const clock = useMemo(() => createStore<Clock>(() => clockOf(feed)), [feed]);
  useEffect(() => {
    const tick = (): void => clock.setState(clockOf(feed));
    const timer = setInterval(tick, 1_000);
    const stop = feed.subscribeFrames(tick);
    tick();
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [clock, feed]);
  const value = useMemo(() => ({ feed, clock }), [feed, clock]);
  return <FeedContext value={value}>{props.children}</FeedContext>;
}

function useContextFeed(): Feed {
  const value = useContext(FeedContext);
  if (!value) throw new Error('useFeed needs a FeedProvider above');
  return value;
}

/** The feed itself: series, sums, subscriptions. */
export const useFeedHandle = (): LiveFeed => useContextFeed().feed;

/** One slice of the feed; renders again when the slice changes, so select small ones. */
export function useFeed<T>(selector: (state: LiveState) => T): T {
  return useStore(useContextFeed().feed.store, selector);
}

/** Age of the newest frame in ms, whole seconds, by the server's clock; `null` before the first. Renders each second. */
export function useDataAge(): number | null {
  return useStore(useContextFeed().clock, ({ ageMs }) =>
    ageMs === null ? null : Math.floor(ageMs / 1_000) * 1_000,
  );
}

/**
 * What `read` makes of the server's clock and ours, epoch ms, each second.
 * Renders only when that changes, so answer the text or the number that is drawn.
 */
export function useEachSecond<T>(read: (serverNow: number, ourNow: number) => T): T {
  return useStore(useContextFeed().clock, ({ serverNow, ourNow }) => read(serverNow, ourNow));
}

/** The server's clock, epoch ms, whole seconds. Renders each second. */
export const useServerNow = (): number => useEachSecond((now) => Math.floor(now / 1_000) * 1_000);

/** The server's clock in whole minutes: for what need not be drawn each second. */
export const useServerMinute = (): number => useEachSecond((now) => Math.floor(now / 60_000) * 60_000);

/** How far the picture can be trusted: `aging` over 3 s (show the age), `stale` over 10 s or cut off (fade the values), `stopped` over 30 s. */
export type Freshness = 'waiting' | 'fresh' | 'aging' | 'stale' | 'stopped';

/** The freshness of the live data; renders only when it changes. */
export function useFreshness(): Freshness {
  const { feed, clock } = useContextFeed();
  const status = useStore(feed.store, (state) => state.status);
  return useStore(clock, ({ ageMs }) => freshnessOf(ageMs, status));
}

/** The freshness for an age and a connection. */
export function freshnessOf(ageMs: number | null, status: LiveState['status']): Freshness {
  if (ageMs === null) return 'waiting';
  if (ageMs > 30_000) return 'stopped';
  if (ageMs > 10_000 || status === 'lost' || status === 'signed-out') return 'stale';
  return ageMs > 3_000 ? 'aging' : 'fresh';
}

/** A feed of one's own, connected for as long as the component lives. */
export function useOwnFeed(make: () => LiveFeed): LiveFeed {
  const [feed] = useState(make);
  useEffect(() => feed.open(), [feed]);
  return feed;
}
