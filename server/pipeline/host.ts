import { Worker } from 'node:worker_threads';
import type { AccountsHeard } from '../aggregate/account-sightings.ts';
import type { Detection } from '../detect/detection.ts';
import type { Chunk, ChunkReceipt, HandOver, Rejection } from '../ingest/source.ts';
import { createIntake } from './intake.ts';
import type { ChunkDone, FromPipeline, LineSource, PipelineSetup, ToPipeline } from './messages.ts';
import type { StoreWriter } from './store-writer.ts';

/** Bytes read from sources and not yet durable: where back-pressure begins. */
export const maxBytesUnderWay = 32 * 1024 * 1024;

export type SecondReport = Extract<FromPipeline, { kind: 'second' }>;

/** The main thread's side of the pipeline worker. */
export interface PipelineHost {
  /** Resolves once every line of the chunk is durable. */
  readonly handOver: HandOver;
  /** Chunks of that source, handed over from now on, are history: stored, and not judged. */
  addHistory(source: LineSource): void;
  /** How far back a restart must read to rebuild every window. */
  readonly longestWindowMs: number;
  replay(events: readonly Record<string, string | number | null>[]): void;
  tick(): void;
  /** Lets the worker finish what it has, waits until that is durable or the time is up, and ends it. */
  stop(timeoutMs: number): Promise<void>;
}

export interface PipelineHostParts {
  readonly setup: PipelineSetup;
  readonly writer: StoreWriter;
  readonly now: () => number;
  /** A chunk was read by the worker; its lines are pending. */
  readonly onReceived: (source: string, done: ChunkDone) => void;
  /** All lines of a chunk are durable: the books take it in before its source is told. */
  readonly onSettled: (settled: SettledChunk) => void;
  readonly onDetections: (detections: readonly Detection[]) => void;
  /** Accounts in events that were read back. */
  readonly onAccounts: (heard: AccountsHeard) => void;
  readonly onSecond: (second: SecondReport) => void;
  /** The worker died: nothing is heard any more, so the process must end. */
  readonly onFatal: (error: Error) => void;
}

type Handlers = { [K in FromPipeline['kind']]: (message: Extract<FromPipeline, { kind: K }>) => void };

/** A chunk whose lines are all durable. */
export interface SettledChunk extends Omit<Chunk, 'bytes'> {
  /** Epoch ms of its arrival. */
  readonly receivedAt: number;
  /** Offset of what follows it in its file. */
  readonly end: number;
  readonly rejected: readonly Rejection[];
  readonly done: ChunkDone;
}

interface Waiting {
  readonly chunk: Omit<Chunk, 'bytes'>;
  readonly receivedAt: number;
  readonly bytes: number;
  readonly resolve: (receipt: ChunkReceipt) => void;
}

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** Starts the worker and resolves once it listens; rejects when it can't start. */
export async function startPipeline(parts: PipelineHostParts): Promise<PipelineHost> {
  const worker = new Worker(new URL(`./worker.${extension}`, import.meta.url), { workerData: parts.setup });
  const post = (message: ToPipeline, transfer: ArrayBuffer[] = []): void =>
    worker.postMessage(message, transfer);
  const intake = createIntake(maxBytesUnderWay);
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  let stopped: () => void = () => undefined;

  const settleAll = (done: readonly ChunkDone[]): void => {
    for (const each of done) {
      const waited = waiting.get(each.id);
      if (!waited) continue;
      waiting.delete(each.id);
      intake.leave(waited.bytes);
      const settled = settle(waited, each);
      parts.onSettled(settled);
      waited.resolve(receiptOf(settled));
    }
  };

  const handlers: Handlers = {
    ready: () => undefined,
    accounts: ({ heard }) => parts.onAccounts(heard),
    detections: ({ detections }) => parts.onDetections(detections),
    batch: ({ batch, done }) => {
      for (const each of done) parts.onReceived(waiting.get(each.id)?.chunk.origin.source ?? '', each);
      // Also a batch of no rows waits its turn: the last rows of its chunks may be in the one before.
      parts.writer.write(batch, () => settleAll(done));
    },
    second: parts.onSecond,
    stopped: () => stopped(),
  };

  const handOver = async ({ bytes, ...chunk }: Chunk): Promise<ChunkReceipt> => {
    const size = bytes.byteLength;
    await intake.enter(size);
    const id = nextId++;
    const receivedAt = parts.now();
    return new Promise((resolve) => {
      waiting.set(id, { chunk, receivedAt, bytes: size, resolve });
      const { origin, long = null } = chunk;
      post({ kind: 'chunk', id, origin, receivedAt, bytes, long }, [bytes.buffer]);
    });
  };

  const { longestWindowMs } = await listening(worker);
  worker.on('message', (message: FromPipeline) => handlers[message.kind](message as never));
  worker.on('error', parts.onFatal);

  return {
    handOver,
    addHistory: (source) => post({ kind: 'history', source }),
    longestWindowMs,
    replay: (events) => post({ kind: 'replay', events }),
    tick: () => post({ kind: 'tick', now: parts.now() }),
    stop: async (timeoutMs) => {
      const finished = new Promise<void>((resolve) => void (stopped = resolve));
      post({ kind: 'stop' });
      await Promise.race([finished, after(timeoutMs)]);
      await parts.writer.drain(timeoutMs);
      await worker.terminate();
    },
  };
}

function settle({ chunk, receivedAt, bytes }: Waiting, done: ChunkDone): SettledChunk {
  const end = chunk.end ?? (chunk.origin.file?.offset ?? 0) + bytes;
  return { ...chunk, receivedAt, end, rejected: chunk.rejected ?? [], done };
}

function receiptOf({ done, rejected }: SettledChunk): ChunkReceipt {
  const lost = rejected.reduce((sum, { lines }) => sum + lines, 0);
  return {
    received: done.received + lost,
    stored: done.received,
    unparsed: done.unparsed,
    rejected: rejected.map(({ line, reason }) => ({ line: line ?? 0, reason })),
    unparsedLines: done.unparsedLines,
  };
}

/** Resolves after so many ms, without keeping the process alive. */
const after = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms).unref());

type Ready = Extract<FromPipeline, { kind: 'ready' }>;

function listening(worker: Worker): Promise<Ready> {
  return new Promise((resolve, reject) => {
    worker.once('message', (message: Ready) => resolve(message));
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the pipeline worker ended at start with code ${code}`)));
  });
}
