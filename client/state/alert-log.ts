import { isOpen, severityRank, type Alert, type AlertChange } from '../../shared/alert.ts';

/** The open alerts as the numbered log leaves them. */
export interface AlertLog {
  /** Number of the newest change applied, `null` before the first snapshot. */
  readonly cursor: () => number | null;
  /** Forgets all, as before the first snapshot. */
  readonly forget: () => void;
  readonly replace: (alerts: readonly Alert[], cursor: number) => void;
  /** Applies changes in order and answers those that were new; `gap` when some in between are missing. */
  readonly apply: (changes: readonly AlertChange[]) => {
    readonly applied: AlertChange[];
    readonly gap: boolean;
  };
  /** Worst first, then the oldest that nobody acknowledged. */
  readonly open: () => Alert[];
}

/** As many open alerts as a snapshot brings; beyond twice that the least urgent are forgotten. */
export const maxOpenAlerts = 500;

/** Order of the queue: severity, then unacknowledged before acknowledged, then oldest first. */
export function byUrgency(a: Alert, b: Alert): number {
  return (
    severityRank(b.severity) - severityRank(a.severity) ||
    Number(a.acknowledged !== null) - Number(b.acknowledged !== null) ||
    a.createdAt - b.createdAt ||
    (a.id < b.id ? -1 : 1)
  );
}

/** An empty log. */
export function createAlertLog(): AlertLog {
  const alerts = new Map<string, Alert>();
  let cursor: number | null = null;
  const open = (): Alert[] => [...alerts.values()].sort(byUrgency);
  const trim = (): void => {
    for (const alert of open().slice(maxOpenAlerts)) alerts.delete(alert.id);
  };

  return {
    cursor: () => cursor,
    forget: () => {
      alerts.clear();
      cursor = null;
    },
    replace: (all, at) => {
      alerts.clear();
      for (const alert of all) alerts.set(alert.id, alert);
      cursor = at;
    },
    apply: (changes) => {
      const applied: AlertChange[] = [];
      for (const change of changes) {
        if (cursor === null) return { applied, gap: true };
        if (change.seq <= cursor) continue;
        if (change.seq !== cursor + 1) return { applied, gap: true };
        cursor = change.seq;
        if (isOpen(change.alert)) alerts.set(change.alert.id, change.alert);
        else alerts.delete(change.alert.id);
        applied.push(change);
      }
      if (alerts.size > 2 * maxOpenAlerts) trim();
      return { applied, gap: false };
    },
    open,
  };
}

/** By how much a change moves the count of open alerts. */
export function openDelta(change: AlertChange): number {
  if (change.kind === 'raised' || change.kind === 'reopened') return 1;
  return change.kind === 'closed' ? -1 : 0;
}
