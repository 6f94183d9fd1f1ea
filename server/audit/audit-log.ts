import { createHash } from 'node:crypto';
import { createInTurn } from '../store/state/in-turn.ts';
import type { AuditRow } from '../store/state/schema.ts';
import type { StateDb } from '../store/state/state-store.ts';
import { storableText } from '../store/state/storable-text.ts';

/** What an act may carry beside who, what and when. */
export type AuditDetail = Readonly<Record<string, unknown>>;

/** An act as it is told to the log. No secret may be in any part of it. */
export interface AuditNote {
  readonly actor: string;
  /** Empty when the actor has none, or is not known. */
  readonly agency: string;
  readonly via: 'web' | 'token' | 'wall' | 'command line' | 'system';
  /** `noun:past`, such as `user:created`. */
  readonly action: string;
  readonly outcome?: 'done' | 'refused';
  /** What it was done to, such as `user siti` or `alert 4f…`. */
  readonly target?: string;
  /** Address of the client. */
  readonly address?: string;
  readonly detail?: AuditDetail;
}

export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

/** Append-only, each row bound to the one before it. */
export interface AuditLog {
  /** Writes it down; rejects when the store can't. */
  readonly note: (note: AuditNote) => Promise<void>;
  /** The newest row; `{seq: 0}` with the first hash of all while there is none. */
  readonly head: () => AuditHead;
}

/** Longest text of one column, characters; what is longer is cut. */
export const maxAuditText = 500;
/** Longest detail, characters of JSON; a longer one is replaced by its length. */
export const maxAuditDetail = 8_000;
/** What the first row is bound to. */
export const firstHash = '0'.repeat(64);

/** Binds a row to the hash of the one before: SHA-256 over the JSON of both, hex. */
export function hashOfRow(before: string, row: Omit<AuditRow, 'hash'>): string {
  const { seq, at, actor, agency, via, action, outcome, target, address, detail } = row;
  const bound = JSON.stringify([
    before,
    seq,
    at,
    actor,
    agency,
    via,
    action,
    outcome,
    target,
    address,
    detail,
  ]);
  return createHash('sha256').update(bound).digest('hex');
}

/** Opens the log of a state store, which goes on where it ended. */
export async function createAuditLog({ db, now }: { db: StateDb; now: () => number }): Promise<AuditLog> {
  const inTurn = createInTurn();
  const newest = await db
    .selectFrom('audit')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  let head: AuditHead = newest ?? { seq: 0, hash: firstHash };
  return {
    note: (note) =>
      inTurn(async () => {
        const row = rowOf(note, head.seq + 1, now());
        const hash = hashOfRow(head.hash, row);
        await db
          .insertInto('audit')
          .values({ ...row, hash })
          .execute();
        head = { seq: row.seq, hash };
      }),
    head: () => head,
  };
}

const cut = (text: string): string => storableText(text).slice(0, maxAuditText);

function rowOf(note: AuditNote, seq: number, at: number): Omit<AuditRow, 'hash'> {
  const detail = JSON.stringify(note.detail ?? {});
  return {
    seq,
    at,
    actor: cut(note.actor),
    agency: cut(note.agency),
    via: note.via,
    action: note.action,
    outcome: note.outcome ?? 'done',
    target: cut(note.target ?? ''),
    address: cut(note.address ?? ''),
    detail: detail.length > maxAuditDetail ? JSON.stringify({ cutFrom: detail.length }) : detail,
  };
}
