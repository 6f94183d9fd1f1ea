import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { createFileSource, type FileSourceParts } from '../../../../server/ingest/sources/file-source.ts';
import type { Source, SourceRejection } from '../../../../server/ingest/source.ts';
import { createTaker } from '../../../contract/source.suite.ts';
import { createMemory, type TestMemory } from './memory.ts';

let ids = 0;

/** A folder of logs, and sources over it that end with the test. */
export async function openBench() {
  const folder = await mkdtemp(join(tmpdir(), 'siaga-file-'));
  const path = join(folder, 'access.log');
  const started: Source[] = [];
  const rejections: SourceRejection[] = [];
  const logged: string[] = [];
  const follow = async (parts: Partial<FileSourceParts> & { memory?: TestMemory } = {}) => {
    const taker = createTaker();
    const memory = parts.memory ?? createMemory();
    const source = createFileSource({
      source: 'web',
      paths: [path],
      start: 'beginning',
      newId: () => `file-${++ids}`,
      clock: () => performance.now(),
      now: () => Date.now(),
      log: (message) => void logged.push(message),
      reject: (rejection) => void rejections.push(rejection),
      ...parts,
      memory,
    });
    started.push(source);
    await source.start(memory.booked(taker.handOver));
    return { source, taker, memory };
  };
  return {
    folder,
    path,
    in: (name: string) => join(folder, name),
    follow,
    rejections,
    logged,
    close: async () => {
      for (const source of started) await source.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type Bench = Awaited<ReturnType<typeof openBench>>;

export const soon = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 8_000 });

/** Lines long enough that a few of them fill what is compared of a file's beginning. */
export const numbered = (from: number, count: number, prefix = 'line'): string[] =>
  Array.from({ length: count }, (_value, index) => `${prefix} ${from + index} ${'x'.repeat(100)}`);

export const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
