import type { Alert } from '../../shared/alert.ts';
import type { StateDb } from '../store/state/state-store.ts';
import { fromRow } from './alert-row.ts';

/** Which alerts a list holds. */
export type ListedStatus = 'open' | 'closed' | 'all';

function withStatus(db: StateDb, status: ListedStatus) {
  const query = db.selectFrom('alerts');
  if (status === 'all') return query;
  return query.where('status', status === 'open' ? '<>' : '=', 'closed');
}

/** Open alerts worst first, then unacknowledged, then oldest; the others newest first. */
export async function listAlerts(db: StateDb, status: ListedStatus, limit: number): Promise<Alert[]> {
  const query = withStatus(db, status).selectAll().limit(limit);
  const sorted =
    status === 'open'
      ? query
          .orderBy('severity_rank', 'desc')
          .orderBy((order) => order.case().when('status', '=', 'new').then(0).else(1).end())
          .orderBy('created_at')
          .orderBy('id')
      : query.orderBy('created_at', 'desc').orderBy('id');
  return (await sorted.execute()).map(fromRow);
}

/** How many alerts have that status. */
export async function countAlerts(db: StateDb, status: ListedStatus): Promise<number> {
  const row = await withStatus(db, status)
    .select(({ fn }) => fn.countAll<number | string>().as('alerts'))
    .executeTakeFirstOrThrow();
  return Number(row.alerts);
}

/** One alert; `null` when there is none of that id. */
export async function readAlert(db: StateDb, id: string): Promise<Alert | null> {
  const row = await db.selectFrom('alerts').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? fromRow(row) : null;
}
