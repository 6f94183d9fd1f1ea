import { sql } from 'kysely';
import { createAuditLog, hashOfRow, type AuditLog } from '../../../server/audit/audit-log.ts';
import type { AuditRow } from '../../../server/store/state/schema.ts';
import { openStateStore, type StateStore } from '../../../server/store/state/state-store.ts';

export interface AuditDesk {
  store: StateStore;
  audit: AuditLog;
  clock: { now: number };
  faults: unknown[];
  /** Notes `count` acts. */
  fill(count: number): Promise<void>;
}

/** An audit log over an empty store, with a clock that stands still. */
export async function openAudit(file = ':memory:'): Promise<AuditDesk> {
  const store = await openStateStore({ file });
  const clock = { now: 1_764_000_000_000 };
  const faults: unknown[] = [];
  const audit = createAuditLog({
    db: store.db,
    now: () => clock.now,
    onFault: (error) => faults.push(error),
  });
  return {
    store,
    audit,
    clock,
    faults,
    fill: async (count) => {
      await Promise.all(
        Array.from({ length: count }, (_, index) =>
          audit.note({
            actor: `user${index}`,
            agency: 'KPU',
            via: 'web',
            action: 'alert:closed',
            target: `alert ${index}`,
            address: '192.0.2.7',
            detail: { before: { status: 'new' }, after: { status: 'closed' } },
          }),
        ),
      );
    },
  };
}

export const triggers = [
  'audit_no_update',
  'audit_no_delete',
  'audit_in_order',
  'audit_moves_head',
  'audit_head_no_delete',
  'audit_head_forward',
  'audit_head_once',
];

/** What somebody does who has the file and knows SQLite. */
export async function takeGuardsAway({ db }: StateStore): Promise<void> {
  for (const trigger of triggers) await sql`drop trigger ${sql.ref(trigger)}`.execute(db);
}

/** Writes the chain anew from a row on, as somebody would who knows how it is made. */
export async function rebuildFrom({ db }: StateStore, from: number): Promise<void> {
  const rows = await db.selectFrom('audit').selectAll().orderBy('seq').execute();
  let before = rows.find(({ seq }) => seq === from - 1)?.hash ?? '0'.repeat(64);
  for (const row of rows.filter(({ seq }) => seq >= from)) {
    const hash = hashOfRow(before, row);
    await db.updateTable('audit').set({ hash }).where('seq', '=', row.seq).execute();
    before = hash;
  }
  await db.updateTable('audit_head').set({ hash: before }).execute();
}

export const rowAt = (store: StateStore, seq: number): Promise<AuditRow> =>
  store.db.selectFrom('audit').selectAll().where('seq', '=', seq).executeTakeFirstOrThrow();
