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
import { saveDurable, type DurableFile } from '../store/state/positions.ts';
import type { BatchRow } from '../store/state/schema.ts';
import type { StateDb } from '../store/state/state-store.ts';

/** Name of the number up to which every stored line is in the books. */
export const booksSequence = 'ledger_sequence';

/** What is written into the books in one transaction. */
export interface BookPage {
  readonly minutes: Map<string, { source: string; minute: number; counts: MinuteCounts }>;
  readonly files: Map<string, DurableFile>;
  readonly batches: Map<string, BatchRow>;
  readonly rejections: NewRejection[];
  sequence: number;
  isEmpty: boolean;
}

const minuteMs = 60_000;
/** Rejections kept with their samples in one transaction; further ones are counted. */
export const maxSamplesAPage = 100;

export const newPage = (): BookPage => ({
  minutes: new Map(),
  files: new Map(),
  batches: new Map(),
  rejections: [],
  sequence: 0,
  isEmpty: true,
});

const linesOf = (rejected: readonly Rejection[]): number =>
  rejected.reduce((sum, { lines }) => sum + lines, 0);

/** Adds counts of a source to the minute of arrival `at`, epoch ms. */
export function addCounts(
  page: BookPage,
  { source, at }: { source: string; at: number },
  added: Partial<MinuteCounts>,
): void {
  const minute = Math.floor(at / minuteMs) * minuteMs;
  const key = `${minute} ${source}`;
  const row = page.minutes.get(key) ?? { source, minute, counts: noCounts() };
  for (const name of Object.keys(added) as (keyof MinuteCounts)[]) row.counts[name] += added[name] ?? 0;
  page.minutes.set(key, row);
  page.isEmpty = false;
}

/** Adds a chunk whose lines are durable. */
export function addSettled(page: BookPage, chunk: SettledChunk): void {
  const { origin, receivedAt: at, done, rejected, end, tail = null } = chunk;
  const { source, file } = origin;
  const lost = linesOf(rejected);
  addRejections(page, { source, at }, rejected);
  if (file) page.files.set(file.id, { id: file.id, offset: end, tail });
  if (chunk.batch) page.batches.set(batchKey(source, chunk.batch.id), batchRow(chunk));
  page.sequence = Math.max(page.sequence, done.sequence);
  const { received, unparsed, late } = done;
  addCounts(
    page,
    { source, at },
    { received: received + lost, stored: received, unparsed, late, rejected: lost },
  );
}

/** Keeps rejections with their samples, as far as there is room; the caller counts them. */
export function addRejections(
  page: BookPage,
  { source, at }: { source: string; at: number },
  rejected: readonly Omit<Rejection, 'line'>[],
): void {
  const room = Math.max(0, maxSamplesAPage - page.rejections.length);
  for (const { lines, reason, sample } of rejected.slice(0, room))
    page.rejections.push({ source, at, lines, reason, sample });
}

/** The answer to a batch, whole: what a try before a crash had stored of it counts in. */
function batchReceipt({ done, rejected, batch }: SettledChunk): ChunkReceipt {
  const before = batch?.before ?? { received: 0, unparsed: 0 };
  return {
    received: before.received + done.received + linesOf(rejected),
    stored: before.received + done.received,
    unparsed: before.unparsed + done.unparsed,
    rejected: rejected.map(({ line, reason }) => ({ line: line ?? 0, reason })),
    unparsedLines: done.unparsedLines.map(({ line, reason }) => ({ line: line + before.received, reason })),
  };
}

function batchRow(chunk: SettledChunk): BatchRow {
  const { source } = chunk.origin;
  const { id, digest } = chunk.batch ?? { id: '', digest: '' };
  const receipt = JSON.stringify(batchReceipt(chunk));
  return { key: batchKey(source, id), source, id, digest, at: chunk.receivedAt, receipt, last_line: null };
}

/** Two pages as one: the older could not be written. */
export function mergePages(older: BookPage, newer: BookPage): BookPage {
  const page = newPage();
  for (const { minutes, files, batches, rejections, sequence, isEmpty } of [older, newer]) {
    for (const { counts, source, minute } of minutes.values())
      addCounts(page, { source, at: minute }, counts);
    for (const [id, file] of files) page.files.set(id, file);
    for (const [key, batch] of batches) page.batches.set(key, batch);
    page.rejections.push(...rejections.slice(0, maxSamplesAPage - page.rejections.length));
    page.sequence = Math.max(page.sequence, sequence);
    page.isEmpty &&= isEmpty;
  }
  return page;
}

/** Writes all of a page, or nothing. */
export async function writePage(db: StateDb, page: BookPage): Promise<void> {
  await db.transaction().execute(async (tx) => {
    for (const { counts, ...at } of page.minutes.values()) await addMinute(tx, { ...at, ...counts });
    for (const file of page.files.values()) await saveDurable(tx, file);
    for (const batch of page.batches.values()) await saveBatch(tx, batch);
    for (const rejection of page.rejections) await addRejection(tx, rejection);
    if (page.sequence > 0) await writeMeta(tx, booksSequence, page.sequence);
  });
}
