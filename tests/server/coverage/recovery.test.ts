import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { balance } from '../../../server/coverage/balance.ts';
import { createBooks, type Books } from '../../../server/coverage/books.ts';
import { recoverBooks } from '../../../server/coverage/recovery.ts';
import { createBatchDesk, type BatchRest } from '../../../server/ingest/sources/batch-desk.ts';
import type { Chunk, ChunkReceipt } from '../../../server/ingest/source.ts';
import type { SettledChunk } from '../../../server/pipeline/host.ts';
import { openEmbeddedEventStore } from '../../../server/store/events/clickhouse-event-store.ts';
import { batchOf } from '../../../server/store/events/row-writer.ts';
import type { EventStore } from '../../../server/store/events/event-store.ts';
import { batchFileId, findBatch } from '../../../server/store/state/batches.ts';
import { createPositions } from '../../../server/store/state/positions.ts';
import { openStateStore, type StateStore } from '../../../server/store/state/state-store.ts';
import { emptyEvent } from '../../../shared/event/empty-event.ts';

const noon = Date.parse('2026-11-24T05:00:00Z');
const minute = 60_000;
const lateAfterMs = 120_000;

let folder = '';
let events: EventStore;
let state: StateStore;
let sequence = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'siaga-books-'));
  events = await openEmbeddedEventStore(join(folder, 'events'));
  state = await openStateStore({ file: join(folder, 'state.sqlite') });
  sequence = 0;
});
afterEach(async () => {
  await events.close();
  await state.close();
  await rm(folder, { recursive: true, force: true });
});

const recover = () => recoverBooks({ db: state.db, events, lateAfterMs, now: () => noon });

async function openBooks(): Promise<Books> {
  return createBooks({
    db: state.db,
    sequence: await recover(),
    now: () => noon,
    schedule: (callback) => {
      const timer = setImmediate(callback);
      return { cancel: () => clearImmediate(timer) };
    },
    log: () => undefined,
  });
}

/** Stores lines of a chunk as the pipeline does, without telling the books. */
async function store({ origin, bytes }: Pick<Chunk, 'origin' | 'bytes'>, at = noon): Promise<number> {
  const lines = Buffer.from(bytes).toString().split('\n').slice(0, -1);
  let offset = origin.file?.offset ?? 0;
  const rows = lines.map((line) => {
    const event = {
      ...emptyEvent(),
      '@timestamp': line.startsWith('late') ? at - 10 * minute : at,
      'event.ingested': at,
      'event.sequence': (sequence += 1),
      'event.dataset': line.startsWith('bad') ? 'unparsed' : 'access',
      'event.original': line,
      'siaga.source': origin.source,
      'log.file.id': origin.file?.id ?? null,
      'log.offset': offset,
    };
    offset += line.length + 1;
    return event;
  });
  if (rows.length > 0) await events.insert(batchOf(rows));
  return rows.length;
}

const settled = (chunk: Partial<SettledChunk> & { lines: number }): SettledChunk => ({
  origin: { source: 'web', file: null },
  receivedAt: noon,
  end: 0,
  rejected: [],
  done: {
    id: 1,
    received: chunk.lines,
    unparsed: 0,
    late: 0,
    newest: null,
    sequence,
    unparsedLines: [],
  },
  ...chunk,
});

const ledger = (books: Books, pending = new Map<string, number>()) =>
  balance(
    { db: state.db, events, books, pending: () => pending, now: () => noon },
    { from: noon - minute, to: noon + minute },
  );

const bytesOf = (...lines: string[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(lines.map((line) => `${line}\n`).join('')));

const inWeb = (id: string, offset = 0) => ({ source: 'web', file: { id, offset } });

describe('books and event store', () => {
  it('balance for what was settled', async () => {
    const books = await openBooks();
    const bytes = bytesOf('one', 'two', 'bad three');
    await store({ origin: inWeb('f'), bytes });
    books.settle(settled({ lines: 3, origin: inWeb('f') }));
    books.reject({ source: 'web', lines: 2, reason: 'no line at all', sample: '<b>' });
    books.repeat('web', 5);
    await books.committed();
    expect(await ledger(books)).toMatchObject({
      balanced: true,
      sources: [
        {
          source: 'web',
          received: 5,
          stored: 3,
          rejected: 2,
          duplicate: 5,
          pending: 0,
          inStore: 3,
          balanced: true,
        },
      ],
      rejections: [{ source: 'web', lines: 2, reason: 'no line at all', sample: '<b>' }],
    });
  });

  it('balance at any moment: what is stored and not settled yet is pending, not a difference', async () => {
    const books = await openBooks();
    await store({ origin: inWeb('f'), bytes: bytesOf('one', 'two') });
    expect(await ledger(books, new Map([['web', 2]]))).toMatchObject({
      balanced: true,
      sources: [{ received: 2, stored: 0, pending: 2, inStore: 0 }],
    });
  });

  it('do not balance when lines are gone from the store, or are there twice', async () => {
    const books = await openBooks();
    await store({ origin: inWeb('f'), bytes: bytesOf('one', 'two') });
    books.settle(settled({ lines: 3, origin: inWeb('f') }));
    await books.committed();
    expect(await ledger(books)).toMatchObject({
      balanced: false,
      differences: [{ source: 'web', minute: noon, stored: 3, inStore: 2 }],
    });
  });

  it('count what was stored before the books began as none of theirs', async () => {
    await store({ origin: inWeb('f'), bytes: bytesOf('older') }, noon - minute / 2);
    const books = await openBooks();
    expect(await ledger(books)).toMatchObject({ balanced: true, since: noon, sources: [] });
  });
});

describe('after a crash', () => {
  it('lines stored and not in the books are taken in, once, however often it starts', async () => {
    const books = await openBooks();
    await store({ origin: inWeb('f'), bytes: bytesOf('one') });
    books.settle(settled({ lines: 1, origin: inWeb('f') }));
    await books.committed();
    await store({ origin: inWeb('f', 4), bytes: bytesOf('late two', 'bad three') });
    expect((await ledger(books)).balanced).toBe(true);

    for (const start of [await openBooks(), await openBooks()])
      expect(await ledger(start)).toMatchObject({
        balanced: true,
        sources: [{ received: 3, stored: 3, unparsed: 1, late: 1, inStore: 3 }],
      });
  });

  it('a followed file goes on behind its newest stored line', async () => {
    const positions = createPositions({ db: state.db, now: () => noon });
    const books = await openBooks();
    const identity = { path: '/a', device: 1, inode: 2, headHash: '', headLength: 0 };
    await positions.create({
      id: 'f',
      source: 'web',
      ...identity,
      offset: 0,
      tail: null,
      lastLine: null,
      finished: false,
    });
    await store({ origin: inWeb('f'), bytes: bytesOf('one') });
    books.settle(settled({ lines: 1, origin: inWeb('f'), end: 4, tail: { hash: 'x', length: 4 } }));
    await books.committed();
    await store({ origin: inWeb('f', 4), bytes: bytesOf('two', 'three') });
    await openBooks();
    expect(await positions.all('web')).toMatchObject([
      { offset: 4, tail: { hash: 'x', length: 4 }, lastLine: 8 },
    ]);
  });
});

describe('a batch', () => {
  const digest = 'd'.repeat(64);
  const bytes = bytesOf('one', 'two', 'three', 'four');
  const sent = { id: 'batch 1', digest, bytes };

  const openDesk = (books: Books, repeated: number[] = []) =>
    createBatchDesk({
      source: 'web',
      find: (source, id) => findBatch(state.db, source, id),
      repeat: (lines) => {
        repeated.push(lines);
        books.repeat('web', lines);
      },
      log: () => undefined,
    });
  const storeRest =
    (books: Books) =>
    async ({ origin, bytes: rest, batch }: BatchRest): Promise<ChunkReceipt> => {
      const lines = await store({ origin, bytes: rest });
      books.settle(settled({ lines, origin, batch }));
      await books.committed();
      return { received: lines, stored: lines, unparsed: 0, rejected: [], unparsedLines: [] };
    };

  it('that comes again is answered as before and stored once', async () => {
    const books = await openBooks();
    const repeated: number[] = [];
    const desk = openDesk(books, repeated);
    const first = await desk.take(sent, storeRest(books));
    const again = await openDesk(await openBooks(), repeated).take(sent, storeRest(books));
    expect(again).toEqual(first);
    expect(repeated).toEqual([4]);
    expect(await ledger(books)).toMatchObject({ balanced: true, sources: [{ received: 4, inStore: 4 }] });
  });

  it('that comes again while the first is under way waits for it', async () => {
    const books = await openBooks();
    const desk = openDesk(books);
    const [first, again] = await Promise.all([
      desk.take(sent, storeRest(books)),
      desk.take(sent, storeRest(books)),
    ]);
    expect(again).toEqual(first);
    expect(await ledger(books)).toMatchObject({ balanced: true, sources: [{ received: 4, inStore: 4 }] });
  });

  it.each([0, 1, 2, 3, 4])(
    'of which a crash left %i lines stored is completed by the next try',
    async (before) => {
      await openBooks();
      const part = bytesOf(...['one', 'two', 'three', 'four'].slice(0, before));
      const origin = { source: 'web', file: { id: batchFileId('web', sent.id, digest), offset: 0 } };
      await store({ origin, bytes: part });
      const books = await openBooks();
      await openDesk(books).take(sent, storeRest(books));
      const answer = await openDesk(books).take(sent, storeRest(books));
      expect(answer).toMatchObject({ ok: true, value: { received: 4, stored: 4 } });
      expect(await ledger(books)).toMatchObject({
        balanced: true,
        sources: [{ received: 4, stored: 4, inStore: 4 }],
      });
    },
  );

  it.each(['while it is under way', 'after it was stored', 'after a crash'])(
    'with the id of another is a conflict %s',
    async (when) => {
      let books = await openBooks();
      const other = { ...sent, digest: 'e'.repeat(64) };
      if (when === 'after a crash') {
        const origin = { source: 'web', file: { id: batchFileId('web', sent.id, digest), offset: 0 } };
        await store({ origin, bytes: bytesOf('one') });
        books = await openBooks();
      }
      const desk = openDesk(books);
      const first = when === 'after a crash' ? null : desk.take(sent, storeRest(books));
      if (when === 'after it was stored') await first;
      expect(await desk.take(other, storeRest(books))).toMatchObject({ ok: false, code: 'conflict' });
      await first;
    },
  );

  it('of another source may have the same id', async () => {
    const books = await openBooks();
    await openDesk(books).take(sent, storeRest(books));
    expect(await findBatch(state.db, 'other', sent.id)).toBeNull();
  });
});

describe('books that can not be written', () => {
  it('say since when, keep what was entered, and write it once they can', async () => {
    const books = await openBooks();
    await state.db.schema.alterTable('ledger_minutes').renameTo('away').execute();
    books.reject({ source: 'web', lines: 1, reason: 'a', sample: '' });
    await expect(books.committed()).rejects.toThrow();
    expect(books.failingSince()).toBe(noon);
    await state.db.schema.alterTable('away').renameTo('ledger_minutes').execute();
    books.reject({ source: 'web', lines: 1, reason: 'b', sample: '' });
    await books.close();
    expect((await ledger(books)).sources).toMatchObject([{ received: 2, rejected: 2 }]);
  });
});
