import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LogEntry } from '../../../server/api/services.ts';
import { createAuditTrail } from '../../../server/audit/audit-trail.ts';
import { chainWatchEveryMs, createChainWatch } from '../../../server/audit/chain-watch.ts';
import { headFileOf } from '../../../server/audit/head-file.ts';
import type { Verdict } from '../../../server/audit/verify-audit.ts';
import { openAudit, rowAt, takeGuardsAway, type AuditDesk } from './support.ts';

let folder: string;
let desk: AuditDesk;
let log: LogEntry[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'siaga-trail-'));
  desk = await openAudit();
  log = [];
});
afterEach(async () => {
  await desk.store.close();
  await rm(folder, { recursive: true });
});

const open = (target: Parameters<typeof createAuditTrail>[0]['target'] = null) =>
  createAuditTrail({
    db: desk.store.db,
    audit: desk.audit,
    dataDir: folder,
    target,
    now: () => desk.clock.now,
    log: (entry) => log.push(entry),
  });

describe('the trail', () => {
  test('keeps the newest head beside the store, and sends it, when it stops', async () => {
    const path = join(folder, 'heads.jsonl');
    const trail = await open({ kind: 'file', path });
    trail.start();
    await desk.fill(3);
    await trail.stop();
    const head = { at: desk.clock.now, ...(await desk.audit.head()) };
    expect(JSON.parse(await readFile(headFileOf(folder), 'utf8'))).toEqual(head);
    const sent = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(JSON.parse(sent.at(-1) ?? '')).toEqual(head);
    expect(log).toEqual([]);
  });

  test('finds at the next start that the end was cut off, says so, and notes it', async () => {
    await desk.fill(5);
    const before = await open();
    before.start();
    await before.stop();
    await takeGuardsAway(desk.store);
    await desk.store.db.deleteFrom('audit').where('seq', '>', 3).execute();
    const { hash } = await rowAt(desk.store, 3);
    await desk.store.db.updateTable('audit_head').set({ seq: 3, hash, count: 3 }).execute();

    const trail = await open();
    trail.start();
    await expect.poll(() => trail.state().chain.kind).toBe('broken');
    expect(trail.state().chain).toMatchObject({ brokenAt: 4, reason: 'cut' });
    expect(log).toMatchObject([{ level: 'error', event: 'audit:broken', detail: 'row 4: cut' }]);
    await trail.stop();
    expect(await rowAt(desk.store, 4)).toMatchObject({
      action: 'chain:broken',
      detail: '{"row":4,"reason":"cut"}',
    });
  });
});

describe('the watch', () => {
  test('walks at the start and each hour, and calls out once', async () => {
    const ticks: (() => void)[] = [];
    const broken: number[] = [];
    const faults: unknown[] = [];
    const verdicts: (Verdict | Error)[] = [
      { ok: true, rows: 5, hash: 'x', heads: 0 },
      { ok: false, rows: 2, brokenAt: 3, reason: 'changed' },
      { ok: false, rows: 2, brokenAt: 3, reason: 'changed' },
      new Error('disk'),
    ];
    const watch = createChainWatch({
      verify: () => {
        const next = verdicts.shift();
        return next instanceof Error || next === undefined ? Promise.reject(next) : Promise.resolve(next);
      },
      now: () => 7,
      every: (callback, ms) => {
        expect(ms).toBe(chainWatchEveryMs);
        ticks.push(callback);
        return { cancel: () => undefined };
      },
      onBroken: ({ brokenAt }) => broken.push(brokenAt),
      onFault: (error) => faults.push(error),
    });
    const tick = async (): Promise<void> => {
      ticks[0]?.();
      await new Promise((resolve) => void setImmediate(resolve));
    };
    expect(watch.state()).toEqual({ kind: 'unchecked' });
    watch.start();
    await new Promise((resolve) => void setImmediate(resolve));
    expect(watch.state()).toEqual({ kind: 'unbroken', at: 7, rows: 5 });
    await tick();
    await tick();
    expect(watch.state()).toMatchObject({ kind: 'broken', brokenAt: 3 });
    expect(broken).toEqual([3]);
    await tick();
    expect(watch.state()).toEqual({ kind: 'failed', at: 7 });
    expect(faults).toHaveLength(1);
    await watch.stop();
  });
});
