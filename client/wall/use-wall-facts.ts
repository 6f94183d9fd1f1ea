import { useState } from 'react';
import { useStore } from 'zustand';
import { useFeedHandle, useFreshness, useServerNow } from '../state/feed-context.tsx';
import { usePreference } from '../state/preferences-context.tsx';
import { useStateWords } from '../state/use-state-words.ts';
import { useWallDetail } from './wall-detail.ts';
import type { WallFacts } from './wall-facts.ts';

/** How long a wall may say that it is connecting before it says that data stopped. */
export const connectingMs = 10_000;

/** The wall's facts of this second. */
export function useWallFacts(): WallFacts {
  const feed = useFeedHandle();
  const { frame, parties, alerts, openAlerts } = useStore(feed.store);
  const { words } = useStateWords();
  const freshness = useFreshness();
  const zone = usePreference('zone');
  const detail = useWallDetail();
  const now = useServerNow();
  const [start] = useState(now);
  const { failure, blocked, heard } = feed.sum(60);
  return {
    now,
    zone,
    detail,
    freshness,
    connecting: now - start < connectingMs,
    ageMs: feed.ageMs(),
    words,
    frame,
    parties,
    alerts,
    openAlerts,
    failures: { count: failure + blocked, heard },
  };
}
