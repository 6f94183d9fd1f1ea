import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late the event loop is. */
export interface LoadWatch {
  /** Mean delay over the last whole second, ms. */
  readonly delayMs: () => number;
  readonly stop: () => void;
}

const resolutionMs = 20;
const everyMs = 1_000;

/** Measures the delay of this thread's event loop, a second at a time. */
export function watchLoad(): LoadWatch {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  let delay = 0;
  const timer = setInterval(() => {
    // The histogram holds the time between two looks, of which the resolution is meant.
    delay = histogram.count === 0 ? everyMs : Math.max(0, histogram.mean / 1e6 - resolutionMs);
    histogram.reset();
  }, everyMs);
  timer.unref();
  return {
    delayMs: () => delay,
    stop: () => {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
