/** Gives the next batch of a source, oldest first; `null` when there is none. */
export type NextBatch<T> = () => Promise<readonly T[] | null>;

interface Head<T> {
  readonly index: number;
  readonly next: NextBatch<T>;
  batch: readonly T[];
  at: number;
  /** Time of the item at `at`; never less than that of an item before it. */
  time: number;
}

/**
 * Calls `take` for the items of all sources in order of time; among the same times those of the earlier source first. It holds one
 * batch of each source, and keeps the order within a source: an item older than the one before it counts as of the same time.
 */
export async function mergeByTime<T>(
  sources: readonly NextBatch<T>[],
  timeOf: (item: T) => number,
  take: (item: T) => void,
  pause: () => Promise<void>,
): Promise<void> {
  const heap: Head<T>[] = [];
  const refill = async (head: Head<T>): Promise<boolean> => {
    for (;;) {
      const batch = await head.next();
      if (batch === null) return false;
      const [first] = batch;
      if (first === undefined) continue;
      head.batch = batch;
      head.at = 0;
      head.time = Math.max(head.time, timeOf(first));
      return true;
    }
  };
  for (const [index, next] of sources.entries()) {
    const head: Head<T> = { index, next, batch: [], at: 0, time: -Infinity };
    if (await refill(head)) heap.push(head);
  }
  heap.sort(compare);
  for (let head = heap[0]; head !== undefined; head = heap[0]) {
    takeRun(head, secondOf(heap), timeOf, take);
    if (head.at === head.batch.length && !(await refilled(head, refill, pause))) {
      heap[0] = heap[heap.length - 1] as Head<T>;
      heap.pop();
    }
    sink(heap);
  }
}

async function refilled<T>(
  head: Head<T>,
  refill: (head: Head<T>) => Promise<boolean>,
  pause: () => Promise<void>,
): Promise<boolean> {
  await pause();
  return refill(head);
}

const compare = <T>(a: Head<T>, b: Head<T>): number => a.time - b.time || a.index - b.index;

/** Takes items of the head for as long as it stays before the second. */
function takeRun<T>(
  head: Head<T>,
  second: Head<T> | null,
  timeOf: (item: T) => number,
  take: (item: T) => void,
): void {
  do {
    take(head.batch[head.at] as T);
    head.at += 1;
    if (head.at === head.batch.length) return;
    head.time = Math.max(head.time, timeOf(head.batch[head.at] as T));
  } while (second === null || compare(head, second) < 0);
}

/** The least but for the first of a binary heap: one of the two below it. */
function secondOf<T>(heap: readonly Head<T>[]): Head<T> | null {
  const [, left, right] = heap;
  if (left === undefined || right === undefined) return left ?? null;
  return compare(left, right) < 0 ? left : right;
}

/** Puts the first of a binary heap, which may have grown, in its place. */
function sink<T>(heap: Head<T>[]): void {
  for (let at = 0; ;) {
    const left = at * 2 + 1;
    const right = left + 1;
    let least = at;
    for (const child of [left, right]) {
      const head = heap[child];
      if (head !== undefined && compare(head, heap[least] as Head<T>) < 0) least = child;
    }
    if (least === at) return;
    const moved = heap[at] as Head<T>;
    heap[at] = heap[least] as Head<T>;
    heap[least] = moved;
    at = least;
  }
}
