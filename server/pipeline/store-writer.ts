import type { EventStore } from '../store/events/event-store.ts';

/** What became of a batch is told once it is durable. */
export interface StoreWriter {
  write(batch: { tsv: Uint8Array; rows: number }, durable: () => void): void;
  /** Since when inserts fail, epoch ms; `null` while they succeed. */
  failingSince(): number | null;
  /** Resolves once everything handed in is durable, or the time is up: then what is left was never acknowledged. */
  drain(timeoutMs: number): Promise<void>;
}

const firstRetryMs = 100;
const longestRetryMs = 5_000;

export interface StoreWriterParts {
  readonly store: Pick<EventStore, 'insert'>;
  readonly now: () => number;
  readonly log: (message: string) => void;
}

interface Job {
  readonly batch: { tsv: Uint8Array; rows: number };
  readonly durable: () => void;
}

/**
 * Inserts batches one after the other, in order: the newest stored offset of a file therefore proves that all before it
 * are stored. A failing insert is tried again until it succeeds; back-pressure upstream bounds what waits meanwhile.
 */
export function createStoreWriter({ store, now, log }: StoreWriterParts): StoreWriter {
  const queue: Job[] = [];
  let running = false;
  let failing: number | null = null;
  let stopping = false;
  let onIdle: (() => void)[] = [];

  const insert = async ({ batch, durable }: Job): Promise<boolean> => {
    for (let waitMs = firstRetryMs; ; waitMs = Math.min(waitMs * 2, longestRetryMs)) {
      try {
        await store.insert(batch);
        failing = null;
        durable();
        return true;
      } catch (error) {
        failing ??= now();
        log(`store: insert of ${batch.rows} rows failed, next try in ${waitMs} ms: ${String(error)}`);
        if (stopping) return false;
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  };

  const run = async (): Promise<void> => {
    running = true;
    for (let job = queue.shift(); job; job = queue.shift()) {
      if (!(await insert(job))) queue.length = 0;
    }
    running = false;
    for (const resolve of onIdle) resolve();
    onIdle = [];
  };

  return {
    write: (batch, durable) => {
      queue.push({ batch, durable });
      if (!running) void run();
    },
    failingSince: () => failing,
    drain: (timeoutMs) => {
      stopping = true;
      if (!running) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        onIdle.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
  };
}
