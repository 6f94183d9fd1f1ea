import { watch, type FSWatcher } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SourceHealth } from '../../../shared/live/frame.ts';
import type { HandOver, Source } from '../source.ts';
import { follow, rememberMore, type FollowedFile, type FollowParts } from './followed-file.ts';
import { readLines } from './read-lines.ts';
import { createWaker, type Waker } from './waker.ts';

/** Chunks of one file handed over and not yet durable. */
const maxChunksUnderWay = 8;
/** The system tells of changes; on file systems that don't, this is how late we look. */
const lookEveryMs = 200;
const rememberEveryMs = 2_000;

export interface FileSourceParts extends FollowParts {
  readonly log: (message: string) => void;
}

type Fault = SourceHealth['fault'];

/** What one followed path knows while it runs. */
interface Follower {
  readonly parts: FileSourceParts;
  readonly waker: Waker;
  fault: Fault;
  stopping: boolean;
}

/**
 * Follows one file by its path: reads what is appended, and goes on in the new file when another stands under the path
 * or when it was cut short. A last line waits for its line feed.
 */
export function createFileSource(parts: FileSourceParts): Source {
  const follower: Follower = { parts, waker: createWaker(lookEveryMs), fault: null, stopping: false };
  let watcher: FSWatcher | null = null;
  let running: Promise<void> | null = null;
  return {
    id: parts.source,
    kind: 'file',
    start: (handOver) => {
      watcher = watchFolder(parts.path, follower.waker.wake);
      running = readFiles(follower, handOver).catch((error: unknown) => {
        follower.fault = 'unreadable';
        parts.log(`source ${parts.source}: reading ended: ${String(error)}`);
      });
      return Promise.resolve();
    },
    stop: async () => {
      follower.stopping = true;
      watcher?.close();
      follower.waker.wake();
      await running;
    },
    fault: () => follower.fault,
  };
}

async function readFiles(follower: Follower, handOver: HandOver): Promise<void> {
  for (let first = true; !follower.stopping; first = false) {
    const file = await openWhenThere(follower, first);
    if (!file) break;
    try {
      await readOn(follower, file, handOver);
    } finally {
      await file.handle.close();
    }
  }
}

/** `null` at the stop. */
async function openWhenThere(follower: Follower, first: boolean): Promise<FollowedFile | null> {
  const { parts } = follower;
  for (let firstEver = first; !follower.stopping; firstEver = false) {
    try {
      const file = await follow(parts, firstEver);
      follower.fault = null;
      return file;
    } catch (error) {
      const next: Fault = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'unreadable';
      if (next !== follower.fault)
        parts.log(`source ${parts.source}: ${parts.path} is ${next}: ${String(error)}`);
      follower.fault = next;
    }
    await follower.waker.wait();
  }
  return null;
}

/** Resolves when another file has to be opened, or at the stop; then all that was handed over is durable. */
async function readOn(follower: Follower, file: FollowedFile, handOver: HandOver): Promise<void> {
  const { parts } = follower;
  const reader = createReader(file, handOver, parts.source);
  const isStopping = (): boolean => follower.stopping;
  let rememberedAt = 0;
  for (;;) {
    const moved = await reader.readAll(isStopping);
    const now = performance.now();
    if (reader.durable() > file.remembered.offset && now - rememberedAt > rememberEveryMs) {
      rememberedAt = now;
      await rememberMore(file, parts.memory, reader.durable());
    }
    if (follower.stopping || (!moved && (await isReplaced(file, parts.path)))) break;
    if (!moved) await follower.waker.wait();
  }
  // What was appended between the last look and the change of file.
  await reader.readAll(isStopping);
  await reader.settled();
  await rememberMore(file, parts.memory, reader.durable());
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
