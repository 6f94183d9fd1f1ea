import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compactionSlack, maxHistoryUpdates, retainedChanges } from '../../../server/alerts/alert-log.ts';
import type { AlertChange } from '../../../shared/alert.ts';
import { detection, openAlertBook, type Desk } from './support.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await openAlertBook();
});
afterEach(() => desk.store.close());

const grow = (count: number) => desk.book.raise([detection({ count })]);
const named = (id: string) => detection({ id, key: { 'user.name': id } });

describe('what a client missed', () => {
  test('is exactly what came after its cursor, in order', async () => {
    await grow(1);
    const cursor = await desk.book.cursor();
    await grow(2);
    await desk.book.acknowledge('a1', 'budi');
    const missed = await desk.book.changesAfter(cursor, 100);
    expect(missed?.map(({ seq, kind }) => [seq, kind])).toEqual([
      [2, 'updated'],
      [3, 'acknowledged'],
    ]);
    expect(missed?.at(-1)?.alert).toEqual((await desk.book.open(1))[0]);
  });

  test('comes in pieces when it is long', async () => {
    for (let count = 1; count <= 5; count += 1) await grow(count);
    expect((await desk.book.changesAfter(0, 2))?.map(({ seq }) => seq)).toEqual([1, 2]);
    expect((await desk.book.changesAfter(2, 10))?.map(({ seq }) => seq)).toEqual([3, 4, 5]);
    expect(await desk.book.changesAfter(5, 10)).toEqual([]);
  });

  test('cannot be told to a cursor from another log', async () => {
    await grow(1);
    expect(await desk.book.changesAfter(2, 10)).toBeNull();
  });

  test('in an empty log is nothing', async () => {
    expect(await desk.book.cursor()).toBe(0);
    expect(await desk.book.changesAfter(0, 10)).toEqual([]);
    expect(await desk.book.snapshot(10)).toEqual({ alerts: [], open: 0, cursor: 0 });
  });

  test('follows a snapshot without a gap', async () => {
    await desk.book.raise([named('d1'), named('d2')]);
    const snapshot = await desk.book.snapshot(1);
    expect(snapshot).toMatchObject({ open: 2, cursor: 2 });
    expect(snapshot.alerts).toHaveLength(1);
    await desk.book.raise([named('d3')]);
    expect((await desk.book.changesAfter(snapshot.cursor, 10))?.map(({ seq }) => seq)).toEqual([3]);
  });
});

describe('listeners', () => {
  test('hear every commit once, in the order of the log, however many write at once', async () => {
    const heard: AlertChange[] = [];
    desk.book.subscribe((changes) => heard.push(...changes));
    await Promise.all([
      ...Array.from({ length: 20 }, (_, n) => desk.book.raise([named(`d${n}`)])),
      desk.book.acknowledge('a1', 'budi'),
    ]);
    expect(heard.map(({ seq }) => seq)).toEqual(Array.from({ length: 21 }, (_, n) => n + 1));
    expect(await desk.book.changesAfter(0, 100)).toEqual(heard);
  });

  test('hear before the writer goes on', async () => {
    let heard = 0;
    desk.book.subscribe(() => (heard += 1));
    await grow(1);
    expect(heard).toBe(1);
  });

  test('no longer hear once they left', async () => {
    let heard = 0;
    const leave = desk.book.subscribe(() => (heard += 1));
    leave();
    await grow(1);
    expect(heard).toBe(0);
  });

  test('that throw harm neither the alert nor each other', async () => {
    let heard = 0;
    desk.book.subscribe(() => {
      throw new Error('no');
    });
    desk.book.subscribe(() => (heard += 1));
    await grow(1);
    expect(heard).toBe(1);
    expect(desk.faults).toHaveLength(1);
    expect(await desk.book.openCount()).toBe(1);
  });

  test('hear nothing of what was rolled back', async () => {
    let heard = 0;
    desk.book.subscribe(() => (heard += 1));
    await desk.store.db.schema.dropTable('detections').execute();
    await expect(grow(1)).rejects.toThrow();
    expect(heard).toBe(0);
    expect(await desk.book.cursor()).toBe(0);
    expect(await desk.book.openCount()).toBe(0);
  });
});

describe('length of the log', () => {
  // Many alerts that grow at each turn, so the log reaches its bound in a few writes.
  const ids = Array.from({ length: 250 }, (_, n) => `d${n}`);
  const turn = (count: number) => desk.book.raise(ids.map((id) => ({ ...named(id), count })));

  test('is bounded: old updates go but the newest of each alert, what people did stays', async () => {
    await turn(1);
    await desk.book.acknowledge('a1', 'budi');
    const turns = (retainedChanges + 2 * compactionSlack) / ids.length;
    for (let count = 2; count <= turns + 1; count += 1) await turn(count);

    const cursor = await desk.book.cursor();
    const rows = await desk.store.db
      .selectFrom('alert_changes')
      .select(['kind', 'seq'])
      .orderBy('seq')
      .execute();
    const old = rows.filter(({ seq }) => seq <= cursor - retainedChanges - compactionSlack);
    expect(rows.length).toBeLessThanOrEqual(retainedChanges + compactionSlack + 3 * ids.length);
    expect(old.filter(({ kind }) => kind === 'raised')).toHaveLength(ids.length);
    expect(old.filter(({ kind }) => kind === 'acknowledged')).toHaveLength(1);
    expect(rows.filter(({ seq }) => seq > cursor - retainedChanges)).toHaveLength(retainedChanges);

    expect(await desk.book.changesAfter(1, 10)).toBeNull();
    expect(await desk.book.changesAfter(cursor - retainedChanges, retainedChanges)).toHaveLength(
      retainedChanges,
    );
    const history = (await desk.book.detail('a1'))?.history ?? [];
    expect(history.slice(0, 2).map(({ kind }) => kind)).toEqual(['raised', 'acknowledged']);
    expect(history).toHaveLength(2 + maxHistoryUpdates);
    expect(history.at(-1)?.alert.count).toBe(turns + 1);
  });
});
