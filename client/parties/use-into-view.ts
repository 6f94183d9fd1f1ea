import { useEffect, useRef, type RefObject } from 'react';

/** Scrolls what is chosen into view, as little as needed, when it becomes so. */
export function useIntoView<T extends Element>(chosen: boolean): RefObject<T | null> {
  const element = useRef<T>(null);
  useEffect(() => {
    if (chosen) element.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return element;
}
