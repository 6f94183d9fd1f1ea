import { watch, type FSWatcher } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SourceHealth } from '../../../shared/live/frame.ts';
import type { HandOver, Source } from '../source.ts';
import { follow, rememberMore, type FollowedFile, type FollowParts } from './followed-file.ts';
import { readLines } from './read-lines.ts';
import { createWaker } from './waker.ts';

/** Chunks of one file handed over and not yet durable. */
const maxChunksUnderWay = 8;
/** The system tells of changes; on file systems that don't, this is how late we look. */
const lookEveryMs = 200;
const rememberEveryMs = 2_000;

export interface FileSourceParts extends FollowParts {
  readonly log: (message: string) => void;
}

type Fault = SourceHealth['fault'];

/**
 * Follows one file by its path: reads what is appended, and goes on in the new file when another stands under the path
 * or when it was cut short. A last line waits for its line feed.
 */
export function createFileSource(parts: FileSourceParts): Source {
  let fault: Fault = null;
  let stopping = false;
  let running: Promise<void> | null = null;
  const waker = createWaker(lookEveryMs);

  const loop = async (handOver: HandOver): Promise<void> => {
    for (let first = true; !stopping; first = false) {
      const file = await openWhenThere(first);
      if (!file) break;
      try {
        await readOn(file, handOver);
      } finally {
        await file.handle.close();
      }
    }
  };

  const openWhenThere = async (first: boolean): Promise<FollowedFile | null> => {
    for (let firstEver = first; !stopping; firstEver = false) {
      try {
        const file = await follow(parts, firstEver);
        fault = null;
        return file;
      } catch (error) {
        const next: Fault = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'unreadable';
        if (next !== fault) parts.log(`source ${parts.source}: ${parts.path} is ${next}: ${String(error)}`);
        fault = next;
      }
      await waker.wait();
    }
    return null;
  };

  /** Resolves when another file has to be opened, or at the stop; then all that was handed over is durable. */
  const readOn = async (file: FollowedFile, handOver: HandOver): Promise<void> => {
    const reader = createReader(file, handOver, parts.source);
    let rememberedAt = 0;
    for (;;) {
      const moved = await reader.readAll(() => stopping);
      const now = performance.now();
      if (reader.durable() > file.remembered.offset && now - rememberedAt > rememberEveryMs) {
        rememberedAt = now;
        await rememberMore(file, parts.memory, reader.durable());
      }
      if (stopping || (!moved && (await isReplaced(file, parts.path)))) break;
      if (!moved) await waker.wait();
    }
    await reader.settled();
    await rememberMore(file, parts.memory, reader.durable());
  };

  let watcher: FSWatcher | null = null;
  return {
    id: parts.source,
    kind: 'file',
    start: (handOver) => {
      watcher = watchFolder(parts.path, waker.wake);
      running = loop(handOver).catch((error: unknown) => {
        fault = 'unreadable';
        parts.log(`source ${parts.source}: reading ended: ${String(error)}`);
      });
      return Promise.resolve();
    },
    stop: async () => {
      stopping = true;
      watcher?.close();
      waker.wake();
      await running;
    },
    fault: () => fault,
  };
}

function createReader(file: FollowedFile, handOver: HandOver, source: string) {
  const underWay = new Set<Promise<void>>();
  let durable = file.offset;
  return {
    durable: () => durable,
    settled: () => Promise.all(underWay),
    /** Reads to the end; true when there was anything. */
    readAll: async (isStopping: () => boolean): Promise<boolean> => {
      let moved = false;
      while (!isStopping()) {
        if (underWay.size >= maxChunksUnderWay) await Promise.race(underWay);
        const bytes = await readLines(file.handle, file.offset);
        if (!bytes) break;
        const end = file.offset + bytes.length;
        const chunk = { origin: { source, file: { id: file.remembered.id, offset: file.offset } }, bytes };
        const done = handOver(chunk).then(() => {
          durable = Math.max(durable, end);
          underWay.delete(done);
        });
        underWay.add(done);
        file.offset = end;
        moved = true;
      }
      return moved;
    },
  };
}

/** Whether the path leads to another file now, or the open one was cut short. A path that leads nowhere may come back. */
async function isReplaced(file: FollowedFile, path: string): Promise<boolean> {
  const open = await file.handle.stat();
  if (open.size < file.offset) return true;
  try {
    const there = await stat(path);
    return there.ino !== open.ino || there.dev !== open.dev;
  } catch {
    return false;
  }
}

function watchFolder(path: string, onChange: () => void): FSWatcher | null {
  try {
    return watch(dirname(path), { persistent: false }, onChange);
  } catch {
    return null;
  }
}
