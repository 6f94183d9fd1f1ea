import type { SourceRejection } from '../ingest/source.ts';
import type { SettledChunk } from '../pipeline/host.ts';
import { createInTurn } from '../store/state/in-turn.ts';
import type { StateDb } from '../store/state/state-store.ts';
import { addCounts, addRejections, addSettled, mergePages, newPage, writePage } from './book-page.ts';

/**
 * The durable half of the ledger: what was settled, by source and minute of arrival, how far files are durable, and which
 * batches were answered, all in one transaction with the `event.sequence` up to which this is so. A line that is stored
 * beyond that number was stored just before a crash; the next start takes it in (`recovery.ts`).
 */
export interface Books {
  settle(chunk: SettledChunk): void;
  /** Lines that never became part of a chunk. */
  reject(rejection: SourceRejection): void;
  /** Lines that came again in a batch that is stored already. */
  repeat(source: string, lines: number): void;
  /** Resolves once all that was entered is on disk; rejects when it can't be now. */
  committed(): Promise<void>;
  /** Since when the books can't be written, epoch ms; `null` while they can. */
  failingSince(): number | null;
  /** Resolves with an answer read while nothing newer is written; it gets the `event.sequence` up to which the books are complete. */
  read<T>(query: (sequence: number) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface BooksParts {
  readonly db: StateDb;
  /** Where the books stand on disk. */
  readonly sequence: number;
  readonly now: () => number;
  readonly schedule: (callback: () => void, afterMs: number) => { cancel(): void };
  readonly log: (message: string) => void;
  /** Called when the books begin to be impossible to write. */
  readonly onFailing?: () => void;
}

/** Pause between two writes while lines keep coming, ms. */
export const commitEveryMs = 100;
const retryAfterMs = 1_000;

export function createBooks(parts: BooksParts): Books {
  const writer = createPageWriter(parts);
  const { now } = parts;
  return {
    settle: (chunk) => {
      addSettled(writer.page(), chunk);
      writer.soon();
    },
    reject: (rejection) => {
      const { source, lines } = rejection;
      const place = { source, at: now() };
      addRejections(writer.page(), place, [rejection]);
      addCounts(writer.page(), place, { received: lines, rejected: lines });
      writer.soon();
    },
    repeat: (source, lines) => {
      addCounts(writer.page(), { source, at: now() }, { duplicate: lines });
      writer.soon();
    },
    committed: writer.committed,
    failingSince: writer.failingSince,
    read: writer.read,
    close: writer.close,
  };
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Writes the open page soon after something was entered, one transaction at a time; what can't be written stays open. */
function createPageWriter({ db, sequence: start, now, schedule, log, onFailing }: BooksParts) {
  const inTurn = createInTurn();
  let open = newPage();
  let waiting: Waiting[] = [];
  let timer: { cancel(): void } | null = null;
  let writing = false;
  let failing: number | null = null;
  let sequence = start;
  let lastWrite = -Infinity;

  const write = async (): Promise<void> => {
    const page = open;
    const told = waiting;
    open = newPage();
    waiting = [];
    try {
      await writePage(db, page);
      sequence = Math.max(sequence, page.sequence);
      failing = null;
      for (const { resolve } of told) resolve();
    } catch (error) {
      if (failing === null) onFailing?.();
      failing ??= now();
      open = mergePages(page, open);
      log(`the books could not be written, next try in ${retryAfterMs} ms: ${String(error)}`);
      for (const { reject } of told) reject(error);
    }
    lastWrite = now();
  };
  const run = async (): Promise<void> => {
    timer = null;
    writing = true;
    await inTurn(write);
    writing = false;
    if (!open.isEmpty || waiting.length > 0) soon();
  };
  const soon = (): void => {
    if (timer || writing) return;
    const pause = failing === null ? commitEveryMs - (now() - lastWrite) : retryAfterMs;
    timer = schedule(() => void run(), Math.max(0, Math.min(pause, retryAfterMs)));
  };
  return {
    page: () => open,
    soon,
    committed: (): Promise<void> => {
      if (open.isEmpty && !writing) return Promise.resolve();
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        soon();
      });
    },
    failingSince: () => failing,
    read: <T>(query: (sequence: number) => Promise<T>): Promise<T> => inTurn(() => query(sequence)),
    close: (): Promise<void> => {
      timer?.cancel();
      return inTurn(async () => {
        if (!open.isEmpty) await write();
      });
    },
  };
}
