import type { AuditPage, AuditState, TimedHead } from '../../shared/api/audit.ts';
import type { Log } from '../api/services.ts';
import type { StateDb } from '../store/state/state-store.ts';
import type { AuditLog } from './audit-log.ts';
import { listAudit, type AuditQuery } from './audit-list.ts';
import { createChainWatch } from './chain-watch.ts';
import { createHeadExport, type HeadTarget } from './head-export.ts';
import { openHeadKeeper, readHeadFiles } from './head-file.ts';
import { createLimitedNotes, flushEveryMs, type LimitedNotes } from './limited-notes.ts';
import { verifyAudit } from './verify-audit.ts';

/** What is done with the log while a server runs. */
export interface AuditTrail {
  readonly list: (query: AuditQuery) => Promise<AuditPage>;
  readonly head: () => Promise<TimedHead>;
  readonly state: () => AuditState;
  readonly notes: LimitedNotes;
  /** Walks the chain, keeps and sends heads, from now on. */
  readonly start: () => void;
  /** Keeps and sends the head a last time. */
  readonly stop: () => Promise<void>;
}

export interface AuditTrailParts {
  readonly db: StateDb;
  readonly audit: AuditLog;
  readonly dataDir: string;
  readonly target: HeadTarget | null;
  readonly now: () => number;
  readonly log: Log;
}

const keepEveryMs = 1_000;

/** The trail of an open log; it does nothing by itself before it is started. */
export async function createAuditTrail(parts: AuditTrailParts): Promise<AuditTrail> {
  const { db, audit, dataDir, target, now, log } = parts;
  const warn = (event: string) => (error: unknown) =>
    log({ level: 'warn', event, detail: error instanceof Error ? error.message : String(error) });
  const head = async (): Promise<TimedHead> => ({ at: now(), ...(await audit.head()) });
  const notes = createLimitedNotes({ audit, now, onFault: warn('audit:failed') });
  const keeper = await openHeadKeeper(dataDir, { db, audit, now });
  const exported = createHeadExport({ target, head, now, every, later, onFault: warn('audit-head:failed') });
  const watch = createChainWatch({
    verify: (signal) => verifyAudit(db, { heads: readHeadFiles(dataDir), signal }),
    now,
    every,
    onBroken: ({ brokenAt, reason }) => {
      log({ level: 'error', event: 'audit:broken', detail: `row ${brokenAt}: ${reason}` });
      const note = { actor: 'siaga', agency: '', via: 'system', action: 'chain:broken' } as const;
      audit.note({ ...note, detail: { row: brokenAt, reason } }).catch(warn('audit:failed'));
    },
    onFault: warn('audit-check:failed'),
  });
  const keep = (): Promise<void> => keeper.keep().catch(warn('audit-head:failed'));
  const timers: { cancel(): void }[] = [];
  return {
    list: (query) => listAudit(db, query),
    head,
    state: () => ({ chain: watch.state(), heads: exported.state(), failure: audit.failure() }),
    notes,
    start: () => {
      watch.start();
      exported.start();
      timers.push(
        every(() => void keep(), keepEveryMs),
        every(notes.flush, flushEveryMs),
      );
    },
    stop: async () => {
      for (const timer of timers.splice(0)) timer.cancel();
      await watch.stop();
      await notes.close();
      await exported.stop();
      await keep();
    },
  };
}

function every(callback: () => void, ms: number): { cancel(): void } {
  const timer = setInterval(callback, ms);
  return { cancel: () => clearInterval(timer) };
}

function later(callback: () => void, ms: number): { cancel(): void } {
  const timer = setTimeout(callback, ms);
  return { cancel: () => clearTimeout(timer) };
}
