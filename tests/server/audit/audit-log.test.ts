import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { firstHash, maxAuditText } from '../../../server/audit/audit-log.ts';
import { verifyAudit } from '../../../server/audit/verify-audit.ts';
import { openAudit, rowAt, type AuditDesk } from './support.ts';

let desk: AuditDesk;
beforeEach(async () => {
  desk = await openAudit();
});
afterEach(() => desk.store.close());

const act = { actor: 'budi', agency: 'KPU', via: 'web', action: 'alert:closed' } as const;

describe('the store', () => {
  test.each([
    ['a change', sql`update audit set actor = 'nobody' where seq = 2`],
    ['a deletion', sql`delete from audit where seq = 3`],
    ['a deletion of all', sql`delete from audit`],
    ['a row in the place of another', sql`insert or replace into audit select * from audit where seq = 2`],
    [
      'a row that leaves a gap',
      sql`insert into audit select seq + 5, at, actor, agency, via, action, outcome, target, address, detail, hash from audit where seq = 3`,
    ],
    ['a head that goes back', sql`update audit_head set seq = 1, count = 1`],
    ['a head less', sql`delete from audit_head`],
    ['a second head', sql`insert into audit_head values (2, 9, 'x', 9)`],
  ])('refuses %s', async (_what, statement) => {
    await desk.fill(3);
    await expect(statement.execute(desk.store.db)).rejects.toThrow('append-only');
    expect(await verifyAudit(desk.store.db)).toMatchObject({ ok: true, rows: 3 });
  });
});

describe('note', () => {
  test('begins with a head of nothing', async () => {
    expect(await desk.audit.head()).toEqual({ seq: 0, hash: firstHash, count: 0 });
    expect(await verifyAudit(desk.store.db)).toEqual({ ok: true, rows: 0, hash: firstHash, heads: 0 });
  });

  test('keeps one chain of 10,000 notes at once', async () => {
    await desk.fill(10_000);
    const head = await desk.audit.head();
    expect(head).toMatchObject({ seq: 10_000, count: 10_000 });
    expect(await verifyAudit(desk.store.db)).toEqual({ ok: true, rows: 10_000, hash: head.hash, heads: 0 });
  });

  test('goes on where a transaction of somebody else has written', async () => {
    const within = desk.store.db
      .transaction()
      .execute((transaction) => desk.audit.noteWithin(transaction, { ...act, actor: 'within' }));
    await Promise.all([desk.audit.note(act), within, desk.audit.note(act)]);
    expect(await verifyAudit(desk.store.db)).toMatchObject({ ok: true, rows: 3 });
  });

  test('leaves no row and no gap when the transaction around it is rolled back', async () => {
    await desk.audit.note(act);
    const within = desk.store.db.transaction().execute(async (transaction) => {
      await desk.audit.noteWithin(transaction, act);
      throw new Error('the change failed');
    });
    await expect(within).rejects.toThrow('the change failed');
    await desk.audit.note(act);
    expect(await verifyAudit(desk.store.db)).toMatchObject({ ok: true, rows: 2 });
  });

  test.each([
    ['direction and zero width', '\u202egnp.exe\u200b'],
    ['escapes of a terminal', '\u001b]0;pwned\u0007\r\n'],
    ['NUL', 'a\0b'],
    ['half a pair', 'a\ud83d'],
    ['a pair where it is cut', `${'x'.repeat(maxAuditText - 1)}😀`],
    ['SQL', `'); drop table audit; --`],
    ['a formula', '=cmd|"/C calc"!A0'],
    ['a megabyte', 'y'.repeat(1_000_000)],
  ])('keeps hostile text, and the chain: %s', async (_what, text) => {
    await desk.audit.note({ ...act, actor: text, target: text, address: text, detail: { reason: text } });
    await desk.audit.note(act);
    expect(await verifyAudit(desk.store.db)).toMatchObject({ ok: true, rows: 2 });
    expect((await rowAt(desk.store, 1)).actor.length).toBeLessThanOrEqual(maxAuditText);
  });

  test('fails alone when it can not be told as JSON', async () => {
    const round: Record<string, unknown> = {};
    round['self'] = round;
    const bad = desk.audit.note({ ...act, detail: round });
    await expect(bad).rejects.toThrow();
    await desk.audit.note(act);
    expect(await verifyAudit(desk.store.db)).toMatchObject({ ok: true, rows: 1 });
  });
});

describe('a store that takes no note', () => {
  test('rejects it, says since when and how many, and says it in the log once it can', async () => {
    const { audit, store, clock } = desk;
    await audit.note(act);
    await sql`create trigger full before insert on audit begin select raise(abort, 'disk full'); end`.execute(
      store.db,
    );
    await expect(audit.note(act)).rejects.toThrow('disk full');
    clock.now += 1_000;
    await expect(audit.note(act)).rejects.toThrow('disk full');
    expect(audit.failure()).toEqual({ since: clock.now - 1_000, lost: 2 });
    expect(desk.faults).toHaveLength(2);

    await sql`drop trigger full`.execute(store.db);
    await audit.note(act);
    expect(audit.failure()).toBeNull();
    const lost = await rowAt(store, 2);
    expect([lost.action, lost.actor, JSON.parse(lost.detail)]).toEqual([
      'notes:lost',
      'siaga',
      { since: clock.now - 1_000, lost: 2 },
    ]);
    expect(await verifyAudit(store.db)).toMatchObject({ ok: true, rows: 3 });
  });
});
