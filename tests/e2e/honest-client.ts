import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { sourceToken, type EdgeDesk } from './edge-desk.ts';

const pauseMs = 10;
/** Below this a p99 is noise of the machine and no sign of a server in trouble, ms. */
const quietMs = 50;

/**
 * An honest client on a thread of its own, so that what a test does beside it is not measured: it hands in a line and asks for
 * the alerts until stopped, and tells how long each round took, ms, without end when one failed.
 */
export function honestClient({ siaga, cookie }: EdgeDesk): () => Promise<number[]> {
  const workerData = { url: siaga.url, token: sourceToken, cookie, pauseMs };
  const worker = new Worker(join(import.meta.dirname, 'honest-worker.mjs'), { workerData });
  return async () => {
    worker.postMessage('stop', []);
    const [times] = (await once(worker, 'message')) as [number[]];
    await worker.terminate();
    return times;
  };
}

/** What 99 of 100 rounds did not exceed, ms. */
export const p99 = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.POSITIVE_INFINITY;

/** The p99 that is unaffected, of one before: less than twice as long. */
export const allowedP99 = (baseline: number): number => Math.max(2 * baseline, quietMs);
