import { useEffect, useRef, useState, type RefObject } from 'react';

/** A button and what it opens, both inside `host`. */
export interface Disclosure {
  readonly isOpen: boolean;
  readonly host: RefObject<HTMLDivElement | null>;
  readonly toggle: () => void;
  /** Closes, with the focus back on the button, so that it isn't lost with what is gone. */
  readonly close: () => void;
}

const stops = 'a[href], button:not([disabled])';
const stepOf: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at - 1 + count) % count,
  Home: () => 0,
  End: (_at, count) => count - 1,
};

/**
 * The disclosure pattern of the ARIA Authoring Practices: Tab goes through and out, which closes it, as Escape and a press elsewhere
 * do; arrows, Home and End go around.
 */
export function useDisclosure(): Disclosure {
  const [isOpen, setOpen] = useState(false);
  const host = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const { current: around } = host;
    if (!isOpen || !around) return undefined;
    const isOutside = ({ target }: Event): boolean => target instanceof Node && !around.contains(target);
    const elsewhere = (event: Event): void => {
      if (isOutside(event)) setOpen(false);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') {
        setOpen(false);
        around.querySelector('button')?.focus();
      } else if (moveFocus(around, event.key)) event.preventDefault();
    };
    document.addEventListener('pointerdown', elsewhere);
    document.addEventListener('focusin', elsewhere);
    around.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('pointerdown', elsewhere);
      document.removeEventListener('focusin', elsewhere);
      around.removeEventListener('keydown', onKey);
    };
  }, [isOpen]);

  return {
    isOpen,
    host,
    toggle: () => setOpen(!isOpen),
    close: () => {
      setOpen(false);
      host.current?.querySelector('button')?.focus();
    },
  };
}

function moveFocus(host: HTMLElement, key: string): boolean {
  const step = stepOf[key];
  const all = [...host.querySelectorAll<HTMLElement>(stops)];
  // The first is the button that opened it.
  const entries = all.slice(1);
  if (!step || entries.length === 0) return false;
  const at = entries.findIndex((entry) => entry === document.activeElement);
  entries[step(at < 0 && key === 'ArrowUp' ? 0 : at, entries.length)]?.focus();
  return true;
}
