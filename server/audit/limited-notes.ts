import type { AuditLog, AuditNote } from './audit-log.ts';

/**
 * Within this, of the same act, refused for the same reason, by the same actor from the same address only the first is noted, and
 * the others are counted.
 */
export const noteWindowMs = 300_000;
/** Acts, actors and addresses told apart at once; what comes on top is counted together. */
export const maxNoteKeys = 100;
export const flushEveryMs = 60_000;
/** How often those are told of whom nothing is known. */
export const strangersEveryMs = 3_600_000;

/** Notes of what somebody could do as often as he likes: refusals, and sockets that come and go. Nobody fills the log by them. */
export interface LimitedNotes {
  /** Notes it or counts it; never fails and never waits. */
  readonly note: (note: AuditNote) => void;
  /** Counts a refusal of somebody who isn't signed in: a scanner makes thousands. */
  readonly countStranger: () => void;
  /** Notes how many were left out of what is over; to be called each minute. */
  readonly flush: () => void;
  /** The same at once, of all; resolves when it is written. */
  readonly close: () => Promise<void>;
  /** Since the start: notes left out, refusals of strangers. */
  readonly counts: () => { readonly leftOut: number; readonly strangers: number };
}

export interface LimitedNotesParts {
  readonly audit: Pick<AuditLog, 'note'>;
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
}

interface Held {
  readonly note: AuditNote;
  readonly since: number;
  leftOut: number;
}

const system = { actor: 'siaga', agency: '', via: 'system' } as const;

/** Limited notes, none held yet. */
export function createLimitedNotes({ audit, now, onFault }: LimitedNotesParts): LimitedNotes {
  const held = new Map<string, Held>();
  const counts = { leftOut: 0, strangers: 0 };
  let overflow = { since: now(), count: 0 };
  let strangers = { since: now(), count: 0 };

  const write = (note: AuditNote): Promise<void> => audit.note(note).catch(onFault);
  const flush = (isLast: boolean): Promise<void>[] => {
    const at = now();
    const written: Promise<void>[] = [];
    for (const [key, { note, since, leftOut }] of held) {
      if (!isLast && at - since < noteWindowMs) continue;
      held.delete(key);
      const { target: _, detail, ...same } = note;
      const told = { ...(detail?.['code'] !== undefined && { code: detail['code'] }), leftOut, since };
      if (leftOut > 0) written.push(write({ ...same, detail: told }));
    }
    if (overflow.count > 0) {
      const detail = { leftOut: overflow.count, since: overflow.since };
      written.push(write({ ...system, action: 'notes:limited', detail }));
    }
    overflow = { since: at, count: 0 };
    if (isLast || at - strangers.since >= strangersEveryMs) {
      const detail = { unauthenticated: strangers.count, since: strangers.since };
      if (strangers.count > 0)
        written.push(write({ ...system, action: 'request:refused', outcome: 'refused', detail }));
      strangers = { since: at, count: 0 };
    }
    return written;
  };
  return {
    note: (note) => {
      const { action, outcome, actor, address } = note;
      // One kind of refusal must not hide another.
      const key = JSON.stringify([action, outcome, actor, address, note.detail?.['code']]);
      const same = held.get(key);
      if (same && now() - same.since < noteWindowMs) {
        same.leftOut += 1;
        counts.leftOut += 1;
        return;
      }
      if (!same && held.size >= maxNoteKeys) {
        overflow.count += 1;
        counts.leftOut += 1;
        return;
      }
      const detail = same?.leftOut ? { ...note.detail, leftOutBefore: same.leftOut } : note.detail;
      held.set(key, { note, since: now(), leftOut: 0 });
      void write(detail ? { ...note, detail } : note);
    },
    countStranger: () => {
      strangers.count += 1;
      counts.strangers += 1;
    },
    flush: () => void flush(false),
    close: async () => {
      await Promise.all(flush(true));
    },
    counts: () => ({ ...counts }),
  };
}
