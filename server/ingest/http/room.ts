import type { Hold } from './inflate.ts';

/** Room for the bytes of several requests at once. */
export interface Room {
  /** A place for one request: what it holds is free again after `leave`, which may be called twice. */
  enter(): { readonly hold: Hold; leave(): void };
}

export function createRoom(maxBytes: number): Room {
  let taken = 0;
  return {
    enter: () => {
      let held = 0;
      return {
        hold: (bytes) => {
          if (taken + bytes > maxBytes) return false;
          taken += bytes;
          held += bytes;
          return true;
        },
        leave: () => {
          taken -= held;
          held = 0;
        },
      };
    },
  };
}
