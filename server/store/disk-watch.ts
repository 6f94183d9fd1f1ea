import { statfs } from 'node:fs/promises';

/** Space that is left free for what is under way, for alerts and for the books, bytes: below it nothing more is taken in. */
export const minFreeBytes = 64 * 1024 * 1024;
/** The same for files: an insert makes some, and a merge. */
export const minFreeFiles = 1_000;
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
  /** What is free for us in the folder; of the system unless given. */
  readonly freeOf?: (dir: string) => Promise<Room>;
}

/** Bytes and files that may still be made. */
export interface Room {
  readonly bytes: number;
  readonly files: number;
}

async function roomOf(dir: string): Promise<Room> {
  const { bavail, bsize, files, ffree } = await statfs(dir);
  // A file system that makes its inodes as they are needed says 0 of 0.
  return { bytes: bavail * bsize, files: files === 0 ? Infinity : ffree };
}

function lackOf({ bytes, files }: Room): string | null {
  if (bytes < minFreeBytes) return `${bytes} bytes are free, fewer than ${minFreeBytes}`;
  return files < minFreeFiles ? `${files} files can be made, fewer than ${minFreeFiles}` : null;
}

/** Starts to look each second. */
export function createDiskWatch(parts: DiskWatchParts): DiskWatch {
  const { dir, now, onFull, log, freeOf = roomOf } = parts;
  let full: number | null = null;
  let waiting: (() => void)[] = [];
  const look = async (): Promise<void> => {
    // Where the system doesn't say, the first insert that fails does.
    const lack = lackOf(await freeOf(dir).catch(() => ({ bytes: Infinity, files: Infinity })));
    if (lack !== null) {
      if (full !== null) return;
      full = now();
      log(`${lack} in ${dir}: nothing more is taken in until there is room`);
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
