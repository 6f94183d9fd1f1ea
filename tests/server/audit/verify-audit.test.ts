import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { verifyAudit, verifyPage, type KnownHead } from '../../../server/audit/verify-audit.ts';
import { openAudit, rebuildFrom, rowAt, takeGuardsAway, type AuditDesk } from './support.ts';

const rows = 12;
let desk: AuditDesk;
beforeEach(async () => {
  desk = await openAudit();
  await desk.fill(rows);
  await takeGuardsAway(desk.store);
});
afterEach(() => desk.store.close());

const verify = (heads?: readonly KnownHead[]) => verifyAudit(desk.store.db, heads ? { heads } : {});
const change = (seq: number, columns: Record<string, string | number>) =>
  desk.store.db.updateTable('audit').set(columns).where('seq', '=', seq).execute();
const remove = (from: number, to = from) =>
  desk.store.db.deleteFrom('audit').where('seq', '>=', from).where('seq', '<=', to).execute();
const headAt = async (seq: number): Promise<KnownHead> => ({
  seq,
  hash: (await rowAt(desk.store, seq)).hash,
});

const forged = {
  at: 1,
  actor: 'nobody',
  agency: 'BIN',
  via: 'system',
  action: 'alert:reopened',
  outcome: 'refused',
  target: 'alert 99',
  address: '198.51.100.9',
  detail: '{}',
  hash: 'ab'.repeat(32),
};
const positions = [1, 2, 7, rows - 1, rows];

describe('a change is found at its row', () => {
  test.each(
    Object.entries(forged).flatMap(([column, value]) => positions.map((seq) => ({ column, seq, value }))),
  )('$column of row $seq', async ({ column, value, seq }) => {
    await change(seq, { [column]: value });
    expect(await verify()).toEqual({ ok: false, rows: seq - 1, brokenAt: seq, reason: 'changed' });
  });

  test('of one character in the detail', async () => {
    const { detail } = await rowAt(desk.store, 5);
    await change(5, { detail: detail.replace('new', 'neW') });
    expect(await verify()).toMatchObject({ brokenAt: 5, reason: 'changed' });
  });

  test('of the number', async () => {
    await change(rows, { seq: rows + 1 });
    expect(await verify()).toMatchObject({ brokenAt: rows, reason: 'missing' });
  });
});

describe('rows that were moved', () => {
  test.each([
    [3, 4],
    [1, 2],
    [2, 9],
    [rows - 1, rows],
  ])('%i and %i changed places', async (one, other) => {
    const [a, b] = [await rowAt(desk.store, one), await rowAt(desk.store, other)];
    await change(one, { ...b, seq: one });
    await change(other, { ...a, seq: other });
    expect(await verify()).toMatchObject({ ok: false, brokenAt: one, reason: 'moved' });
  });
});

describe('rows that were taken away', () => {
  test.each([
    [1, 1],
    [5, 5],
    [4, 9],
  ])('from %i to %i', async (from, to) => {
    await remove(from, to);
    expect(await verify()).toMatchObject({ brokenAt: from, reason: 'missing' });
  });

  test('and the rest renumbered', async () => {
    await remove(5);
    for (let seq = 6; seq <= rows; seq += 1) await change(seq, { seq: seq - 1 });
    expect(await verify()).toMatchObject({ brokenAt: 5, reason: 'changed' });
  });

  test('from the end, though the head in the store still says so', async () => {
    await remove(10, rows);
    expect(await verify()).toMatchObject({ rows: 9, brokenAt: 10, reason: 'cut' });
  });

  test('all of them', async () => {
    await remove(1, rows);
    expect(await verify()).toMatchObject({ rows: 0, brokenAt: 1, reason: 'cut' });
  });

  test('from the end and from the head too, which only a head that was sent out shows', async () => {
    const known = await headAt(rows);
    await remove(10, rows);
    const { hash } = await rowAt(desk.store, 9);
    await desk.store.db.updateTable('audit_head').set({ seq: 9, hash, count: 9 }).execute();
    expect(await verify()).toMatchObject({ ok: true, rows: 9 });
    expect(await verify([known])).toMatchObject({ brokenAt: 10, reason: 'cut' });
  });
});

describe('a chain written anew', () => {
  test('holds by itself, and not against a head that was sent out', async () => {
    const [early, late] = [await headAt(4), await headAt(8)];
    await change(6, { actor: 'nobody' });
    await rebuildFrom(desk.store, 6);
    expect(await verify()).toMatchObject({ ok: true, rows });
    expect(await verify([late, early])).toEqual({ ok: false, rows: 7, brokenAt: 8, reason: 'rebuilt' });
    expect(await verify([early])).toMatchObject({ ok: true, heads: 1 });
  });

  test('is found by the head in the store when that was forgotten', async () => {
    const { hash } = await headAt(rows);
    await change(6, { actor: 'nobody' });
    await rebuildFrom(desk.store, 6);
    await desk.store.db.updateTable('audit_head').set({ hash }).execute();
    expect(await verify()).toMatchObject({ brokenAt: rows, reason: 'rebuilt' });
  });

  test('of two heads that contradict each other one is always broken', async () => {
    const known = await headAt(3);
    expect(await verify([known, { seq: 3, hash: 'cd'.repeat(32) }])).toMatchObject({
      brokenAt: 3,
      reason: 'rebuilt',
    });
  });
});

describe('a long log', () => {
  test('is walked in pages, and broken where it is', async () => {
    const long = await openAudit();
    await long.fill(verifyPage * 3);
    await takeGuardsAway(long.store);
    expect(await verifyAudit(long.store.db)).toMatchObject({ ok: true, rows: verifyPage * 3 });
    for (const seq of [verifyPage * 2 + 1, verifyPage * 2, verifyPage + 1]) {
      await long.store.db.updateTable('audit').set({ actor: 'x' }).where('seq', '=', seq).execute();
      expect(await verifyAudit(long.store.db)).toMatchObject({ brokenAt: seq, reason: 'changed' });
    }
    await long.store.close();
  });

  test('may be walked while it grows', async () => {
    const long = await openAudit();
    await long.fill(verifyPage + 10);
    const [verdict] = await Promise.all([verifyAudit(long.store.db), long.fill(300)]);
    expect(verdict.ok).toBe(true);
    await long.store.close();
  });

  test('is left when it is not wanted any more', async () => {
    const long = await openAudit();
    await long.fill(verifyPage + 1);
    const walk = verifyAudit(long.store.db, { signal: AbortSignal.abort(new Error('stopping')) });
    await expect(walk).rejects.toThrow('stopping');
    await long.store.close();
  });
});
