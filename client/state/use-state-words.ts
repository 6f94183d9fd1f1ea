import { useMemo } from 'react';
import { useStore } from 'zustand';
import { stateOf, type StateFacts, type StateWord } from '../../shared/live/state-word.ts';
import type { LiveState } from './live-feed.ts';
import { useFeedHandle, useFreshness } from './feed-context.tsx';
import { isAboveUsual } from './usual-range.ts';

/** The words that hold, worst first and never empty, and the facts behind them. */
export interface StateWords {
  readonly words: readonly StateWord[];
  readonly facts: StateFacts;
}

/** The facts of the state word in a picture of the feed; `failuresPerMinute` counts failed and blocked logins. */
export function factsOf(state: LiveState, frameAgeMs: number | null, failuresPerMinute: number): StateFacts {
  return {
    frameAgeMs,
    openCritical: state.alerts.filter(({ severity }) => severity === 'critical').length,
    openHigh: state.alerts.filter(({ severity }) => severity === 'high').length,
    holes: state.frame?.coverage ?? [],
    outsideUsual: isAboveUsual(failuresPerMinute, state.frame?.usualFailures ?? null),
  };
}

/** The state words of now; renders with each frame and whenever the freshness changes. */
export function useStateWords(): StateWords {
  const feed = useFeedHandle();
  const state = useStore(feed.store);
  const freshness = useFreshness();
  return useMemo(() => {
    const { failure, blocked } = feed.sum(60);
    const facts = factsOf(state, freshness === 'waiting' ? null : feed.ageMs(), failure + blocked);
    return { words: stateOf(facts), facts };
  }, [feed, state, freshness]);
}
