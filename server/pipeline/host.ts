import { Worker } from 'node:worker_threads';
import type { AccountsHeard } from '../aggregate/account-sightings.ts';
import type { Detection } from '../detect/detection.ts';
import type { Chunk, ChunkReceipt, HandOver } from '../ingest/source.ts';
import { createIntake } from './intake.ts';
import type { FromPipeline, PipelineSetup, ToPipeline } from './messages.ts';
import type { StoreWriter } from './store-writer.ts';

/** Bytes read from sources and not yet durable: where back-pressure begins. */
export const maxBytesUnderWay = 32 * 1024 * 1024;

export type SecondReport = Extract<FromPipeline, { kind: 'second' }>;

/** The main thread's side of the pipeline worker. */
export interface PipelineHost {
  /** Resolves once every line of the chunk is durable. */
  readonly handOver: HandOver;
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
  /** Lines of a source that were read by the worker, and those that became durable. */
  readonly onLines: (source: string, lines: { received: number; unparsed: number; stored: number }) => void;
  readonly onDetections: (detections: readonly Detection[]) => void;
  /** Accounts in events that were read back. */
  readonly onAccounts: (heard: AccountsHeard) => void;
  readonly onSecond: (second: SecondReport) => void;
  /** The worker died: nothing is heard any more, so the process must end. */
  readonly onFatal: (error: Error) => void;
}

interface Waiting {
  readonly source: string;
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

  const settle = (done: Extract<FromPipeline, { kind: 'batch' }>['done']): void => {
    for (const { id, received, unparsed } of done) {
      const chunk = waiting.get(id);
      if (!chunk) continue;
      waiting.delete(id);
      intake.leave(chunk.bytes);
      parts.onLines(chunk.source, { received: 0, unparsed: 0, stored: received });
      chunk.resolve({ received, stored: received, unparsed, rejected: [] });
    }
  };

  const handlers: { [K in FromPipeline['kind']]: (message: Extract<FromPipeline, { kind: K }>) => void } = {
    ready: () => undefined,
    accounts: ({ heard }) => parts.onAccounts(heard),
    detections: ({ detections }) => parts.onDetections(detections),
    batch: ({ tsv, rows, done }) => {
      for (const { id, received, unparsed } of done) {
        const chunk = waiting.get(id);
        if (chunk) parts.onLines(chunk.source, { received, unparsed, stored: 0 });
      }
      if (rows === 0) settle(done);
      else parts.writer.write({ tsv, rows }, () => settle(done));
    },
    second: parts.onSecond,
    stopped: () => stopped(),
  };

  const { longestWindowMs } = await listening(worker);
  worker.on('message', (message: FromPipeline) => handlers[message.kind](message as never));
  worker.on('error', parts.onFatal);

  return {
    handOver: async ({ origin, bytes }: Chunk) => {
      await intake.enter(bytes.byteLength);
      const id = nextId++;
      return new Promise<ChunkReceipt>((resolve) => {
        waiting.set(id, { source: origin.source, bytes: bytes.byteLength, resolve });
        post({ kind: 'chunk', id, origin, receivedAt: parts.now(), bytes }, [bytes.buffer]);
      });
    },
    longestWindowMs,
    replay: (events) => post({ kind: 'replay', events }),
    tick: () => post({ kind: 'tick', now: parts.now() }),
    stop: async (timeoutMs) => {
      const finished = new Promise<void>((resolve) => {
        stopped = resolve;
        setTimeout(resolve, timeoutMs).unref();
      });
      post({ kind: 'stop' });
      await finished;
      await parts.writer.drain(timeoutMs);
      await worker.terminate();
    },
  };
}

type Ready = Extract<FromPipeline, { kind: 'ready' }>;

function listening(worker: Worker): Promise<Ready> {
  return new Promise((resolve, reject) => {
    worker.once('message', (message: Ready) => resolve(message));
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the pipeline worker ended at start with code ${code}`)));
  });
}
