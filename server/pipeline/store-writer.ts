import type { EventBatch, EventStore } from '../store/events/event-store.ts';
import { refusalOf } from '../store/events/refusal.ts';
import { salvageRow } from '../store/events/salvage-row.ts';

/** What became of a batch is told once it is durable. */
export interface StoreWriter {
  /** A batch without rows is durable once those before it are. */
  write(batch: EventBatch, durable: () => void): void;
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
  /** Called when inserts begin to fail. */
  readonly onFailing?: () => void;
}

interface Job {
  readonly batch: EventBatch;
  readonly durable: () => void;
}

/**
 * Inserts batches one after the other, in order: the newest stored offset of a file therefore proves that all before it
 * are stored. A failing insert is tried again until it succeeds; back-pressure upstream bounds what waits meanwhile.
 * Data that the store refuses for good can't hold up the rest: halved again and again, the row to blame is stored as unparsed.
 */
export function createStoreWriter({ store, now, log, onFailing }: StoreWriterParts): StoreWriter {
  const queue: Job[] = [];
  let running = false;
  let failing: number | null = null;
  let stopping = false;
  let onIdle: (() => void)[] = [];

  const insert = async (batch: EventBatch | SalvagedBatch): Promise<boolean> => {
    if (batch.ends.length === 0) return true;
    for (let waitMs = firstRetryMs; ; waitMs = Math.min(waitMs * 2, longestRetryMs)) {
      try {
        await store.insert(batch);
        failing = null;
        return true;
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal !== null && !isSalvaged(batch)) return insertHalves(batch, refusal);
        if (failing === null) onFailing?.();
        failing ??= now();
        log(`insert of ${batch.ends.length} rows failed, next try in ${waitMs} ms: ${String(error)}`);
        if (stopping) return false;
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  };

  const insertHalves = async (batch: EventBatch, refusal: string): Promise<boolean> => {
    const rows = batch.ends.length;
    if (rows === 1) {
      log(`a line that the store refuses is kept as unparsed: ${refusal}`);
      return insert({ ...salvageRow(batch, refusal), salvaged: true });
    }
    const middle = Math.ceil(rows / 2);
    return (await insert(rowsOf(batch, 0, middle))) && (await insert(rowsOf(batch, middle, rows)));
  };

  const run = async (): Promise<void> => {
    running = true;
    for (let job = queue.shift(); job; job = queue.shift()) {
      if (await insert(job.batch)) job.durable();
      else queue.length = 0;
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
        onIdle.push(resolve);
        setTimeout(resolve, timeoutMs).unref();
      });
    },
  };
}

interface SalvagedBatch extends EventBatch {
  readonly salvaged: true;
}

const isSalvaged = (batch: EventBatch): batch is SalvagedBatch => 'salvaged' in batch;

/** The rows of a batch from one number to before another. */
function rowsOf({ data, ends }: EventBatch, from: number, to: number): EventBatch {
  const start = from === 0 ? 0 : (ends[from - 1] ?? 0);
  const kept = ends.slice(from, to).map((end) => end - start);
  return { data: data.subarray(start, start + (kept.at(-1) ?? 0)), ends: kept };
}
