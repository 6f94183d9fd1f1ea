import type { AuditRow } from '../store/state/schema.ts';
import type { StateDb } from '../store/state/state-store.ts';
import { firstHash, hashOfRow, readHead, type AuditHead } from './audit-log.ts';

/** What is wrong with the first row that isn't as it was written. */
export type BreakReason =
  /** A column of it, or its hash, is another than when it was written. */
  | 'changed'
  /** It was another row of this log. */
  | 'moved'
  /** It isn't there, and later ones are. */
  | 'missing'
  /** It and all after it aren't there, though a head that is known says that they were. */
  | 'cut'
  /** The chain holds by itself, and is another than the one whose head is known: it was written anew. */
  | 'rebuilt';

/** A head as it was told elsewhere: what the log must hold still. */
export type KnownHead = Pick<AuditHead, 'seq' | 'hash'>;

export type Verdict =
  | {
      readonly ok: true;
      /** Rows checked, and with that the number of the newest one. */
      readonly rows: number;
      readonly hash: string;
      /** Known heads that were met, each as it was told. */
      readonly heads: number;
    }
  | {
      readonly ok: false;
      /** Rows that are as they were written, from the first on. */
      readonly rows: number;
      readonly brokenAt: number;
      readonly reason: BreakReason;
    };

export interface VerifyOptions {
  /** Heads that were kept elsewhere, in any order. */
  readonly heads?: readonly KnownHead[];
  /** Stops between pages when it is aborted; the walk then rejects. */
  readonly signal?: AbortSignal;
}

/** Rows read at once. */
export const verifyPage = 500;
/** Rows looked through for where a wrong row comes from, either way. */
const maxSearched = 5_000;

/**
 * Walks the whole log, a page at a time, and names the first row that is not as it was written. What a chain can't show by itself,
 * that its end was cut off or that it was written anew, is found only against heads that were kept where who did it couldn't reach.
 */
export async function verifyAudit(db: StateDb, options: VerifyOptions = {}): Promise<Verdict> {
  const told = options.heads ?? [];
  // Read first: rows that are written meanwhile are beyond it, and are checked too.
  const known = headsBySeq([...told, await readHead(db)]);
  let before: KnownHead = { seq: 0, hash: firstHash };
  for (;;) {
    const page = await pageAfter(db, before.seq);
    for (const row of page) {
      const seq = before.seq + 1;
      const wrong = reasonOf(row, before, known);
      if (wrong !== null)
        return broken(before.seq, seq, wrong === 'changed' && (await isMoved(db, row)) ? 'moved' : wrong);
      before = { seq, hash: row.hash };
    }
    if (page.length < verifyPage) break;
    options.signal?.throwIfAborted();
    await room();
  }
  let furthest = 0;
  for (const seq of known.keys()) furthest = Math.max(furthest, seq);
  if (furthest > before.seq) return broken(before.seq, before.seq + 1, 'cut');
  return { ok: true, rows: before.seq, hash: before.hash, heads: told.length };
}

/** What is wrong with the row that should follow; `null` when it does. */
function reasonOf(
  row: AuditRow,
  before: KnownHead,
  known: ReadonlyMap<number, ReadonlySet<string>>,
): BreakReason | null {
  if (row.seq !== before.seq + 1) return 'missing';
  if (hashOfRow(before.hash, row) !== row.hash) return 'changed';
  return isOther(known, row) ? 'rebuilt' : null;
}

const broken = (rows: number, brokenAt: number, reason: BreakReason): Verdict => ({
  ok: false,
  rows,
  brokenAt,
  reason,
});

/** Lets the event loop turn: SQLite answers within the call. */
const room = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

function headsBySeq(heads: readonly KnownHead[]): Map<number, Set<string>> {
  const bySeq = new Map<number, Set<string>>();
  for (const { seq, hash } of heads) bySeq.set(seq, (bySeq.get(seq) ?? new Set()).add(hash));
  return bySeq;
}

/** Whether a head of that number is known with another hash; of two that contradict each other one must be. */
function isOther(known: ReadonlyMap<number, ReadonlySet<string>>, { seq, hash }: KnownHead): boolean {
  return [...(known.get(seq) ?? [])].some((told) => told !== hash);
}

function pageAfter(db: StateDb, seq: number): Promise<AuditRow[]> {
  return db.selectFrom('audit').selectAll().where('seq', '>', seq).orderBy('seq').limit(verifyPage).execute();
}

/** Whether the row, as it stands, was written with another number: its hash says so once the right one is tried. */
async function isMoved(db: StateDb, row: AuditRow): Promise<boolean> {
  const near = await db
    .selectFrom('audit')
    .select(['seq', 'hash'])
    .where('seq', '>=', row.seq - maxSearched)
    .where('seq', '<=', row.seq + maxSearched)
    .orderBy('seq')
    .execute();
  const hashAt = new Map(near.map(({ seq, hash }) => [seq, hash]));
  return near.some(({ seq, hash }) => {
    if (seq === row.seq) return false;
    // Of two neighbours that changed places, the one that came before stands after.
    const befores = [hashAt.get(seq - 1) ?? firstHash, hash];
    return befores.some((before) => hashOfRow(before, { ...row, seq }) === row.hash);
  });
}
