import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect } from 'vitest';
import { sourceToken, type EdgeDesk } from './edge-desk.ts';

const pauseMs = 10;

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

const quantile = (times: readonly number[], part: number): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * part)] ?? Number.POSITIVE_INFINITY;

/** Below these a median and a p99 of a few hundred rounds are noise of a machine that does other work too, ms. */
const quietMs = { median: 50, p99: 500 };

/** Expects that no round failed, and that median and p99 are less than twice of what they were before; tells them. */
export function expectUnaffected(before: readonly number[], during: readonly number[]): string {
  const told = ([name, part]: readonly ['median' | 'p99', number]): string => {
    const [usual, now] = [quantile(before, part), quantile(during, part)];
    expect(now, name).toBeLessThan(Math.max(2 * usual, quietMs[name]));
    return `${name} ${usual.toFixed(1)} ms before, ${now.toFixed(1)} ms during`;
  };
  expect(Math.max(...during)).toBeLessThan(Number.POSITIVE_INFINITY);
  return [told(['median', 0.5]), told(['p99', 0.99]), `${during.length} rounds`].join('; ');
}
