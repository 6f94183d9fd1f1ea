import { useEffect, useState, type RefObject } from 'react';

export interface Size {
  readonly width: number;
  readonly height: number;
}

const listeners = new WeakMap<Element, (size: Size) => void>();
let shared: ResizeObserver | null = null;

// One observer for all charts: a page of ten costs one callback a resize.
const observer = (): ResizeObserver => {
  shared ??= new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      listeners.get(target)?.({
        width: Math.floor(contentRect.width),
        height: Math.floor(contentRect.height),
      });
    }
  });
  return shared;
};

/** The size of an element's content, whole CSS px; `null` until it was measured. */
export function useSize(ref: RefObject<HTMLElement | null>): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    listeners.set(element, (next) =>
      setSize((last) => (last?.width === next.width && last.height === next.height ? last : next)),
    );
    observer().observe(element);
    return () => {
      observer().unobserve(element);
      listeners.delete(element);
    };
  }, [ref]);
  return size;
}
