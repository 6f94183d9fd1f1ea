import { createHash } from 'node:crypto';
import type { AuditAction } from '../../shared/audit-actions.ts';
import { inChunks } from '../store/state/in-chunks.ts';
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
  readonly action: AuditAction;
  readonly outcome?: 'done' | 'refused';
  /** What it was done to, such as `user siti` or `alert 4f…`. */
  readonly target?: string;
  /** Address of the client. */
  readonly address?: string;
  readonly detail?: AuditDetail;
}

/** The newest row; `seq` 0 with the first hash of all while there is none. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
  /** Rows written. */
  readonly count: number;
}

/** What the store didn't take, since it takes nothing. */
export interface AuditFailure {
  readonly since: number;
  /** Acts that are not in the log. */
  readonly lost: number;
}

/** Append-only, each row bound to the one before it. */
export interface AuditLog {
  /**
   * Writes it down, durable when it resolves; rejects when the store can't, which `failure` tells of. Never await it within a
   * transaction of the state store, which it would wait for: that is what `noteWithin` is for.
   */
  readonly note: (note: AuditNote) => Promise<void>;
  /** The same as a part of the caller's transaction: act and row are kept together, or neither is. */
  readonly noteWithin: (transaction: StateDb, note: AuditNote) => Promise<void>;
  readonly head: () => Promise<AuditHead>;
  /** Grows with each row; whoever copies the head sees by it that there may be news. */
  readonly written: () => number;
  /** Since when the store takes no note, and how many it didn't; `null` while it does. */
  readonly failure: () => AuditFailure | null;
}

export interface AuditLogParts {
  readonly db: StateDb;
  readonly now: () => number;
  /** Hears why a note could not be written. */
  readonly onFault?: (error: unknown) => void;
}

/** Longest text of one column, characters; what is longer is cut. */
export const maxAuditText = 500;
/** Longest detail, characters of JSON; a longer one is replaced by its length. */
export const maxAuditDetail = 8_000;
/** Notes that wait for the store; what comes on top is refused, and counted as lost. */
export const maxAuditWaiting = 10_000;
/** Notes of one commit: those that came while the one before was written. */
const maxAuditBatch = 200;
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

/** The log of a state store, which goes on where it ended. */
export function createAuditLog({ db, now, onFault }: AuditLogParts): AuditLog {
  const waiting: Waiting[] = [];
  let isWriting = false;
  let written = 0;
  let failure: AuditFailure | null = null;

  const fail = (each: Waiting, error: unknown): void => {
    failure = { since: failure?.since ?? now(), lost: (failure?.lost ?? 0) + 1 };
    each.reject(error);
  };
  const write = async (batch: readonly Waiting[]): Promise<void> => {
    const lost = failure;
    const rows = batch.map(({ row }) => row);
    const all = lost === null ? rows : [lostRow(lost, now()), ...rows];
    try {
      await db.transaction().execute((transaction) => append(transaction, all));
    } catch (error) {
      for (const each of batch) fail(each, error);
      onFault?.(error);
      return;
    }
    written += all.length;
    if (lost !== null) failure = null;
    for (const each of batch) each.resolve();
  };
  const drain = async (): Promise<void> => {
    if (isWriting) return;
    isWriting = true;
    while (waiting.length > 0) await write(waiting.splice(0, maxAuditBatch));
    isWriting = false;
  };

  return {
    note: async (note) => {
      // Outside the promise below: a note that can't be told as JSON fails alone.
      const row = rowOf(note, now());
      await new Promise<void>((resolve, reject) => {
        const each = { row, resolve, reject };
        if (waiting.length >= maxAuditWaiting) fail(each, new Error('too many notes wait for the audit log'));
        else waiting.push(each);
        void drain();
      });
    },
    noteWithin: async (transaction, note) => {
      await append(transaction, [rowOf(note, now())]);
      written += 1;
    },
    head: () => readHead(db),
    written: () => written,
    failure: () => failure,
  };
}

type Unbound = Omit<AuditRow, 'seq' | 'hash'>;

interface Waiting {
  readonly row: Unbound;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Where the log of a store ends. */
export function readHead(db: StateDb): Promise<AuditHead> {
  return db.selectFrom('audit_head').select(['seq', 'hash', 'count']).executeTakeFirstOrThrow();
}

/** Binds the rows to the newest one and writes them, within the caller's transaction. */
async function append(transaction: StateDb, rows: readonly Unbound[]): Promise<void> {
  let { seq, hash } = await readHead(transaction);
  const bound: AuditRow[] = [];
  for (const row of rows) {
    seq += 1;
    hash = hashOfRow(hash, { seq, ...row });
    bound.push({ seq, ...row, hash });
  }
  for (const chunk of inChunks(bound)) await transaction.insertInto('audit').values(chunk).execute();
}

// Cut before made storable: a cut may split a pair of surrogates.
const cut = (text: string): string => storableText(text.slice(0, maxAuditText));

function rowOf(note: AuditNote, at: number): Unbound {
  const detail = JSON.stringify(note.detail ?? {});
  return {
    at,
    actor: cut(note.actor),
    agency: cut(note.agency),
    via: note.via,
    action: cut(note.action),
    outcome: note.outcome ?? 'done',
    target: cut(note.target ?? ''),
    address: cut(note.address ?? ''),
    detail: detail.length > maxAuditDetail ? JSON.stringify({ cutFrom: detail.length }) : detail,
  };
}

const lostRow = ({ since, lost }: AuditFailure, at: number): Unbound =>
  rowOf({ actor: 'siaga', agency: '', via: 'system', action: 'notes:lost', detail: { since, lost } }, at);
