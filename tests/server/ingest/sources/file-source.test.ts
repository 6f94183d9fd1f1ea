import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFileSource, type FileSourceParts } from '../../../../server/ingest/sources/file-source.ts';
import { maxChunkBytes } from '../../../../server/ingest/sources/read-lines.ts';
import type { Source } from '../../../../server/ingest/source.ts';
import { createTaker } from '../../../contract/source.suite.ts';
import { createMemory } from './memory.ts';

let folder = '';
let path = '';
let started: Source[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'siaga-file-'));
  path = join(folder, 'access.log');
});
afterEach(async () => {
  for (const source of started) await source.stop();
  started = [];
  await rm(folder, { recursive: true, force: true });
});

let ids = 0;
async function follow(parts: Partial<FileSourceParts> = {}) {
  const taker = createTaker();
  const source = createFileSource({
    source: 'web',
    path,
    start: 'beginning',
    memory: createMemory(),
    lastStoredOffset: () => Promise.resolve(null),
    newId: () => `file-${++ids}`,
    log: () => undefined,
    ...parts,
  });
  started.push(source);
  await source.start(taker.handOver);
  return { source, taker };
}

const soon = (check: () => void) => vi.waitFor(check, { timeout: 5_000 });

describe('a followed file', () => {
  it('that is not there yet is a fault, and is read once it comes', async () => {
    const { source, taker } = await follow();
    await soon(() => expect(source.fault()).toBe('missing'));
    await writeFile(path, 'first\n');
    await soon(() => expect(taker.lines()).toEqual(['first']));
    expect(source.fault()).toBeNull();
  });

  it('waits for the end of its last line', async () => {
    await writeFile(path, 'whole\nhal');
    const { taker } = await follow();
    await soon(() => expect(taker.lines()).toEqual(['whole']));
    await appendFile(path, 'f\n');
    await soon(() => expect(taker.lines()).toEqual(['whole', 'half']));
  });

  it('never seen begins at its end when told so', async () => {
    await writeFile(path, 'old\n');
    const { taker } = await follow({ start: 'end' });
    await soon(() => expect(started[0]?.fault()).toBeNull());
    await vi.waitFor(async () => {
      await appendFile(path, 'new\n');
      expect(taker.lines()).toContain('new');
    });
    expect(taker.lines()).not.toContain('old');
  });

  it('goes on behind its newest stored line after a crash, whatever was committed', async () => {
    await writeFile(path, 'one\ntwo\nthree\n');
    const memory = createMemory();
    const first = await follow({ memory });
    await soon(() => expect(first.taker.lines()).toHaveLength(3));
    await first.source.stop();
    const [file] = await memory.all('web');
    if (file) await memory.save({ ...file, offset: 0 });
    await appendFile(path, 'four\n');

    const { taker } = await follow({ memory, lastStoredOffset: () => Promise.resolve('one\n'.length) });
    await soon(() => expect(taker.lines()).toEqual(['three', 'four']));
    expect(taker.chunks[0]?.origin.file).toEqual({ id: file?.id, offset: 'one\ntwo\n'.length });
  });

  it('is known again under another name, and its successor is a file of its own', async () => {
    await writeFile(path, 'a1\na2\n');
    const { taker } = await follow();
    await soon(() => expect(taker.lines()).toEqual(['a1', 'a2']));
    await rename(path, `${path}.1`);
    await appendFile(`${path}.1`, 'a3\n');
    await writeFile(path, 'b1\n');
    await soon(() => expect(taker.lines()).toEqual(['a1', 'a2', 'a3', 'b1']));
    const files = taker.chunks.map(({ origin }) => origin.file?.id);
    expect(new Set(files).size).toBe(2);
  });

  it('that was cut short is read from its start', async () => {
    await writeFile(path, 'a long first line\nanother\n');
    const { taker } = await follow();
    await soon(() => expect(taker.lines()).toHaveLength(2));
    await truncate(path, 0);
    await appendFile(path, 'new\n');
    await soon(() => expect(taker.lines()).toEqual(['a long first line', 'another', 'new']));
  });

  it('with a line longer than a chunk is handed over in pieces and goes on', async () => {
    await writeFile(path, `${'x'.repeat(maxChunkBytes + 10)}\nnext\n`);
    const { taker } = await follow();
    await soon(() => expect(taker.lines().at(-1)).toBe('next'));
    expect(taker.chunks[0]?.bytes.length).toBe(maxChunkBytes);
  });
});
