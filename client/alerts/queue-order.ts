import { isOpen, severityRank, type Alert } from '../../shared/alert.ts';

/** One row of the queue; `gone` once it was closed while the order was held. */
export interface QueueRow {
  readonly alert: Alert;
  readonly gone: boolean;
}

export interface QueueView {
  readonly rows: readonly QueueRow[];
  /** Open alerts that the held order does not know, worst first. */
  readonly fresh: readonly Alert[];
}

/** The queue as it was when the pointer or the focus came in. */
export type HeldOrder = readonly Alert[];

/**
 * The rows to draw. `alerts` are open and already by urgency. While an order is held every row stays where it is,
 * with its newest content, so that nobody hits the wrong one; new alerts wait in `fresh`.
 */
export function queueView(alerts: readonly Alert[], held: HeldOrder | null): QueueView {
  if (!held) return { rows: alerts.map((alert) => ({ alert, gone: false })), fresh: [] };
  const now = new Map(alerts.map((alert) => [alert.id, alert]));
  const rows = held.map((before): QueueRow => {
    const alert = now.get(before.id);
    return alert ? { alert, gone: false } : { alert: before, gone: true };
  });
  const known = new Set(held.map(({ id }) => id));
  return { rows, fresh: alerts.filter(({ id }) => !known.has(id)) };
}

/** Worst severity of `alerts`, `null` for none. */
export function worstOf(alerts: readonly Alert[]): Alert['severity'] | null {
  let worst: Alert | null = null;
  for (const alert of alerts) {
    if (!worst || severityRank(alert.severity) > severityRank(worst.severity)) worst = alert;
  }
  return worst?.severity ?? null;
}

/** Whether nobody has taken notice of the alert yet. */
export const isUnseen = (alert: Alert): boolean => isOpen(alert) && alert.acknowledged === null;
