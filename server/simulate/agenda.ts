/** What is to happen and when; at equal times in the order in which it was added. */
export interface Agenda {
  add(at: number, act: (at: number) => void): void;
  /** Does, in order, all that is due by `until`, what is added meanwhile included. */
  runUntil(until: number): void;
}

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly act: (at: number) => void;
}

const isBefore = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** An agenda as a binary heap. */
export function createAgenda(): Agenda {
  const heap: Entry[] = [];
  let added = 0;
  const at = (index: number): Entry => heap[index] as Entry;
  const swap = (a: number, b: number): void => {
    [heap[a], heap[b]] = [at(b), at(a)];
  };

  const rise = (from: number): void => {
    for (let index = from; index > 0;) {
      const parent = (index - 1) >> 1;
      if (!isBefore(at(index), at(parent))) return;
      swap(index, parent);
      index = parent;
    }
  };

  const sink = (): void => {
    for (let index = 0; ;) {
      let first = index;
      for (const child of [2 * index + 1, 2 * index + 2])
        if (child < heap.length && isBefore(at(child), at(first))) first = child;
      if (first === index) return;
      swap(index, first);
      index = first;
    }
  };

  const takeFirst = (): Entry => {
    const first = at(0);
    const last = heap.pop() as Entry;
    if (heap.length > 0) {
      heap[0] = last;
      sink();
    }
    return first;
  };

  return {
    add(time, act) {
      heap.push({ at: time, order: added, act });
      added += 1;
      rise(heap.length - 1);
    },
    runUntil(until) {
      while (heap.length > 0 && at(0).at <= until) {
        const { at: time, act } = takeFirst();
        act(time);
      }
    },
  };
}
