import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createHeadExport,
  exportEveryMs,
  maxHeadsWaiting,
  type HeadExport,
  type HeadTarget,
} from '../../../server/audit/head-export.ts';
import type { TimedHead } from '../../../shared/api/audit.ts';

/** A clock whose timers run when it is moved. */
function createTimers() {
  let now = 0;
  let timers: { at: number; again: number | null; run: () => void }[] = [];
  const add = (run: () => void, ms: number, again: number | null) => {
    const timer = { at: now + ms, again, run };
    timers.push(timer);
    return { cancel: () => void (timers = timers.filter((each) => each !== timer)) };
  };
  return {
    now: () => now,
    every: (run: () => void, ms: number) => add(run, ms, ms),
    later: (run: () => void, ms: number) => add(run, ms, null),
    waits: () => timers.filter(({ again }) => again === null).map(({ at }) => at - now),
    async move(ms: number) {
      const end = now + ms;
      for (;;) {
        const [due] = timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
        if (!due) break;
        now = due.at;
        if (due.again === null) timers = timers.filter((each) => each !== due);
        else due.at += due.again;
        due.run();
        await settle();
      }
      now = end;
      await settle();
    },
  };
}

const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
const webhook: HeadTarget = {
  kind: 'webhook',
  url: 'https://siem.example/',
  token: null,
  allowPrivate: false,
};

let timers: ReturnType<typeof createTimers>;
let sent: TimedHead[];
let faults: string[];
let isDown: boolean;
let seq: number;
beforeEach(() => {
  timers = createTimers();
  sent = [];
  faults = [];
  isDown = false;
  seq = 5;
});

const open = (target: HeadTarget | null, isReal = false): HeadExport =>
  createHeadExport({
    target,
    ...timers,
    head: () => Promise.resolve({ at: timers.now(), seq, hash: 'ab'.repeat(32), count: seq }),
    onFault: (error) => faults.push(String(error)),
    ...(isReal
      ? {}
      : {
          send: (_target, line) => {
            if (isDown) return Promise.reject(new Error('answered 503'));
            sent.push(JSON.parse(line) as TimedHead);
            return Promise.resolve();
          },
        }),
  });

describe('heads', () => {
  test('are told at the start, and each hour, also when nothing was done', async () => {
    const heads = open(webhook);
    heads.start();
    await settle();
    await timers.move(3 * exportEveryMs);
    expect(sent.map(({ at }) => at)).toEqual([0, 1, 2, 3].map((hour) => hour * exportEveryMs));
    expect(new Set(sent.map((head) => head.seq))).toEqual(new Set([5]));
    expect(heads.state()).toMatchObject({ kind: 'webhook', lastAt: 3 * exportEveryMs, failingSince: null });
  });

  test('that can’t be told wait, are tried again later and later, and come in their order', async () => {
    const heads = open(webhook);
    isDown = true;
    heads.start();
    await settle();
    const waits: (number | undefined)[] = [];
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const [wait] = timers.waits();
      waits.push(wait);
      await timers.move(wait ?? 0);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(heads.state()).toMatchObject({ failingSince: 0, error: 'answered 503', waiting: 1, lastAt: null });
    expect(faults).toHaveLength(5);
    seq = 6;
    await timers.move(2 * exportEveryMs);
    expect(Math.max(...timers.waits())).toBeLessThanOrEqual(300_000);
    isDown = false;
    await timers.move(300_000);
    expect(sent.map((head) => head.seq)).toEqual([5, 6, 6]);
    expect(heads.state()).toMatchObject({ failingSince: null, error: null, waiting: 0 });
  });

  test('wait for a week at most; then the oldest is given up, and counted', async () => {
    const heads = open(webhook);
    isDown = true;
    heads.start();
    await timers.move((maxHeadsWaiting + 4) * exportEveryMs);
    expect(heads.state()).toMatchObject({ waiting: maxHeadsWaiting, dropped: 5 });
  });

  test('are told once more at the end', async () => {
    const heads = open(webhook);
    heads.start();
    await settle();
    seq = 9;
    await heads.stop();
    expect(sent.map((head) => head.seq)).toEqual([5, 9]);
    await timers.move(2 * exportEveryMs);
    expect(sent).toHaveLength(2);
  });

  test('hold up no end when they can’t be told', async () => {
    const heads = open(webhook);
    isDown = true;
    heads.start();
    await heads.stop();
    expect(timers.waits()).toEqual([]);
  });

  test('go nowhere without a target', async () => {
    const heads = open(null);
    heads.start();
    await timers.move(2 * exportEveryMs);
    expect([sent, heads.state().kind]).toEqual([[], 'none']);
    await heads.stop();
  });
});

describe('a file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'siaga-heads-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('gets a line each, and is its owner’s', async () => {
    const path = join(folder, 'heads.jsonl');
    const heads = open({ kind: 'file', path }, true);
    heads.start();
    await heads.stop();
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0] ?? '')).toEqual({ at: 0, seq: 5, hash: 'ab'.repeat(32), count: 5 });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('that can’t be written is told of', async () => {
    const heads = open({ kind: 'file', path: join(folder, 'none', 'heads.jsonl') }, true);
    heads.start();
    await heads.stop();
    expect(heads.state().error).toContain('ENOENT');
    expect(faults.length).toBeGreaterThan(0);
  });
});
