import type { Alert, AlertStatus, Verdict } from '../../shared/alert.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { AlertRow } from '../store/state/schema.ts';
import type { StateDb } from '../store/state/state-store.ts';
import { fromRow } from './alert-row.ts';
import type { NewChange } from './alert-log.ts';

/** One step of an alert's life, taken by a person. */
export type Step =
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'closed'; readonly verdict: Verdict; readonly reason: string }
  | { readonly kind: 'reopened' };

export type StepCode = 'not-found' | 'conflict';

const from: Record<Step['kind'], readonly AlertStatus[]> = {
  acknowledged: ['new'],
  closed: ['new', 'acknowledged', 'in_progress'],
  reopened: ['closed'],
};

/**
 * Takes the step if the alert is where it may be taken, in one statement: of two people at once, one gets `conflict`.
 * Who acknowledges, owns; who closes says why; who reopens has it acknowledged and owns it.
 * Call within a transaction.
 */
export async function takeStep(
  db: StateDb,
  options: { readonly id: string; readonly actor: string; readonly at: number; readonly step: Step },
): Promise<Result<NewChange, StepCode>> {
  const { id, actor, at, step } = options;
  if (step.kind === 'reopened' && (await hasSuccessor(db, id))) {
    return fail('conflict', 'a newer alert of the same rule and key is open');
  }
  const row = await db
    .updateTable('alerts')
    .set(columnsOf(step, actor, at))
    .where('id', '=', id)
    .where('status', 'in', from[step.kind])
    .returningAll()
    .executeTakeFirst();
  if (row) {
    const note = step.kind === 'closed' ? step.reason : null;
    return ok({ at, kind: step.kind, actor, note, alert: fromRow(row) });
  }
  const now = await db.selectFrom('alerts').selectAll().where('id', '=', id).executeTakeFirst();
  return now ? fail('conflict', whyNot(fromRow(now))) : fail('not-found', 'no such alert');
}

function columnsOf(step: Step, actor: string, at: number): Partial<AlertRow> {
  const taken = { status: 'acknowledged', owner: actor, acknowledged_by: actor, acknowledged_at: at };
  if (step.kind === 'acknowledged') return taken;
  if (step.kind === 'reopened') {
    return { ...taken, closed_by: null, closed_at: null, verdict: null, reason: null };
  }
  return {
    status: 'closed',
    closed_by: actor,
    closed_at: at,
    verdict: step.verdict,
    reason: step.reason,
  };
}

async function hasSuccessor(db: StateDb, id: string): Promise<boolean> {
  const row = await db
    .selectFrom('alerts as closed')
    .innerJoin('alerts as open', 'open.group_hash', 'closed.group_hash')
    .select('open.id')
    .where('closed.id', '=', id)
    .where('closed.status', '=', 'closed')
    .where('open.status', '<>', 'closed')
    .executeTakeFirst();
  return row !== undefined;
}

function whyNot(alert: Alert): string {
  if (alert.closed) return `already closed by ${alert.closed.by}`;
  if (alert.acknowledged) return `already acknowledged by ${alert.acknowledged.by}`;
  return 'the alert is not closed';
}
