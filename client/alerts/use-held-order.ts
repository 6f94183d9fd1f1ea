import { useCallback, useEffect, useRef, useState } from 'react';
import type { Alert } from '../../shared/alert.ts';
import type { HeldOrder } from './queue-order.ts';

/** A pointer or focus that rests this long holds the order no more, so that an unwatched screen stays true. */
export const holdForMs = 60_000;

interface Hold {
  readonly held: HeldOrder | null;
  /** Takes in what is new, and holds that. */
  readonly refresh: () => void;
  /** Handlers for the list's element. */
  readonly bind: {
    readonly onPointerMove: () => void;
    readonly onPointerLeave: () => void;
    readonly onFocus: () => void;
    readonly onBlur: () => void;
    readonly onKeyDownCapture: () => void;
  };
}

/** Holds the order of `alerts` while the pointer or the focus is inside, and moving. */
export function useHeldOrder(alerts: readonly Alert[]): Hold {
  const [held, setHeld] = useState<HeldOrder | null>(null);
  const newest = useRef(alerts);
  const inside = useRef({ pointer: false, focus: false });
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  useEffect(() => {
    newest.current = alerts;
  }, [alerts]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const hold = useCallback((by: 'pointer' | 'focus') => {
    inside.current[by] = true;
    setHeld((order) => order ?? newest.current);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setHeld(null), holdForMs);
  }, []);
  const leave = useCallback((by: 'pointer' | 'focus') => {
    inside.current[by] = false;
    if (inside.current.pointer || inside.current.focus) return;
    clearTimeout(timer.current);
    setHeld(null);
  }, []);
  const refresh = useCallback(() => setHeld((order) => order && newest.current), []);

  return {
    held,
    refresh,
    bind: {
      onPointerMove: () => hold('pointer'),
      onPointerLeave: () => leave('pointer'),
      onFocus: () => hold('focus'),
      onBlur: () => leave('focus'),
      onKeyDownCapture: () => hold('focus'),
    },
  };
}
