/** Lets a few requests run at a time; the others wait their turn in order. */
export interface HeavyQueue {
  /** Runs `task` once it is its turn; rejects with the signal's reason when it is called off while waiting. */
  readonly run: <T>(task: () => Promise<T>, signal: AbortSignal) => Promise<T>;
}

/** The server takes four searches of one person at a time; half is left to other windows. */
export const searchesAtOnce = 2;

/** A queue that runs `most` tasks at a time. */
export function createHeavyQueue(most = searchesAtOnce): HeavyQueue {
  const waiting: (() => void)[] = [];
  let running = 0;

  const turn = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (running < most) {
        running += 1;
        resolve();
        return;
      }
      const begin = (): void => {
        signal.removeEventListener('abort', giveUp);
        running += 1;
        resolve();
      };
      const giveUp = (): void => {
        waiting.splice(waiting.indexOf(begin), 1);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      waiting.push(begin);
    });

  return {
    run: async (task, signal) => {
      signal.throwIfAborted();
      await turn(signal);
      try {
        return await task();
      } finally {
        running -= 1;
        waiting.shift()?.();
      }
    },
  };
}
