import type { Alert, AlertChange, AlertStatus, Verdict } from '../../shared/alert.ts';
import type { AlertDetail } from '../../shared/api/schemas.ts';
import { ok, type Result } from '../../shared/result.ts';
import type { Detection, RuleInfo } from '../detect/detection.ts';
import { createInTurn } from '../store/state/in-turn.ts';
import type { StateDb } from '../store/state/state-store.ts';
import { storableText } from '../store/state/storable-text.ts';
import { appendChanges, compactLog, newestChange, readChangesAfter, readHistory } from './alert-log.ts';
import { countAlerts, listAlerts, readAlert, type ListedStatus } from './alert-list.ts';
import { readDesk, writeGrouped } from './desk.ts';
import { groupDetections, mergeById, newAlert, newsOf } from './grouping.ts';
import { takeStep, type Step, type StepCode } from './lifecycle.ts';

/** A detection not reported for this long is forgotten; far longer than the longest window, so no replay brings it back. */
export const detectionRetentionMs = 30 * 86_400_000;
const forgetEveryMs = 3_600_000;

/** Open alerts and where they stand in the log, read at one moment. */
export interface AlertSnapshot {
  readonly alerts: Alert[];
  /** How many are open in all. */
  readonly open: number;
  readonly cursor: number;
}

/**
 * Alerts, their lifecycle (new → acknowledged → closed, may be reopened) and the numbered log of what changed.
 * Everything is read from the state store, nothing is remembered here; what was written is durable when it resolves.
 */
export interface AlertBook {
  /** Groups detections into alerts (see `groupDetections` for the rule), all or none; the same ones again change nothing. */
  readonly raise: (detections: readonly Detection[]) => Promise<AlertChange[]>;
  readonly acknowledge: (
    id: string,
    actor: string,
    witness?: StepWitness,
  ) => Promise<Result<AlertChange, StepCode>>;
  readonly close: (
    id: string,
    actor: string,
    why: { readonly verdict: Verdict; readonly reason: string },
    witness?: StepWitness,
  ) => Promise<Result<AlertChange, StepCode>>;
  readonly reopen: (
    id: string,
    actor: string,
    witness?: StepWitness,
  ) => Promise<Result<AlertChange, StepCode>>;
  /** At most `limit` changes after the cursor, in order; `null` when that can no longer be told and a fresh snapshot is due. */
  readonly changesAfter: (cursor: number, limit: number) => Promise<AlertChange[] | null>;
  /** Number of the newest change; 0 before the first. */
  readonly cursor: () => Promise<number>;
  /** Open alerts, worst first, then unacknowledged before acknowledged, then oldest first. */
  readonly open: (limit: number) => Promise<Alert[]>;
  readonly openCount: () => Promise<number>;
  /** `open`, `openCount` and `cursor` of one moment. */
  readonly snapshot: (limit: number) => Promise<AlertSnapshot>;
  /** Open ones as by `open`, all others newest first; `total` counts all of that status. */
  readonly list: (query: {
    readonly status: ListedStatus;
    readonly limit: number;
  }) => Promise<{ alerts: Alert[]; total: number }>;
  readonly detail: (id: string) => Promise<AlertDetail | null>;
  /** The listener is called right after each commit, in the order of the log; returns what ends it. */
  readonly subscribe: (listener: AlertListener) => () => void;
}

/** Hears of a step within the transaction that takes it: when it rejects, the step isn't taken. */
export type StepWitness = (transaction: StateDb, change: AlertChange, before: AlertStatus) => Promise<void>;

export type AlertListener = (changes: readonly AlertChange[]) => void;

export interface AlertBookParts {
  readonly db: StateDb;
  readonly ruleOf: (ruleId: string) => RuleInfo | undefined;
  readonly now: () => number;
  readonly newId: () => string;
  /** Hears what a listener threw; the alert is kept and the other listeners are called all the same. */
  readonly onListenerFault?: (error: unknown) => void;
}

/** The alert book over a state store. */
export function createAlertBook(parts: AlertBookParts): AlertBook {
  const { db, ruleOf } = parts;
  const writer = createWriter(parts);
  const { take } = writer;
  return {
    raise: writer.raise,
    acknowledge: (id, actor, witness) => take({ id, actor, step: { kind: 'acknowledged' } }, witness),
    close: (id, actor, { verdict, reason }, witness) =>
      take({ id, actor, step: { kind: 'closed', verdict, reason: storableText(reason) } }, witness),
    reopen: (id, actor, witness) => take({ id, actor, step: { kind: 'reopened' } }, witness),
    changesAfter: (cursor, limit) =>
      db.transaction().execute((transaction) => readChangesAfter(transaction, cursor, limit)),
    cursor: () => newestChange(db),
    open: (limit) => listAlerts(db, 'open', limit),
    openCount: () => countAlerts(db, 'open'),
    snapshot: (limit) =>
      db.transaction().execute(async (transaction) => ({
        alerts: await listAlerts(transaction, 'open', limit),
        open: await countAlerts(transaction, 'open'),
        cursor: await newestChange(transaction),
      })),
    list: ({ status, limit }) =>
      db.transaction().execute(async (transaction) => ({
        alerts: await listAlerts(transaction, status, limit),
        total: await countAlerts(transaction, status),
      })),
    async detail(id) {
      const alert = await readAlert(db, id);
      if (!alert) return null;
      const rule = ruleOf(alert.rule.id);
      return {
        alert,
        history: await readHistory(db, id),
        response: rule?.response ?? null,
        description: rule?.description ?? null,
        falsePositives: {
          id: [...(rule?.falsePositives.id ?? [])],
          en: [...(rule?.falsePositives.en ?? [])],
        },
      };
    },
    subscribe: writer.subscribe,
  };
}

function createWriter({ db, ruleOf, now, newId, onListenerFault }: AlertBookParts) {
  // One writer at a time, so that listeners hear commits in their order.
  const inTurn = createInTurn();
  const audience = createAudience(onListenerFault);
  const forget = createForgetting(now);

  const group = async (transaction: StateDb, detections: readonly Detection[]): Promise<AlertChange[]> => {
    const at = now();
    const desk = await readDesk(transaction, detections);
    const grouped = groupDetections(desk, detections, (detection, key) =>
      newAlert({ id: newId(), at, detection, key, rule: ruleOf(detection.ruleId) }),
    );
    if (grouped.detections.size === 0) return [];
    await writeGrouped(transaction, desk, grouped, at);
    const news = newsOf(desk, grouped).map((item) => ({ ...item, at, actor: null, note: null }));
    const changes = await appendChanges(transaction, news);
    await compactLog(transaction);
    return changes;
  };

  return {
    subscribe: audience.join,
    raise: (detections: readonly Detection[]): Promise<AlertChange[]> =>
      inTurn(async () => {
        if (detections.length === 0) return [];
        const merged = [...mergeById(detections).values()];
        const changes = await db.transaction().execute((transaction) => group(transaction, merged));
        audience.tell(changes);
        await forget(db);
        return changes;
      }),
    take: (
      wanted: { id: string; actor: string; step: Step },
      witness?: StepWitness,
    ): Promise<Result<AlertChange, StepCode>> =>
      inTurn(async () => {
        const result = await db.transaction().execute(async (transaction) => {
          const before = witness && (await readAlert(transaction, wanted.id));
          const taken = await takeStep(transaction, { ...wanted, at: now() });
          if (!taken.ok) return taken;
          const changes = await appendChanges(transaction, [taken.value]);
          if (before) for (const change of changes) await witness?.(transaction, change, before.status);
          return ok(changes);
        });
        if (!result.ok) return result;
        audience.tell(result.value);
        const [change] = result.value;
        if (!change) throw new Error('the alert log took no entry');
        return ok(change);
      }),
  };
}

function createAudience(onFault: AlertBookParts['onListenerFault']) {
  const listeners = new Set<AlertListener>();
  return {
    join: (listener: AlertListener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell(changes: readonly AlertChange[]): void {
      if (changes.length === 0) return;
      for (const listener of listeners) {
        try {
          listener(changes);
        } catch (error) {
          onFault?.(error);
        }
      }
    },
  };
}

function createForgetting(now: () => number) {
  let forgotAt = Number.NEGATIVE_INFINITY;
  return async (db: StateDb): Promise<void> => {
    if (now() - forgotAt < forgetEveryMs) return;
    forgotAt = now();
    await db
      .deleteFrom('detections')
      .where('reported_at', '<', now() - detectionRetentionMs)
      .execute();
  };
}
