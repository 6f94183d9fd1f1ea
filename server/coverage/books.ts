import type { ChunkReceipt, Rejection } from '../ingest/source.ts';
import type { SettledChunk } from '../pipeline/host.ts';
import { batchKey, saveBatch } from '../store/state/batches.ts';
import {
  addMinute,
  addRejection,
  noCounts,
  writeMeta,
  type MinuteCounts,
  type NewRejection,
} from '../store/state/ledger-rows.ts';
import type { BatchRow } from '../store/state/schema.ts';
import type { StateDb } from '../store/state/state-store.ts';
import { saveDurable, type DurableFile } from '../store/state/positions.ts';

/** Name of the number up to which every stored line is in the books. */
export const booksSequence = 'ledger_sequence';

/**
 * The durable half of the ledger: what was settled, by source and minute of arrival, how far files are durable, and which
 * batches were answered, all in one transaction with the `event.sequence` up to which this is so. A line that is stored
 * beyond that number was stored just before a crash; the next start takes it in (`recovery.ts`).
 */
export interface Books {
  settle(chunk: SettledChunk): void;
  /** Lines that never became part of a chunk. */
  reject(source: string, rejection: Rejection): void;
  /** Lines that came again in a batch that is stored already. */
  repeat(source: string, lines: number): void;
  /** Resolves once all that was entered is on disk; rejects when it can't be now. */
  committed(): Promise<void>;
  /** Since when the books can't be written, epoch ms; `null` while they can. */
  failingSince(): number | null;
  /** `event.sequence` up to which the books on disk are complete. */
  sequence(): number;
  /** Resolves with what is on disk at that moment, before anything newer is written. */
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
}

/** Pause between two writes while lines keep coming, ms. */
export const commitEveryMs = 100;
const retryAfterMs = 1_000;

interface Page {
  readonly minutes: Map<string, { source: string; minute: number; counts: MinuteCounts }>;
  readonly files: Map<string, DurableFile>;
  readonly batches: Map<string, BatchRow>;
  readonly rejections: NewRejection[];
  sequence: number;
  isEmpty: boolean;
}

const minuteMs = 60_000;
/** Rejections written one by one in one commit; further ones are counted, without their samples. */
const maxSamplesACommit = 100;

const newPage = (): Page => ({
  minutes: new Map(),
  files: new Map(),
  batches: new Map(),
  rejections: [],
  sequence: 0,
  isEmpty: true,
});

export function createBooks({ db, sequence: start, now, schedule, log }: BooksParts): Books {
  let open = newPage();
  let waiting: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  let writing: Promise<void> | null = null;
  let timer: { cancel(): void } | null = null;
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
      failing ??= now();
      open = merged(page, open);
      log(`the books could not be written, next try in ${retryAfterMs} ms: ${String(error)}`);
      for (const { reject } of told) reject(error);
    }
    lastWrite = now();
  };
  const run = (): void => {
    timer = null;
    if (writing) return;
    writing = write().finally(() => {
      writing = null;
      if (!open.isEmpty || waiting.length > 0) soon();
    });
  };
  const soon = (): void => {
    if (timer || writing) return;
    const pause = failing === null ? commitEveryMs - (now() - lastWrite) : retryAfterMs;
    timer = schedule(run, Math.max(0, Math.min(pause, retryAfterMs)));
  };
  const enter = (source: string, at: number, counts: Partial<MinuteCounts>): void => {
    addCounts(open, { source, minute: Math.floor(at / minuteMs) * minuteMs }, counts);
    open.isEmpty = false;
    soon();
  };
  const rejected = (source: string, at: number, rejection: Rejection): void => {
    if (open.rejections.length >= maxSamplesACommit) return;
    const { lines, reason, sample } = rejection;
    open.rejections.push({ source, at, lines, reason, sample });
  };

  return {
    settle: (chunk) => {
      const { origin, receivedAt, done, rejected: lost } = chunk;
      const lines = lost.reduce((sum, each) => sum + each.lines, 0);
      for (const each of lost) rejected(origin.source, receivedAt, each);
      noteFile(open, chunk);
      if (chunk.batch) open.batches.set(batchKey(origin.source, chunk.batch.id), batchRow(chunk));
      open.sequence = Math.max(open.sequence, done.sequence);
      const { received, unparsed, late } = done;
      enter(origin.source, receivedAt, {
        received: received + lines,
        stored: received,
        unparsed,
        late,
        rejected: lines,
      });
    },
    reject: (source, rejection) => {
      rejected(source, now(), rejection);
      enter(source, now(), { received: rejection.lines, rejected: rejection.lines });
    },
    repeat: (source, lines) => enter(source, now(), { duplicate: lines }),
    committed: () => {
      if (open.isEmpty && !writing) return Promise.resolve();
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        soon();
      });
    },
    failingSince: () => failing,
    sequence: () => sequence,
    read: async (query) => {
      while (writing) await writing;
      // Nothing is written while the answer is read: what it says belongs to this sequence.
      const answer = query(sequence);
      writing = answer.then(
        () => undefined,
        () => undefined,
      );
      try {
        return await answer;
      } finally {
        writing = null;
        if (!open.isEmpty || waiting.length > 0) soon();
      }
    },
    close: async () => {
      timer?.cancel();
      while (writing) await writing;
      if (!open.isEmpty) await write();
    },
  };
}

function addCounts(
  page: Page,
  { source, minute }: { source: string; minute: number },
  added: Partial<MinuteCounts>,
): void {
  const key = `${minute} ${source}`;
  const row = page.minutes.get(key) ?? { source, minute, counts: noCounts() };
  for (const name of Object.keys(added) as (keyof MinuteCounts)[]) row.counts[name] += added[name] ?? 0;
  page.minutes.set(key, row);
}

function noteFile(page: Page, { origin, end, tail }: SettledChunk): void {
  if (!origin.file) return;
  const { id } = origin.file;
  page.files.set(id, { id, offset: end, tail: tail ?? null });
}

/** The answer to a batch, whole: what a try before a crash had stored of it counts in. */
export function batchReceipt({ done, rejected, batch }: SettledChunk): ChunkReceipt {
  const lost = rejected.reduce((sum, { lines }) => sum + lines, 0);
  const before = batch?.before ?? { received: 0, unparsed: 0 };
  return {
    received: before.received + done.received + lost,
    stored: before.received + done.received,
    unparsed: before.unparsed + done.unparsed,
    rejected: rejected.map(({ line, reason }) => ({ line: line ?? 0, reason })),
    unparsedLines: done.unparsedLines.map(({ line, reason }) => ({ line: line + before.received, reason })),
  };
}

function batchRow(chunk: SettledChunk): BatchRow {
  const { source } = chunk.origin;
  const { id, digest } = chunk.batch ?? { id: '', digest: '' };
  return {
    key: batchKey(source, id),
    source,
    id,
    digest,
    at: chunk.receivedAt,
    receipt: JSON.stringify(batchReceipt(chunk)),
    last_line: null,
  };
}

function merged(older: Page, newer: Page): Page {
  const page = newPage();
  for (const { minutes, files, batches, rejections, sequence } of [older, newer]) {
    for (const { counts, ...at } of minutes.values()) addCounts(page, at, counts);
    for (const [id, file] of files) page.files.set(id, file);
    for (const [id, batch] of batches) page.batches.set(id, batch);
    page.rejections.push(...rejections.slice(0, maxSamplesACommit - page.rejections.length));
    page.sequence = Math.max(page.sequence, sequence);
  }
  page.isEmpty = older.isEmpty && newer.isEmpty;
  return page;
}

async function writePage(db: StateDb, page: Page): Promise<void> {
  await db.transaction().execute(async (tx) => {
    for (const { counts, ...at } of page.minutes.values()) await addMinute(tx, { ...at, ...counts });
    for (const file of page.files.values()) await saveDurable(tx, file);
    for (const batch of page.batches.values()) await saveBatch(tx, batch);
    for (const rejection of page.rejections) await addRejection(tx, rejection);
    if (page.sequence > 0) await writeMeta(tx, booksSequence, page.sequence);
  });
}
