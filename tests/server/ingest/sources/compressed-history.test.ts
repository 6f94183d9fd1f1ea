import { appendFile, rename, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { numbered, openBench, soon, textOf, type Bench } from './followed.ts';
import { createMemory } from './memory.ts';

const pause = (ms: number) => new Promise((resolve) => void setTimeout(resolve, ms));

let bench: Bench;
beforeEach(async () => void (bench = await openBench()));
afterEach(() => bench.close());

describe('compressed history', () => {
  it('is read inflated, once, from the beginning', async () => {
    const lines = numbered(0, 30_000);
    await writeFile(bench.in('access.log.2.gz'), gzipSync(textOf(lines)));
    const memory = createMemory();
    const first = await bench.follow({ paths: [bench.in('access.log*')], memory });
    await soon(() => expect(first.taker.lines()).toHaveLength(30_000));
    expect(first.taker.lines()).toEqual(lines);
    await soon(async () => expect((await memory.all('web'))[0]?.finished).toBe(true));
    await first.source.stop();
    await writeFile(bench.path, 'live\n');
    const second = await bench.follow({ paths: [bench.in('access.log*')], memory });
    await soon(() => expect(second.taker.lines()).toEqual(['live']));
  });

  it('is left alone by a source that begins at the end', async () => {
    await writeFile(bench.in('access.log.2.gz'), gzipSync('old\n'));
    await writeFile(bench.path, 'old too\n');
    const memory = createMemory();
    const { taker } = await bench.follow({ paths: [bench.in('access.log*')], start: 'end', memory });
    await soon(async () => expect(await memory.all('web')).toHaveLength(2));
    await appendFile(bench.path, 'new\n');
    await soon(() => expect(taker.lines()).toEqual(['new']));
  });

  it('that stays cut short is a fault, and is read once it is whole', async () => {
    const lines = numbered(0, 60_000);
    const whole = gzipSync(textOf(lines));
    await writeFile(bench.in('access.log.2.gz'), whole.subarray(0, whole.length - 2_000));
    const { source, taker } = await bench.follow({ paths: [bench.in('*.gz')], unfinishedMs: 0 });
    await soon(() => expect(source.fault()).toBe('unreadable'));
    await writeFile(bench.in('access.log.2.gz'), whole);
    await soon(() => expect(taker.lines()).toHaveLength(60_000));
    expect(taker.lines()).toEqual(lines);
    await soon(() => expect(source.fault()).toBeNull());
  });

  it('of a file that was read is not read again while it is being written', async () => {
    const lines = numbered(0, 20_000);
    await writeFile(bench.path, textOf(lines));
    const { source, taker } = await bench.follow();
    await soon(() => expect(taker.lines()).toHaveLength(20_000));
    const whole = gzipSync(textOf(lines));
    await rename(bench.path, bench.in('access.log.1'));
    await writeFile(bench.path, 'new\n');
    for (const share of [0, 0.02, 0.5, 0.99, 1]) {
      await writeFile(bench.in('access.log.2.gz'), whole.subarray(0, Math.floor(whole.length * share)));
      await appendFile(bench.path, `after ${share}\n`);
      await soon(() => expect(taker.lines()).toContain(`after ${share}`));
      await pause(1_100);
      expect(source.fault()).toBeNull();
    }
    expect(taker.lines()).toHaveLength(20_006);
  });

  it('that is none is a fault', async () => {
    await writeFile(bench.in('access.log.2.gz'), 'this is no gzip');
    const { source, taker } = await bench.follow({ paths: [bench.in('*.gz')] });
    await soon(() => expect(source.fault()).toBe('unreadable'));
    expect(taker.chunks).toEqual([]);
    expect(bench.logged.join()).toContain('access.log.2.gz');
  });
});
