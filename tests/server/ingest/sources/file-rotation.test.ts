import {
  appendFile,
  copyFile,
  open,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashOf } from '../../../../server/ingest/sources/file-identity.ts';
import { numbered, openBench, soon, textOf, type Bench } from './followed.ts';
import { createMemory } from './memory.ts';

const pause = (ms: number) => new Promise((resolve) => void setTimeout(resolve, ms));

let bench: Bench;
beforeEach(async () => void (bench = await openBench()));
afterEach(() => bench.close());

const gzip = async (from: string, to: string): Promise<void> => {
  await writeFile(to, gzipSync(await readFile(from)));
  await rm(from);
};

describe('rotation by rename', () => {
  it('reads on in the renamed file and begins its successor, each a file of its own', async () => {
    await writeFile(bench.path, 'a1\na2\n');
    const { taker } = await bench.follow();
    await soon(() => expect(taker.lines()).toEqual(['a1', 'a2']));
    await rename(bench.path, bench.in('access.log.1'));
    await writeFile(bench.path, 'b1\n');
    await appendFile(bench.in('access.log.1'), 'a3\n');
    await soon(() => expect(taker.lines().toSorted()).toEqual(['a1', 'a2', 'a3', 'b1']));
    // The program that wrote it has not heard of the rotation yet.
    await appendFile(bench.in('access.log.1'), 'a4\n');
    await appendFile(bench.path, 'b2\n');
    await soon(() => expect(taker.lines().toSorted()).toEqual(['a1', 'a2', 'a3', 'a4', 'b1', 'b2']));
    expect(new Set(taker.chunks.map(({ origin }) => origin.file?.id)).size).toBe(2);
  });

  it('while we were away is read on under the new name, also when it was compressed', async () => {
    const memory = createMemory();
    const lines = numbered(0, 30);
    await writeFile(bench.path, textOf(lines.slice(0, 20)));
    const first = await bench.follow({ memory });
    await soon(() => expect(first.taker.lines()).toHaveLength(20));
    await first.source.stop();
    await appendFile(bench.path, textOf(lines.slice(20)));
    await rename(bench.path, bench.in('access.log.1'));
    await gzip(bench.in('access.log.1'), bench.in('access.log.2.gz'));
    await writeFile(bench.path, 'new\n');
    const { taker } = await bench.follow({ memory });
    await soon(() => expect(taker.lines().toSorted()).toEqual([...lines.slice(20), 'new'].toSorted()));
  });

  it('within a pattern does not read a file again', async () => {
    const lines = numbered(0, 20);
    await writeFile(bench.path, textOf(lines));
    const { taker } = await bench.follow({ paths: [bench.in('access.log*')] });
    await soon(() => expect(taker.lines()).toEqual(lines));
    await rename(bench.path, bench.in('access.log.1'));
    await writeFile(bench.path, 'new\n');
    await soon(() => expect(taker.lines()).toEqual([...lines, 'new']));
    await gzip(bench.in('access.log.1'), bench.in('access.log.2.gz'));
    await appendFile(bench.path, 'newer\n');
    await soon(() => expect(taker.lines()).toEqual([...lines, 'new', 'newer']));
  });

  it('hands over a last line without its line feed once the file is over', async () => {
    await writeFile(bench.path, 'whole\nno end');
    const { taker } = await bench.follow({ leftQuietMs: 300 });
    await soon(() => expect(taker.lines()).toEqual(['whole']));
    await rename(bench.path, bench.in('access.log.1'));
    await writeFile(bench.path, 'next\n');
    await soon(() => expect(taker.lines().toSorted()).toEqual(['next', 'no end', 'whole']));
  });
});

describe('rotation more than once', () => {
  it.each([
    ['access.log.1', 'access.log.2.gz'],
    ['access.log-20261124', 'access.log-20261123.gz'],
    ['access-20261124.log', 'access-20261123.log.gz'],
  ])('while we were away is read from every file that came since (%s, %s)', async (newer, older) => {
    const memory = createMemory();
    await writeFile(bench.in('access.log.9'), 'of old, before us\n');
    await utimes(bench.in('access.log.9'), 1, 1);
    const lines = numbered(0, 60);
    await writeFile(bench.path, textOf(lines.slice(0, 20)));
    const first = await bench.follow({ memory });
    await soon(() => expect(first.taker.lines()).toHaveLength(20));
    await first.source.stop();
    await appendFile(bench.path, textOf(lines.slice(20, 30)));
    await rename(bench.path, bench.in('between'));
    await gzip(bench.in('between'), bench.in(older));
    await writeFile(bench.path, textOf(lines.slice(30, 45)));
    await rename(bench.path, bench.in(newer));
    await writeFile(bench.path, textOf(lines.slice(45)));
    const { taker } = await bench.follow({ memory });
    await soon(() => expect(taker.lines().toSorted()).toEqual(lines.slice(20).toSorted()));
  });

  it('of a file that a crash left out of the books reads on behind its newest stored line', async () => {
    const memory = createMemory();
    const lines = numbered(0, 30);
    await writeFile(bench.path, textOf(lines));
    const first = await bench.follow({ memory });
    await soon(() => expect(first.taker.lines()).toHaveLength(30));
    await first.source.stop();
    const [file] = await memory.all('web');
    const lastLine = textOf(lines.slice(0, 11)).length;
    if (file) memory.change(file.id, { offset: 0, tail: null, lastLine });
    await rename(bench.path, bench.in('between'));
    await gzip(bench.in('between'), bench.in('access.log.1.gz'));
    await writeFile(bench.path, 'new\n');
    const { taker } = await bench.follow({ memory });
    await soon(() => expect(taker.lines().toSorted()).toEqual([...lines.slice(12), 'new'].toSorted()));
  });

  it('of a file that nothing was stored of before a crash reads it once, though it was compressed', async () => {
    const memory = createMemory();
    const lines = numbered(0, 30);
    await writeFile(bench.path, textOf(lines));
    const first = await bench.follow({ memory });
    await soon(() => expect(first.taker.lines()).toHaveLength(30));
    await first.source.stop();
    const [file] = await memory.all('web');
    if (file) memory.change(file.id, { offset: 0, tail: null, lastLine: null });
    await copyFile(bench.path, bench.in('copy'));
    await gzip(bench.in('copy'), bench.in('access.log.1.gz'));
    await truncate(bench.path, 0);
    await appendFile(bench.path, 'new\n');
    const { taker } = await bench.follow({ memory });
    await soon(() => expect(taker.lines().toSorted()).toEqual([...lines, 'new'].toSorted()));
    // The next rotation has it found under another name, and all that is known looked at again.
    await rename(bench.in('access.log.1.gz'), bench.in('access.log.2.gz'));
    await copyFile(bench.path, bench.in('access.log.1'));
    await truncate(bench.path, 0);
    await appendFile(bench.path, 'newer\n');
    await soon(() => expect(taker.lines()).toContain('newer'));
    await pause(1_500);
    expect(taker.lines().toSorted()).toEqual([...lines, 'new', 'newer'].toSorted());
  });

  it('that is found twice, compressed and as it was, is read once, also when nothing was stored of it', async () => {
    const memory = createMemory();
    const lines = numbered(0, 30);
    await writeFile(bench.path, textOf(lines));
    const first = await bench.follow({ memory });
    await soon(() => expect(first.taker.lines()).toHaveLength(30));
    await first.source.stop();
    const [file] = await memory.all('web');
    if (file) memory.change(file.id, { offset: 0, tail: null, lastLine: null });
    await rename(bench.path, bench.in('access.log.1'));
    const { atime, mtime } = await stat(bench.in('access.log.1'));
    await writeFile(bench.in('access.log.1.gz'), gzipSync(textOf(lines)));
    await utimes(bench.in('access.log.1.gz'), atime, new Date(mtime.getTime() - 1));
    await writeFile(bench.path, 'new\n');
    const { taker } = await bench.follow({ memory });
    await soon(() => expect(taker.lines().toSorted()).toEqual([...lines, 'new'].toSorted()));
    await rm(bench.in('access.log.1'));
    await pause(1_500);
    expect(taker.lines().toSorted()).toEqual([...lines, 'new'].toSorted());
  });

  it('is known by its content where its inode is that of a file that was empty and is gone', async () => {
    const memory = createMemory();
    const lines = numbered(0, 30);
    await writeFile(bench.path, textOf(lines));
    const first = await bench.follow({ memory });
    await soon(() => expect(first.taker.lines()).toHaveLength(30));
    await first.source.stop();
    await gzip(bench.path, bench.in('access.log.1.gz'));
    await writeFile(bench.path, 'new\n');
    const { dev, ino } = await stat(bench.in('access.log.1.gz'));
    const [file] = await memory.all('web');
    if (file)
      await memory.create({
        ...file,
        id: 'gone',
        device: dev,
        inode: ino,
        headHash: hashOf(new Uint8Array()),
        headLength: 0,
        offset: 0,
        tail: null,
      });
    const { taker } = await bench.follow({ memory });
    await soon(() => expect(taker.lines()).toEqual(['new']));
    await pause(1_500);
    expect(taker.lines()).toEqual(['new']);
  });

  it('reads what a program wrote under the name before logrotate made it, and logrotate put aside', async () => {
    const memory = createMemory();
    const lines = numbered(0, 60);
    await writeFile(bench.path, textOf(lines.slice(0, 20)));
    const first = await bench.follow({ memory });
    await soon(() => expect(first.taker.lines()).toHaveLength(20));
    await first.source.stop();
    await rename(bench.path, bench.in('access.log.1'));
    await writeFile(bench.path, textOf(lines.slice(20, 30)));
    await rename(bench.path, bench.in('access.log-2026112419.backup'));
    await writeFile(bench.path, textOf(lines.slice(30)));
    const { taker } = await bench.follow({ memory });
    await soon(() => expect(taker.lines().toSorted()).toEqual(lines.slice(20).toSorted()));
  });

  it('leaves alone what has another name', async () => {
    const memory = createMemory();
    await writeFile(bench.path, 'ours\n');
    const first = await bench.follow({ memory });
    await soon(() => expect(first.taker.lines()).toEqual(['ours']));
    await first.source.stop();
    await writeFile(bench.in('access-admin.log'), 'not ours\n');
    await writeFile(bench.in('access.log.bak'), 'not ours\n');
    await writeFile(bench.in('access.log.2.gz-2026112419.backup'), 'no text\n');
    const { source, taker } = await bench.follow({ memory });
    await soon(() => expect(source.fault()).toBeNull());
    await appendFile(bench.path, 'more\n');
    await soon(() => expect(taker.lines()).toEqual(['more']));
  });

  it('of a short file by copy does not read the copy again', async () => {
    await writeFile(bench.path, 'one\ntwo\n');
    const { taker } = await bench.follow();
    await soon(() => expect(taker.lines()).toEqual(['one', 'two']));
    await copyFile(bench.path, bench.in('access.log.1'));
    await truncate(bench.path, 0);
    await appendFile(bench.path, 'new\n');
    await soon(() => expect(taker.lines()).toEqual(['one', 'two', 'new']));
    await appendFile(bench.path, 'newer\n');
    await soon(() => expect(taker.lines()).toEqual(['one', 'two', 'new', 'newer']));
  });
});

describe('rotation by copy and truncation', () => {
  it('reads what stood behind the place that was read from the copy, and the file anew', async () => {
    const lines = numbered(0, 40);
    await writeFile(bench.path, textOf(lines.slice(0, 20)));
    const { taker } = await bench.follow();
    await soon(() => expect(taker.lines()).toHaveLength(20));
    await appendFile(bench.path, textOf(lines.slice(20, 30)));
    await copyFile(bench.path, bench.in('access.log.1'));
    await truncate(bench.path, 0);
    await appendFile(bench.path, textOf(lines.slice(30)));
    await soon(() => expect(taker.lines().toSorted()).toEqual(lines.toSorted()));
    expect(bench.rejections).toEqual([]);
  });

  it('is noticed though the file has grown beyond its old size meanwhile', async () => {
    const memory = createMemory();
    const lines = numbered(0, 60);
    await writeFile(bench.path, textOf(lines.slice(0, 10)));
    const first = await bench.follow({ memory });
    await soon(() => expect(first.taker.lines()).toHaveLength(10));
    await first.source.stop();
    await copyFile(bench.path, bench.in('access.log.1'));
    await truncate(bench.path, 0);
    await appendFile(bench.path, textOf(lines.slice(10)));
    const { taker } = await bench.follow({ memory });
    await soon(() => expect(taker.lines()).toEqual(lines.slice(10)));
  });

  it.each([
    ['by name', 'access.log'],
    ['by a pattern that covers the copy', 'access.log*'],
  ])(
    'of a large file, followed %s, does not read the copy while it is being written',
    async (_how, name) => {
      const text = textOf(numbered(0, 4_000));
      await writeFile(bench.path, text);
      const { taker } = await bench.follow({ paths: [bench.in(name)] });
      await soon(() => expect(taker.lines()).toHaveLength(4_000));
      for (const share of [0, 0.001, 0.4, 0.8, 1]) {
        await writeFile(bench.in('copy'), text.slice(0, Math.floor(text.length * share)));
        await copyFile(bench.in('copy'), bench.in('access.log.1'));
        await appendFile(bench.path, `with ${share}\n`);
        await soon(() => expect(taker.lines()).toContain(`with ${share}`));
        await pause(1_200);
      }
      await appendFile(bench.in('access.log.1'), 'last of the copy\n');
      await truncate(bench.path, 0);
      await appendFile(bench.path, 'new\n');
      await soon(() => expect(taker.lines()).toContain('new'));
      await pause(3_000);
      expect(taker.lines().filter((line) => line.startsWith('line '))).toHaveLength(4_000);
    },
    60_000,
  );

  it('while we were away is read though we went again before the copy was quiet', async () => {
    const memory = createMemory();
    await writeFile(bench.path, 'old\n');
    const first = await bench.follow({ memory });
    await soon(() => expect(first.taker.lines()).toEqual(['old']));
    await first.source.stop();
    const lines = numbered(0, 20);
    await pause(50);
    await writeFile(bench.path, textOf(lines));
    await copyFile(bench.path, bench.in('access.log.1'));
    await writeFile(bench.path, 'new\n');
    const second = await bench.follow({ memory });
    await soon(() => expect(second.taker.lines()).toEqual(['new']));
    await pause(1_100);
    await second.source.stop();
    const third = await bench.follow({ memory });
    await soon(() => expect(third.taker.lines()).toEqual(lines));
  });

  it('while we were away loses nothing, also when the copy was compressed', async () => {
    const memory = createMemory();
    const lines = numbered(0, 50);
    await writeFile(bench.path, textOf(lines.slice(0, 20)));
    const first = await bench.follow({ memory });
    await soon(() => expect(first.taker.lines()).toHaveLength(20));
    await first.source.stop();
    await appendFile(bench.path, textOf(lines.slice(20, 35)));
    await copyFile(bench.path, bench.in('copy'));
    await gzip(bench.in('copy'), bench.in('access.log.1.gz'));
    await truncate(bench.path, 0);
    await appendFile(bench.path, textOf(lines.slice(35)));
    const { taker } = await bench.follow({ memory });
    await soon(() => expect(taker.lines().toSorted()).toEqual(lines.slice(20).toSorted()));
  });

  it('within a pattern does not read the copy again', async () => {
    const lines = numbered(0, 20);
    await writeFile(bench.path, textOf(lines));
    const { taker } = await bench.follow({ paths: [bench.in('access.log*')] });
    await soon(() => expect(taker.lines()).toEqual(lines));
    await copyFile(bench.path, bench.in('access.log.1'));
    await truncate(bench.path, 0);
    await appendFile(bench.path, 'new\n');
    await soon(() => expect(taker.lines()).toEqual([...lines, 'new']));
    await appendFile(bench.path, 'newer\n');
    await soon(() => expect(taker.lines()).toEqual([...lines, 'new', 'newer']));
  });
});

describe('a file', () => {
  it('that is deleted while it is read is read to its end', async () => {
    const lines = numbered(0, 20);
    await writeFile(bench.path, textOf(lines.slice(0, 10)));
    const { source, taker } = await bench.follow();
    await soon(() => expect(taker.lines()).toHaveLength(10));
    const writer = await open(bench.path, 'a');
    await rm(bench.path);
    await writer.write(textOf(lines.slice(10)));
    await writer.close();
    await soon(() => expect(taker.lines()).toEqual(lines));
    await soon(() => expect(source.fault()).toBe('missing'));
  });

  it('that is deleted and made again is a file of its own, whatever its inode', async () => {
    await writeFile(bench.path, 'a1\n');
    const { taker } = await bench.follow();
    await soon(() => expect(taker.lines()).toEqual(['a1']));
    await rm(bench.path);
    await writeFile(bench.path, 'b1\nb2\n');
    await soon(() => expect(taker.lines()).toEqual(['a1', 'b1', 'b2']));
  });

  it.each(['smaller', 'larger'])('that another, %s one is moved over is replaced by it', async (size) => {
    const before = numbered(0, 12, 'before');
    const after = numbered(0, size === 'smaller' ? 2 : 40, 'after');
    await writeFile(bench.path, textOf(before));
    const { taker } = await bench.follow();
    await soon(() => expect(taker.lines()).toEqual(before));
    await writeFile(bench.in('other'), textOf(after));
    await rename(bench.in('other'), bench.path);
    await soon(() => expect(taker.lines()).toEqual([...before, ...after]));
  });

  it('that begins like another of the pattern is another', async () => {
    const header = textOf(numbered(0, 12, 'header'));
    await writeFile(bench.in('access-1.log'), `${header}one\n`);
    await writeFile(bench.in('access-2.log'), `${header}two\n`);
    const { taker } = await bench.follow({ paths: [bench.in('access-*.log')] });
    await soon(() => expect(taker.lines()).toHaveLength(26));
    expect(taker.lines()).toEqual(expect.arrayContaining(['one', 'two']));
  });
});
