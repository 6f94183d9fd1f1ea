import {
  appendFile,
  copyFile,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tailOf } from '../../../../server/ingest/sources/file-identity.ts';
import { maxOpenFiles } from '../../../../server/ingest/sources/file-set.ts';
import { maxChunkBytes } from '../../../../server/ingest/sources/read-lines.ts';
import { numbered, openBench, soon, textOf, type Bench } from './followed.ts';
import { createMemory } from './memory.ts';

let bench: Bench;
beforeEach(async () => void (bench = await openBench()));
afterEach(() => bench.close());

const pause = (ms: number) => new Promise((resolve) => void setTimeout(resolve, ms));
const lines = numbered(1, 30);

/** Puts a copy of the log in its place, as an editor, a restore or a move to another disk does. */
async function replaceByCopy(path: string): Promise<void> {
  await copyFile(path, `${path}.new`);
  await rename(`${path}.new`, path);
}

describe('a followed file', () => {
  it('that was replaced by its own copy is read on for as long as it has its name', async () => {
    await writeFile(bench.path, textOf(lines));
    const memory = createMemory();
    let time = 0;
    const clock = () => performance.now() + time;
    const first = await bench.follow({ memory });
    await soon(() => expect(first.taker.lines()).toEqual(lines));
    await first.source.stop();
    await replaceByCopy(bench.path);
    const { taker } = await bench.follow({ memory, clock });
    await pause(1_500);
    time = 60_000;
    await pause(1_500);
    await appendFile(bench.path, 'written to the copy\n');
    await soon(() => expect(taker.lines()).toEqual(['written to the copy']));
  });

  it('is read on once the state store can be written again', async () => {
    const memory = createMemory();
    let failing = true;
    const failWhile = () => (failing ? Promise.reject(new Error('database is full')) : null);
    const begin = async (source: string) => (await failWhile()) ?? (await memory.begin(source));
    const alive = async (source: string, at: number) => (await failWhile()) ?? memory.alive(source, at);
    await writeFile(bench.path, 'one\n');
    const { source, taker } = await bench.follow({ memory: { ...memory, begin, alive } });
    await soon(() => expect(source.fault()).toBe('unreadable'));
    failing = false;
    await soon(() => expect(taker.lines()).toEqual(['one']));
    await soon(() => expect(source.fault()).toBeNull());
    failing = true;
    await appendFile(bench.path, 'two\n');
    await soon(() => expect(taker.lines()).toEqual(['one', 'two']));
    await soon(() => expect(source.fault()).toBe('unreadable'));
    failing = false;
    await appendFile(bench.path, 'three\n');
    await soon(() => expect(taker.lines()).toEqual(['one', 'two', 'three']));
    await soon(() => expect(source.fault()).toBeNull());
  });

  it('is read to its end though the state store failed while it was read', async () => {
    const memory = createMemory();
    let failing = false;
    const identify = (file: Parameters<typeof memory.identify>[0]) =>
      failing ? Promise.reject(new Error('database is locked')) : memory.identify(file);
    await writeFile(bench.path, 'one\n');
    const { source, taker } = await bench.follow({ memory: { ...memory, identify } });
    await soon(() => expect(taker.lines()).toEqual(['one']));
    failing = true;
    await appendFile(bench.path, 'two\n');
    await soon(() => expect(source.fault()).toBe('unreadable'));
    failing = false;
    await soon(() => expect(taker.lines()).toEqual(['one', 'two']));
    await soon(() => expect(source.fault()).toBeNull());
  });

  it('into which a program goes on writing at its old place loses no line, also when it was seen empty', async () => {
    await writeFile(bench.path, textOf(lines));
    const { source, taker } = await bench.follow();
    await soon(() => expect(taker.lines()).toEqual(lines));
    await truncate(bench.path, 0);
    await soon(() => expect(source.behind?.()).toBe(0));
    await pause(600);
    await truncate(bench.path, 2_000_000);
    await appendFile(bench.path, 'behind the hole\nnext\n');
    await soon(() => expect(taker.lines()).toEqual([...lines, 'behind the hole', 'next']));
  });

  it('that grows after it was taken for finished is read on', async () => {
    await writeFile(bench.path, textOf(lines));
    const memory = createMemory();
    const first = await bench.follow({ memory });
    await soon(() => expect(first.taker.lines()).toEqual(lines));
    await first.source.stop();
    const [file] = await memory.all('web');
    memory.change(file?.id ?? '', { finished: true });
    const { taker } = await bench.follow({ memory });
    await pause(1_200);
    await appendFile(bench.path, 'late\n');
    await soon(() => expect(taker.lines()).toEqual(['late']));
  });
});

describe('after a crash whose lines the books had not taken in', () => {
  it('a last line without its end is not read again', async () => {
    await writeFile(bench.path, 'one\ntwo\nlast');
    const memory = createMemory();
    const first = await bench.follow({ memory });
    await soon(() => expect(first.taker.lines()).toEqual(['one', 'two']));
    await first.source.stop();
    const [file] = await memory.all('web');
    memory.change(file?.id ?? '', { offset: 0, tail: null, lastLine: 'one\ntwo\n'.length });
    const { taker } = await bench.follow({ memory });
    await pause(600);
    await appendFile(bench.path, '\nnext\n');
    await soon(() => expect(taker.lines()).toEqual(['next']));
  });

  it('a file is known again by what was read last when it comes compressed', async () => {
    await writeFile(bench.path, textOf(lines));
    const memory = createMemory();
    const first = await bench.follow({ memory });
    await soon(() => expect(first.taker.lines()).toEqual(lines));
    await first.source.stop();
    const [file] = await memory.all('web');
    const half = textOf(lines.slice(0, 15));
    memory.change(file?.id ?? '', {
      offset: half.length,
      tail: tailOf(Buffer.from(half)),
      lastLine: textOf(lines.slice(0, -1)).length,
    });
    const { taker } = await bench.follow({ memory });
    await pause(600);
    await writeFile(`${bench.path}.1.gz`, gzipSync(await readFile(bench.path)));
    await writeFile(bench.path, 'new\n');
    await soon(() => expect(taker.lines()).toEqual(['new']));
    await pause(1_500);
    expect(taker.lines()).toEqual(['new']);
  });
});

describe('a file whose newest line is longer than a chunk', () => {
  it('is known again when it comes compressed', async () => {
    await writeFile(bench.path, `${textOf(lines)}${'y'.repeat(maxChunkBytes + 500_000)}\n`);
    const { taker } = await bench.follow();
    await soon(() => expect(taker.lines()).toHaveLength(lines.length + 1));
    await pause(300);
    await writeFile(`${bench.path}.1.gz`, gzipSync(await readFile(bench.path)));
    await writeFile(bench.path, 'new\n');
    await soon(() => expect(taker.lines().at(-1)).toEqual('new'));
    await pause(1_500);
    expect(taker.lines()).toHaveLength(lines.length + 2);
  });
});

describe('a file beside the followed one that only looks like its rotation', () => {
  it('is none of ours, also while it grows, and after a restart', async () => {
    const neighbour = bench.in('access-8443.log');
    await writeFile(bench.path, 'ours\n');
    await writeFile(neighbour, 'theirs 1\n');
    const memory = createMemory();
    const first = await bench.follow({ memory });
    await soon(() => expect(first.taker.lines()).toEqual(['ours']));
    await pause(1_200);
    await appendFile(neighbour, 'theirs 2\n');
    await pause(1_200);
    expect(first.taker.lines()).toEqual(['ours']);
    await first.source.stop();
    await appendFile(neighbour, 'theirs 3\n');
    const { taker } = await bench.follow({ memory });
    await pause(1_200);
    expect(taker.lines()).toEqual([]);
  });
});

describe('more files than may be open', () => {
  const names = Array.from({ length: maxOpenFiles + 16 }, (_value, index) => `busy-${index}.log`);

  it('are not all opened at a restart', async () => {
    const memory = createMemory();
    for (const name of names) await writeFile(bench.in(name), `${name}\n`);
    const paths = [bench.in('busy-*.log')];
    const first = await bench.follow({ paths, memory });
    await soon(() => expect(first.taker.lines()).toHaveLength(names.length));
    await first.source.stop();
    const { source } = await bench.follow({ paths, memory });
    await soon(() => expect(source.fault()).toBe('overloaded'));
    expect(await openBelow(bench.folder)).toBeLessThanOrEqual(maxOpenFiles);
  });

  it('lose nothing when one is rotated before its turn has come', async () => {
    for (const name of names) await writeFile(bench.in(name), `${name}\n`);
    const last = bench.in('waiting.log');
    await writeFile(last, 'waiting\n');
    const { source, taker } = await bench.follow({ paths: [bench.in('*.log')] });
    await soon(() => expect(source.fault()).toBe('overloaded'));
    await soon(() => expect(taker.lines()).toHaveLength(maxOpenFiles));
    const read = new Set(taker.lines());
    const unread = [...names, 'waiting'].find((name) => !read.has(name)) ?? '';
    const path = unread === 'waiting' ? last : bench.in(unread);
    await rename(path, `${path}.1`);
    await writeFile(path, '');
    await soon(() => expect(taker.lines()).toContain(unread));
  });
});

describe('a pattern that covers rotations', () => {
  it('reads a short file once, compressed or not', async () => {
    const [one = '', two = '', three = ''] = lines;
    await writeFile(bench.path, textOf([one, two]));
    const { taker } = await bench.follow({ paths: [bench.in('access.log*')] });
    await soon(() => expect(taker.lines()).toEqual([one, two]));
    await rename(bench.path, `${bench.path}.1`);
    await writeFile(bench.path, textOf([three]));
    await soon(() => expect(taker.lines()).toHaveLength(3));
    await writeFile(`${bench.path}.1.gz`, gzipSync(await readFile(`${bench.path}.1`)));
    await rm(`${bench.path}.1`);
    await pause(2_500);
    expect(taker.lines()).toEqual([one, two, three]);
  });
});

/** How many files below a folder this process has open. */
async function openBelow(folder: string): Promise<number> {
  const paths = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  );
  return paths.filter((path) => path.startsWith(`${folder}/`)).length;
}
