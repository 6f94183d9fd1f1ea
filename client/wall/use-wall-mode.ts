import { useEffect, useLayoutEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { placement, type WallSettings } from './wall-settings.ts';

/** Puts the document into wall mode for as long as the wall is shown, and back as it was after. */
export function useWallMode(theme: WallSettings['theme'], language: string): void {
  useLayoutEffect(() => {
    const root = document.documentElement;
    const before = { mode: root.dataset['mode'], theme: root.dataset['theme'], lang: root.lang };
    root.dataset['mode'] = 'wall';
    root.dataset['theme'] = theme;
    root.lang = language;
    return () => {
      root.lang = before.lang;
      for (const name of ['mode', 'theme'] as const) {
        if (before[name] === undefined) delete root.dataset[name];
        else root.dataset[name] = before[name];
      }
    };
  }, [theme, language]);
}

/** Where the wall stands on this screen, drawn so many times larger; follows its size. */
export function usePlacement(enlargement: number): ReturnType<typeof placement> {
  const [place, setPlace] = useState(() => placement(innerWidth, innerHeight, enlargement));
  useEffect(() => {
    const measure = (): void => setPlace(placement(innerWidth, innerHeight, enlargement));
    measure();
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  }, [enlargement]);
  return place;
}

const shownMs = 3_000;

/** Whether the pointer moved just now; Esc leaves the wall, where there is something else. */
export function useWayOut(mayLeave: boolean): boolean {
  const [moved, setMoved] = useState(false);
  const [, navigate] = useLocation();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onMove = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => setMoved(false), shownMs);
      setMoved(true);
    };
    const onKey = ({ key }: KeyboardEvent): void => {
      if (mayLeave && key === 'Escape') navigate('/');
    };
    addEventListener('pointermove', onMove);
    addEventListener('keydown', onKey);
    return () => {
      clearTimeout(timer);
      removeEventListener('pointermove', onMove);
      removeEventListener('keydown', onKey);
    };
  }, [navigate, mayLeave]);
  return moved;
}
