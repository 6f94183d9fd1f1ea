import { isOpen, type Alert } from '../../shared/alert.ts';
import type { Detection } from '../detect/detection.ts';
import { inChunks } from '../store/state/in-chunks.ts';
import type { AlertRow } from '../store/state/schema.ts';
import type { StateDb } from '../store/state/state-store.ts';
import { fromRow, groupHash, toRow } from './alert-row.ts';
import type { Desk, Grouped, KnownDetection } from './grouping.ts';

/** Reads what is needed to group these detections: those known, their alerts, the open ones they may join. */
export async function readDesk(db: StateDb, detections: readonly Detection[]): Promise<Desk> {
  const known = await readKnown(
    db,
    detections.map(({ id }) => id),
  );
  const fresh = detections.filter(({ id }) => !known.has(id));
  const rules = [...new Set(fresh.map(({ ruleId }) => ruleId))];
  const hashes = new Set(rules.map((ruleId) => groupHash(ruleId, {})));
  for (const { ruleId, key } of fresh) hashes.add(groupHash(ruleId, key));

  const byId = new Map<string, Alert>();
  const hashOf = new Map<string, string>();
  const openByHash = new Map<string, string>();
  const keep = (rows: readonly AlertRow[]) => {
    for (const row of rows) {
      const alert = fromRow(row);
      byId.set(row.id, alert);
      hashOf.set(row.id, row.group_hash);
      if (isOpen(alert)) openByHash.set(row.group_hash, row.id);
    }
  };
  for (const chunk of inChunks([...new Set([...known.values()].map(({ alertId }) => alertId))])) {
    keep(await db.selectFrom('alerts').selectAll().where('id', 'in', chunk).execute());
  }
  for (const chunk of inChunks([...hashes])) {
    keep(
      await db
        .selectFrom('alerts')
        .selectAll()
        .where('group_hash', 'in', chunk)
        .where('status', '<>', 'closed')
        .execute(),
    );
  }
  return { known, byId, hashOf, openByHash, openOfRule: await countOpen(db, rules) };
}

async function readKnown(db: StateDb, ids: readonly string[]): Promise<Map<string, KnownDetection>> {
  const known = new Map<string, KnownDetection>();
  for (const chunk of inChunks(ids)) {
    const rows = await db.selectFrom('detections').selectAll().where('id', 'in', chunk).execute();
    for (const row of rows) {
      const { id, alert_id: alertId, count, first_seen: first, last_seen: last } = row;
      known.set(id, { id, alertId, count, first, last });
    }
  }
  return known;
}

async function countOpen(db: StateDb, rules: readonly string[]): Promise<Map<string, number>> {
  const open = new Map<string, number>();
  for (const chunk of inChunks(rules)) {
    const rows = await db
      .selectFrom('alerts')
      .select((select) => ['rule_id', select.fn.countAll<number | string>().as('open')])
      .where('rule_id', 'in', chunk)
      .where('status', '<>', 'closed')
      .groupBy('rule_id')
      .execute();
    for (const row of rows) open.set(row.rule_id, Number(row.open));
  }
  return open;
}

/** Writes what grouping came to. Call within the transaction that read the desk. */
export async function writeGrouped(db: StateDb, desk: Desk, grouped: Grouped, at: number): Promise<void> {
  const alerts = [...new Set([...grouped.raised, ...grouped.changed])].map((id) => {
    const [alert, hash] = [desk.byId.get(id), desk.hashOf.get(id)];
    if (!alert || hash === undefined) throw new Error(`alert ${id} is not on the desk`);
    return toRow(alert, hash);
  });
  for (const chunk of inChunks(alerts)) {
    await db
      .insertInto('alerts')
      .values(chunk)
      // Only what detections change: a step that a person takes meanwhile stays.
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((update) => ({
          parties: update.ref('excluded.parties'),
          count: update.ref('excluded.count'),
          detections: update.ref('excluded.detections'),
          first_seen: update.ref('excluded.first_seen'),
          last_seen: update.ref('excluded.last_seen'),
        })),
      )
      .execute();
  }
  const detections = [...grouped.detections.values()].map(({ id, alertId, count, first, last }) => ({
    id,
    alert_id: alertId,
    count,
    first_seen: first,
    last_seen: last,
    reported_at: at,
  }));
  for (const chunk of inChunks(detections)) {
    await db
      .insertInto('detections')
      .values(chunk)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((update) => ({
          count: update.ref('excluded.count'),
          first_seen: update.ref('excluded.first_seen'),
          last_seen: update.ref('excluded.last_seen'),
          reported_at: update.ref('excluded.reported_at'),
        })),
      )
      .execute();
  }
}
