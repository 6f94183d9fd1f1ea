import { describe, expect, it, vi } from 'vitest';
import type { Chunk } from '../../../server/ingest/source.ts';
import { startPipeline, type SettledChunk } from '../../../server/pipeline/host.ts';
import type { ChunkDone, FromPipeline, PipelineSetup } from '../../../server/pipeline/messages.ts';
import type { EventBatch } from '../../../server/store/events/event-store.ts';
import { createStoreWriter } from '../../../server/pipeline/store-writer.ts';

/** Stands in for the thread; what the worker sends, the test says. */
const thread = vi.hoisted(() => ({ send: (_message: unknown): void => undefined }));
vi.mock('node:worker_threads', async () => {
  const { EventEmitter } = await import('node:events');
  return {
    Worker: class extends EventEmitter {
      constructor() {
        super();
        thread.send = (message) => void this.emit('message', message);
        setImmediate(() => thread.send({ kind: 'ready', longestWindowMs: 0 }));
      }
      postMessage = (): void => undefined;
      terminate = (): Promise<number> => Promise.resolve(0);
    },
  };
});

const chunk = (): Chunk => ({ origin: { source: 'web', file: null }, bytes: new Uint8Array(1) });
const doneWith = (id: number, received: number, sequence: number): ChunkDone => ({
  id,
  received,
  unparsed: 0,
  late: 0,
  newest: null,
  sequence,
  unparsedLines: [],
});
const batch = (rows: number, done: readonly ChunkDone[]): FromPipeline => ({
  kind: 'batch',
  batch: { data: new Uint8Array(rows), ends: new Uint32Array(rows) },
  done,
});

async function start() {
  const inserts: { rows: number; done: () => void }[] = [];
  const settled: SettledChunk[] = [];
  const store = {
    insert: ({ ends }: EventBatch) =>
      new Promise<void>((resolve) => void inserts.push({ rows: ends.length, done: resolve })),
  };
  const writer = createStoreWriter({ store, now: () => 0, log: () => undefined });
  const host = await startPipeline({
    setup: {} as PipelineSetup,
    writer,
    now: () => 0,
    onReceived: () => undefined,
    onSettled: (each) => void settled.push(each),
    onDetections: () => undefined,
    onAccounts: () => undefined,
    onSecond: () => undefined,
    onFatal: () => undefined,
  });
  return { host, inserts, settled };
}

const turn = () => new Promise((resolve) => void setImmediate(resolve));

describe('the pipeline host', () => {
  it('tells of a chunk whose last row ended an insert only once that insert is durable', async () => {
    const { host, inserts, settled } = await start();
    const told = vi.fn();
    void host.handOver(chunk()).then(told);
    await turn();
    thread.send(batch(10, []));
    thread.send(batch(0, [doneWith(1, 10, 10)]));
    await turn();
    expect(settled).toEqual([]);
    expect(told).not.toHaveBeenCalled();
    inserts[0]?.done();
    await turn();
    expect(settled).toHaveLength(1);
    expect(told).toHaveBeenCalledOnce();
    expect(inserts.map(({ rows }) => rows)).toEqual([10]);
  });

  it('settles a chunk of empty lines after the lines before it, whose number it bears', async () => {
    const { host, inserts, settled } = await start();
    void host.handOver(chunk());
    void host.handOver(chunk());
    await turn();
    thread.send(batch(10, [doneWith(1, 10, 10)]));
    thread.send(batch(0, [doneWith(2, 0, 10)]));
    await turn();
    expect(settled).toEqual([]);
    inserts[0]?.done();
    await turn();
    expect(settled.map(({ done }) => done.id)).toEqual([1, 2]);
  });
});
