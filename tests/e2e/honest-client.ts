const pauseMs = 10;

/** Asks again and again until stopped; how long each round took, ms, without end when it failed. */
export function honestClient(ask: () => Promise<readonly Response[]>): () => Promise<number[]> {
  let going = true;
  const loop = (async () => {
    const times: number[] = [];
    while (going) {
      const begun = performance.now();
      const answers = await ask();
      await Promise.all(answers.map((answer) => answer.text()));
      times.push(answers.every(({ ok }) => ok) ? performance.now() - begun : Number.POSITIVE_INFINITY);
      await new Promise((resolve) => void setTimeout(resolve, pauseMs));
    }
    return times;
  })();
  return () => {
    going = false;
    return loop;
  };
}

/** What 99 of 100 rounds did not exceed, ms. */
export const p99 = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.POSITIVE_INFINITY;

/** Below this a p99 is noise of the machine and no sign of a server in trouble, ms. */
export const quietMs = 50;

/** The p99 that is unaffected, of one before. */
export const allowedP99 = (baseline: number): number => Math.max(2 * baseline, quietMs);
