import type { AuditEntry, AuditPage } from '../../shared/api/audit.ts';
import type { AuditRow } from '../store/state/schema.ts';
import type { StateDb } from '../store/state/state-store.ts';

/** What of the log is asked for; what isn't given doesn't narrow it. */
export interface AuditQuery {
  /** Epoch ms. */
  readonly from?: number | undefined;
  /** Not included. */
  readonly to?: number | undefined;
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly outcome?: 'done' | 'refused' | undefined;
  readonly agency?: string | undefined;
  /** Only rows with a smaller number. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Rows looked through for one answer: a rare word in a long log must not hold up the server. */
export const maxAuditScanned = 50_000;
/** Rows among which the newest before a time is looked for: clocks are set back now and then. */
const clockSlack = 1_000;

/** Rows newest first, and from where to go on; an answer may be short, and even empty, before the end. */
export async function listAudit(db: StateDb, query: AuditQuery): Promise<AuditPage> {
  const top = Math.min(query.before ?? Number.MAX_SAFE_INTEGER, await aboveTime(db, query.to));
  const bottom = top - 1 - maxAuditScanned;
  let rows = db.selectFrom('audit').selectAll().where('seq', '<', top).where('seq', '>', bottom);
  if (query.from !== undefined) rows = rows.where('at', '>=', query.from);
  if (query.to !== undefined) rows = rows.where('at', '<', query.to);
  for (const column of ['actor', 'action', 'outcome', 'agency'] as const) {
    const wanted = query[column];
    if (wanted !== undefined) rows = rows.where(column, '=', wanted);
  }
  const found = await rows.orderBy('seq', 'desc').limit(query.limit).execute();
  const last = found.at(-1);
  const full = found.length === query.limit && last !== undefined;
  const next = full ? last.seq : bottom + 1;
  return { entries: found.map(entryOf), next: await goOn(db, next, query.from) };
}

/** A number above that of every row before that time. */
async function aboveTime(db: StateDb, to: number | undefined): Promise<number> {
  if (to === undefined) {
    const newest = await db.selectFrom('audit_head').select('seq').executeTakeFirstOrThrow();
    return newest.seq + 1;
  }
  const rows = await db
    .selectFrom('audit')
    .select('seq')
    .where('at', '<', to)
    .orderBy('at', 'desc')
    .limit(clockSlack)
    .execute();
  return Math.max(0, ...rows.map(({ seq }) => seq)) + 1;
}

/** `next`, unless nothing older can be of the range. */
async function goOn(db: StateDb, next: number, from = 0): Promise<number | null> {
  if (next <= 1) return null;
  const older = await db
    .selectFrom('audit')
    .select('seq')
    .where('at', '>=', from)
    .where('seq', '<', next)
    .limit(1)
    .executeTakeFirst();
  return older ? next : null;
}

const entryOf = ({ detail, ...row }: AuditRow): AuditEntry => ({ ...row, detail: detailOf(detail) });

/** The detail as an object; what somebody made of it meanwhile is shown as text. */
function detailOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Told below.
  }
  return { text };
}
