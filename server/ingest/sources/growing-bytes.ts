const firstCapacity = 256;

/** Bytes that arrive bit by bit, kept in one piece of memory, so that a sender of single bytes can't make us keep an object for each. */
export interface GrowingBytes {
  readonly length: () => number;
  append(bytes: Uint8Array): void;
  /** A copy of the first `most` bytes. */
  head(most: number): Uint8Array;
  /** A copy of all bytes; afterwards there are none. */
  take(): Uint8Array;
}

export function createGrowingBytes(): GrowingBytes {
  let memory = new Uint8Array(0);
  let length = 0;
  return {
    length: () => length,
    append: (bytes) => {
      const needed = length + bytes.length;
      if (needed > memory.length) {
        const larger = new Uint8Array(Math.max(firstCapacity, needed, memory.length * 2));
        larger.set(memory.subarray(0, length));
        memory = larger;
      }
      memory.set(bytes, length);
      length = needed;
    },
    head: (most) => memory.slice(0, Math.min(length, most)),
    take: () => {
      const all = memory.slice(0, length);
      length = 0;
      // A connection that sent one long frame must not hold its memory ever after.
      memory = new Uint8Array(0);
      return all;
    },
  };
}
