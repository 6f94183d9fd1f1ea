import { parentPort, workerData } from 'node:worker_threads';
import { createEngine } from '../detect/engine.ts';
import { loadRules } from '../detect/load-rules.ts';
import { openAddressLookup } from '../enrich/address-lookup.ts';
import type { FromPipeline, PipelineSetup, ToPipeline } from './messages.ts';
import { createPipeline } from './pipeline.ts';

/** Rows wait at least this long for others to share their insert. */
const flushAfterMs = 40;
/** And so long after the insert before: some inserts a second are enough, and each leaves a part to be merged. */
const flushEveryMs = 150;

const port = parentPort;
if (!port) throw new Error('the pipeline worker runs in a worker thread only');

const setup = workerData as PipelineSetup;
const send = (message: FromPipeline, transfer: ArrayBuffer[]): void => port.postMessage(message, transfer);
const { rules } = loadRules(setup.ruleDirs, { signalAlertScore: setup.signalAlertScore });
const engine = createEngine({ rules });
const pipeline = createPipeline({ setup, engine, lookUp: openAddressLookup(setup.geo), send });

let timer: NodeJS.Timeout | null = null;
let flushedAt = -Infinity;
const flushSoon = (): void => {
  timer ??= setTimeout(
    () => {
      timer = null;
      flushedAt = performance.now();
      pipeline.flush();
    },
    Math.max(flushAfterMs, flushedAt + flushEveryMs - performance.now()),
  );
};

const handlers: { [K in ToPipeline['kind']]: (message: Extract<ToPipeline, { kind: K }>) => void } = {
  chunk: (message) => {
    pipeline.chunk(message);
    flushSoon();
  },
  history: ({ source }) => pipeline.addHistory(source),
  replay: ({ events }) => pipeline.replay(events),
  tick: ({ now }) => pipeline.tick(now),
  stop: () => {
    pipeline.flush();
    send({ kind: 'stopped' }, []);
    port.close();
  },
};

port.on('message', (message: ToPipeline) => handlers[message.kind](message as never));
send({ kind: 'ready', longestWindowMs: engine.longestWindowMs }, []);
