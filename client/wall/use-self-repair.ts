import { useEffect, useRef } from 'react';
import { useFeed } from '../state/feed-context.tsx';

const lookMs = 5_000;
/** Without a painted frame for this long a visible wall reloads. */
export const unpaintedMs = 60_000;

/** Nobody sits at a wall: it reloads by itself when nothing is painted any more, and when the server's version changed. */
export function useSelfRepair(): void {
  const version = useFeed((state) => state.version);
  const first = useRef(version);
  useEffect(() => {
    first.current ??= version;
    if (version !== null && version !== first.current) location.reload();
  }, [version]);

  useEffect(() => {
    let painted = performance.now();
    const look = (): void => {
      if (document.visibilityState !== 'visible') painted = performance.now();
      else if (performance.now() - painted > unpaintedMs) location.reload();
      requestAnimationFrame(() => {
        painted = performance.now();
      });
    };
    const timer = setInterval(look, lookMs);
    return () => clearInterval(timer);
  }, []);
}
