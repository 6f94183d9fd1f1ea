import { statfs } from 'node:fs/promises';

/** Space that is left free for what is under way, for alerts and for the books, bytes: below it nothing more is taken in. */
export const minFreeBytes = 64 * 1024 * 1024;
export const lookEveryMs = 1_000;

/** Looks whether the data folder's disk has room. */
export interface DiskWatch {
  /** Since when it has not, epoch ms; `null` while it has. */
  failingSince(): number | null;
  /** Resolves once there is room; at once when there is. */
  room(): Promise<void>;
  look(): Promise<void>;
  stop(): void;
}

export interface DiskWatchParts {
  readonly dir: string;
  readonly now: () => number;
  readonly every: (callback: () => void, ms: number) => { cancel(): void };
  /** Called each time the room has run out. */
  readonly onFull: () => void;
  readonly log: (message: string) => void;
  /** Bytes free for us in the folder; of the system unless given. */
  readonly freeBytes?: (dir: string) => Promise<number>;
}

async function freeOf(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}

/** Starts to look each second. */
export function createDiskWatch(parts: DiskWatchParts): DiskWatch {
  const { dir, now, onFull, log, freeBytes = freeOf } = parts;
  let full: number | null = null;
  let waiting: (() => void)[] = [];
  const look = async (): Promise<void> => {
    // Where the system doesn't say, the first insert that fails does.
    const free = await freeBytes(dir).catch(() => Infinity);
    if (free < minFreeBytes) {
      if (full !== null) return;
      full = now();
      log(
        `${free} bytes are free in ${dir}, fewer than ${minFreeBytes}: nothing more is taken in until there is room`,
      );
      onFull();
      return;
    }
    if (full !== null) log(`there is room again in ${dir}`);
    full = null;
    for (const go of waiting.splice(0)) go();
  };
  const looking = parts.every(() => void look(), lookEveryMs);
  return {
    failingSince: () => full,
    room: () => (full === null ? Promise.resolve() : new Promise((go) => void waiting.push(go))),
    look,
    stop: () => {
      looking.cancel();
      waiting = [];
    },
  };
}
