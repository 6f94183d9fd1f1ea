import { watch, type FSWatcher } from 'node:fs';
import { folderOf } from '../../config/path-pattern.ts';
import type { HandOver, Reject, Source } from '../source.ts';
import type { FileMemory } from './file-memory.ts';
import { createFileSet, type FileSet } from './file-set.ts';
import { createWaker, type Waker } from './waker.ts';

/** The system tells of changes; on file systems that don't, this is how late we look. */
const lookEveryMs = 200;
/** How often names are looked up while nothing is told of a change. */
const scanEveryMs = 1_000;

export interface FileSourceParts {
  readonly source: string;
  /** Files to follow: names, or patterns with `*`, `?`, `[…]`, `{a,b}`, `**`. */
  readonly paths: readonly string[];
  /** Where to begin in the files that are there at the first start ever of the source; later ones begin at their beginning. */
  readonly start: 'beginning' | 'end';
  readonly memory: FileMemory;
  readonly newId: () => string;
  /** Monotonic ms. */
  readonly clock: () => number;
  /** Epoch ms. */
  readonly now: () => number;
  readonly log: (message: string) => void;
  /** What was lost before it could be read, as far as it can be known. */
  readonly reject: Reject;
  /** How long a file without a name of ours may be quiet before it is closed, ms. */
  readonly leftQuietMs?: number;
  /** How long a compressed file may be unfinished before that is a fault, ms. */
  readonly unfinishedMs?: number;
}

/**
 * Follows files by name or pattern: reads what is appended, reads on in what was renamed, cut short after a copy, compressed or
 * deleted, and in what comes in its place. A last line waits for its line feed as long as the file may grow.
 */
export function createFileSource(parts: FileSourceParts): Source {
  const waker = createWaker(lookEveryMs);
  const set = createFileSet(parts);
  const loop: Loop = {
    parts,
    waker,
    set,
    trouble: null,
    opened: false,
    scannedAt: -Infinity,
    stopping: false,
  };
  let watchers: FSWatcher[] = [];
  let running: Promise<void> | null = null;
  return {
    id: parts.source,
    kind: 'file',
    start: (handOver) => {
      watchers = watchFolders(parts.paths, (nameChanged) => {
        if (nameChanged) set.nameMayHaveChanged();
        waker.wake();
      });
      running = run(loop, handOver);
      return Promise.resolve();
    },
    stop: async () => {
      loop.stopping = true;
      for (const watcher of watchers) watcher.close();
      waker.wake();
      await running;
    },
    fault: () => (loop.trouble === null ? set.fault() : 'unreadable'),
    behind: () => set.behind(),
  };
}

interface Loop {
  readonly parts: FileSourceParts;
  readonly waker: Waker;
  readonly set: FileSet;
  /** What failed beside the files themselves, most often the state store; `null` once all succeeds again. */
  trouble: string | null;
  opened: boolean;
  scannedAt: number;
  stopping: boolean;
}

/** Reads until the source is stopped; what fails is tried again. */
async function run(loop: Loop, handOver: HandOver): Promise<void> {
  while (!loop.stopping) {
    try {
      await (
        await turn(loop, handOver)
      )?.done;
    } catch (error) {
      complain(loop, String(error));
      await loop.waker.wait();
    }
  }
  await loop.set.close().catch((error: unknown) => complain(loop, String(error)));
}

/** Reads once; resolves with what to wait for, `null` when there may be more. */
async function turn(loop: Loop, handOver: HandOver): Promise<{ done: Promise<unknown> } | null> {
  const { set, waker, parts } = loop;
  if (!loop.opened) await set.open();
  loop.opened = true;
  const now = parts.clock();
  if (set.isScanDue() || now - loop.scannedAt >= scanEveryMs) {
    loop.scannedAt = now;
    await set.scan(handOver);
    loop.trouble = null;
  }
  const { read, replaced, waiting } = await set.readOn();
  return replaced || read ? null : { done: waiting ?? waker.wait() };
}

function complain(loop: Loop, trouble: string): void {
  const { source, log } = loop.parts;
  if (loop.trouble !== trouble) log(`source ${source}: reading failed, it is tried again: ${trouble}`);
  loop.trouble = trouble;
}

function watchFolders(paths: readonly string[], onChange: (nameChanged: boolean) => void): FSWatcher[] {
  return [...new Set(paths.map(folderOf))].flatMap((folder) => {
    try {
      const watcher = watch(folder, { persistent: false }, (event) => onChange(event === 'rename'));
      // A folder that goes takes its watcher with it; then looking again and again is all there is.
      watcher.on('error', () => watcher.close());
      return [watcher];
    } catch {
      return [];
    }
  });
}
