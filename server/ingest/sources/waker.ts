/** Lets a loop sleep until something happens, but never longer than so many milliseconds. */
export interface Waker {
  /** Resolves at the next `wake`, at once when one came since the last wait, or when the time is up. */
  wait(): Promise<void>;
  readonly wake: () => void;
}

export function createWaker(longestMs: number): Waker {
  let missed = false;
  let resolveNow: (() => void) | null = null;
  return {
    wait: () => {
      if (missed) {
        missed = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const timer = setTimeout(finish, longestMs);
        function finish(): void {
          clearTimeout(timer);
          resolveNow = null;
          missed = false;
          resolve();
        }
        resolveNow = finish;
      });
    },
    wake: () => {
      if (resolveNow) resolveNow();
      else missed = true;
    },
  };
}
