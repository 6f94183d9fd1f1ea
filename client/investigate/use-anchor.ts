import { useCallback, useEffect, useState } from 'react';
import { useFeedHandle } from '../state/feed-context.tsx';

/** How often a range that ends now is read again. */
export const followMs = 10_000;

/** What "now" means for the ranges on the screen, epoch ms of the server's clock; it moves on only while `following`. */
export function useAnchor(following: boolean, busy: boolean): { now: number; refresh: () => void } {
  const feed = useFeedHandle();
  const [now, setNow] = useState(() => feed.serverNow());
  const refresh = useCallback(() => setNow(feed.serverNow()), [feed]);
  useEffect(() => {
    if (!following || busy) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') refresh();
    }, followMs);
    return () => clearInterval(timer);
  }, [following, busy, refresh]);
  // A page that was hidden catches up at once when it is seen again.
  useEffect(() => {
    const seen = (): void => {
      if (following && document.visibilityState === 'visible') refresh();
    };
    document.addEventListener('visibilitychange', seen);
    return () => document.removeEventListener('visibilitychange', seen);
  }, [following, refresh]);
  return { now, refresh };
}
