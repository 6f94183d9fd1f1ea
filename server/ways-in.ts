import type { Log } from './api/services.ts';
import type { Configuration } from './config/configuration.ts';
import type { Core } from './core.ts';
import { createBooks, type Books } from './coverage/books.ts';
import { createLedger, type Ledger } from './coverage/ledger.ts';
import { recoverBooks } from './coverage/recovery.ts';
import { lateAfterMs } from './pipeline/chunk-count.ts';
import type { SettledChunk } from './pipeline/host.ts';
import { createStoreWriter, type StoreWriter } from './pipeline/store-writer.ts';
import type { HandOver } from './ingest/source.ts';
import { createSources, every, schedule, type Sources } from './sources.ts';
import { createDiskWatch } from './store/disk-watch.ts';
import { findBatch } from './store/state/batches.ts';
import { createPositions } from './store/state/positions.ts';

/** The sources, and all that counts what comes in by them. */
export interface WaysIn {
  readonly sources: Sources;
  readonly ledger: Ledger;
  readonly books: Books;
  readonly writer: StoreWriter;
  /** The largest `event.sequence` ever given. */
  readonly lastSequence: number;
  /** The same hand-over, which waits while the disk has no room. */
  withRoom(handOver: HandOver): HandOver;
  /** All lines of a chunk are durable: the ledger and the books take it in. */
  settle(chunk: SettledChunk): void;
  /** Since when something can't be stored, epoch ms; `null` while all is well. */
  failingSince(): number | null;
}

export interface WaysInParts {
  readonly core: Core;
  readonly configuration: Configuration;
  readonly now: () => number;
  readonly log: Log;
  readonly onStop: (stop: () => unknown) => void;
}

/** Takes into the books what a crash left out of them, and makes the sources; nothing is started. */
export async function createWaysIn({ core, configuration, now, log, onStop }: WaysInParts): Promise<WaysIn> {
  const { db, events } = core;
  const warn = (event: string) => (detail: string) => log({ level: 'warn', event, detail });
  const failing = new Set<() => void>();
  const onFailing = (): void => {
    for (const tell of failing) tell();
  };
  const writer = createStoreWriter({ store: events, now, log: warn('store:failed'), onFailing });
  const { dataDir } = configuration;
  const disk = createDiskWatch({ dir: dataDir, now, every, onFull: onFailing, log: warn('disk:full') });
  onStop(disk.stop);
  await disk.look();
  const sequence = await recoverBooks({ db, events, lateAfterMs, now });
  const books = createBooks({ db, sequence, now, schedule, log: warn('books:failed'), onFailing });
  onStop(() => books.close());
  const failingSince = (): number | null =>
    disk.failingSince() ?? writer.failingSince() ?? books.failingSince();
  const sources = createSources({
    configuration: configuration.sources,
    memory: createPositions({ db, now }),
    isStoreFailing: () => failingSince() !== null,
    onStoreFailing: (callback) => {
      failing.add(callback);
      return () => failing.delete(callback);
    },
    committed: books.committed,
    findBatch: (source, id) => findBatch(db, source, id),
    repeat: (source, lines) => {
      ledger.repeat(source, lines);
      books.repeat(source, lines);
    },
    reject: (rejection) => {
      ledger.reject(rejection.source, rejection.lines);
      books.reject(rejection);
    },
    now,
    log: warn('source:failed'),
  });
  const withRoom =
    (handOver: HandOver): HandOver =>
    async (chunk) => {
      await disk.room();
      return handOver(chunk);
    };
  const ledger = createLedger({ sources: sources.expected, startedAt: now(), now });
  return {
    sources,
    ledger,
    books,
    writer,
    lastSequence: Math.max(core.newest.sequence, sequence),
    withRoom,
    settle: (chunk) => {
      ledger.store(chunk.origin.source, chunk.done.received);
      for (const { lines } of chunk.rejected) ledger.reject(chunk.origin.source, lines);
      books.settle(chunk);
    },
    failingSince,
  };
}
