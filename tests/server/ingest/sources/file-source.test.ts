import { createHash } from 'node:crypto';
import { appendFile, mkdir, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { maxChunkBytes } from '../../../../server/ingest/sources/read-lines.ts';
import { openBench, soon, type Bench } from './followed.ts';
import { createMemory } from './memory.ts';

let bench: Bench;
beforeEach(async () => void (bench = await openBench()));
afterEach(() => bench.close());

describe('a followed file', () => {
  it('that is not there yet is a fault, and is read once it comes', async () => {
    const { source, taker } = await bench.follow();
    await soon(() => expect(source.fault()).toBe('missing'));
    await writeFile(bench.path, 'first\n');
    await soon(() => expect(taker.lines()).toEqual(['first']));
    await soon(() => expect(source.fault()).toBeNull());
  });

  it('waits for the end of its last line, and hands it over once', async () => {
    await writeFile(bench.path, 'whole\nhal');
    const { taker } = await bench.follow();
    await soon(() => expect(taker.lines()).toEqual(['whole']));
    await appendFile(bench.path, 'f\n');
    await soon(() => expect(taker.lines()).toEqual(['whole', 'half']));
  });

  it('never seen begins at its end when told so, behind its last whole line', async () => {
    await writeFile(bench.path, 'old\nbegun ');
    const { taker, memory } = await bench.follow({ start: 'end' });
    await soon(async () => expect(await memory.all('web')).toHaveLength(1));
    await appendFile(bench.path, 'and ended\nnew\n');
    await soon(() => expect(taker.lines()).toEqual(['begun and ended', 'new']));
  });

  it('that comes after the first start ever is read from its beginning, even after a restart', async () => {
    const memory = createMemory();
    const first = await bench.follow({ start: 'end', memory });
    await soon(() => expect(first.source.fault()).toBe('missing'));
    await first.source.stop();
    await writeFile(bench.path, 'written while nobody looked\n');
    const { taker } = await bench.follow({ start: 'end', memory });
    await soon(() => expect(taker.lines()).toEqual(['written while nobody looked']));
  });

  it('goes on behind its newest stored line after a crash, whatever the books say', async () => {
    await writeFile(bench.path, 'one\ntwo\nthree\n');
    const memory = createMemory();
    const first = await bench.follow({ memory });
    await soon(() => expect(first.taker.lines()).toHaveLength(3));
    await first.source.stop();
    const [file] = await memory.all('web');
    if (file) memory.change(file.id, { offset: 0, tail: null, lastLine: 'one\n'.length });
    await appendFile(bench.path, 'four\n');

    const { taker } = await bench.follow({ memory });
    await soon(() => expect(taker.lines()).toEqual(['three', 'four']));
    expect(taker.chunks[0]?.origin.file).toEqual({ id: file?.id, offset: 'one\ntwo\n'.length });
  });

  it('that can not be opened is a fault and is named in the log', async () => {
    await mkdir(bench.path);
    const { source } = await bench.follow();
    await soon(() => expect(source.fault()).toBe('missing'));
  });

  it('says how many bytes are not read yet', async () => {
    await writeFile(bench.path, 'one\n');
    const { source, taker } = await bench.follow();
    await soon(() => expect(taker.lines()).toEqual(['one']));
    await appendFile(bench.path, 'half');
    await soon(() => expect(source.behind?.()).toBe(4));
  });

  it('with a hole of NUL before its first line is read from the line on', async () => {
    await writeFile(bench.path, 'one\ntwo\n');
    const { taker } = await bench.follow();
    await soon(() => expect(taker.lines()).toHaveLength(2));
    await truncate(bench.path, 0);
    await truncate(bench.path, 5_000);
    await appendFile(bench.path, 'behind the hole\n');
    await soon(() => expect(taker.lines()).toEqual(['one', 'two', 'behind the hole']));
  });
});

describe('a line longer than a chunk', () => {
  const long = 'y'.repeat(3 * maxChunkBytes + 17);

  it('comes as its head with its length and SHA-256, once, and what follows it comes too', async () => {
    await writeFile(bench.path, `first\n${long}\nnext\n`);
    const { taker } = await bench.follow();
    await soon(() => expect(taker.lines().at(-1)).toBe('next'));
    const chunk = taker.chunks.find((each) => each.long);
    expect(chunk?.long).toEqual({
      length: long.length,
      sha256: createHash('sha256').update(long).digest('hex'),
    });
    expect(chunk?.bytes).toHaveLength(65_536);
    expect(chunk?.end).toBe('first\n'.length + long.length + 1);
    expect(taker.chunks.filter((each) => each.long)).toHaveLength(1);
  });

  it('waits for its end as any line', async () => {
    await writeFile(bench.path, long);
    const { source, taker } = await bench.follow();
    await soon(() => expect(source.behind?.()).toBe(0 + long.length));
    expect(taker.chunks).toEqual([]);
    await appendFile(bench.path, 'z\n');
    await soon(() => expect(taker.chunks[0]?.long?.length).toBe(long.length + 1));
  });
});

describe('several files', () => {
  it('of a pattern are each read, also those that come later, and other names are not', async () => {
    await writeFile(bench.in('access-2026-11-23.log'), 'day 23\n');
    await writeFile(bench.in('error.log'), 'not this\n');
    const { taker } = await bench.follow({ paths: [bench.in('access-*.log')] });
    await soon(() => expect(taker.lines()).toEqual(['day 23']));
    await writeFile(bench.in('access-2026-11-24.log'), 'day 24\n');
    await soon(() => expect(taker.lines()).toEqual(['day 23', 'day 24']));
  });

  it('of a pattern over folders are found', async () => {
    await mkdir(bench.in('a/deep'), { recursive: true });
    await writeFile(bench.in('a/deep/access.log'), 'deep\n');
    const { taker } = await bench.follow({ paths: [bench.in('**/access.log')] });
    await soon(() => expect(taker.lines()).toEqual(['deep']));
  });

  it('are all read though they are more than may be open', async () => {
    for (let number = 0; number < 80; number += 1)
      await writeFile(bench.in(`access-${number}.log`), `file ${number}\n`);
    const { source, taker } = await bench.follow({ paths: [bench.in('access-*.log')] });
    await soon(() => expect(source.fault()).toBe('overloaded'));
    await soon(() => expect(new Set(taker.lines()).size).toBe(80));
    expect(taker.lines()).toHaveLength(80);
    await appendFile(bench.in('access-3.log'), 'file 3 again\n');
    await soon(() => expect(taker.lines()).toContain('file 3 again'));
  });

  it('that are one file under two names are read once', async () => {
    await writeFile(bench.path, 'once\n');
    const { taker } = await bench.follow({ paths: [bench.path, bench.in('*.log')] });
    await soon(() => expect(taker.lines()).toEqual(['once']));
    expect((await stat(bench.path)).size).toBe(5);
    await rename(bench.path, bench.in('renamed.log'));
    await appendFile(bench.in('renamed.log'), 'twice\n');
    await soon(() => expect(taker.lines()).toEqual(['once', 'twice']));
  });
});
