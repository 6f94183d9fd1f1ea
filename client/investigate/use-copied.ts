import { useCallback, useEffect, useRef, useState } from 'react';
import { copyText } from './copy-text.ts';

const shownMs = 2_000;

/** Copies, and says for two seconds whether that worked; `null` while there is nothing to say. */
export function useCopied(): readonly [copied: boolean | null, copy: (text: string) => void] {
  const [copied, setCopied] = useState<boolean | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = useCallback((text: string) => {
    const run = async (): Promise<void> => {
      setCopied(await copyText(text));
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setCopied(null), shownMs);
    };
    void run();
  }, []);
  return [copied, copy];
}
