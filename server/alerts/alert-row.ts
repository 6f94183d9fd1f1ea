import { createHash } from 'node:crypto';
import {
  severityRank,
  type Alert,
  type AlertChange,
  type AlertStatus,
  type Severity,
  type Verdict,
} from '../../shared/alert.ts';
import { shortTitle } from '../../shared/short-title.ts';
import type { AlertChangeRow, AlertRow } from '../store/state/schema.ts';

/** Characters of one value of an alert's key that are kept; a longer one ends in an ellipsis. */
export const maxKeyValueLength = 1_500;

/** Identity of the alerts that are grouped: rule and whole key, whatever the order of its fields. */
export function groupHash(ruleId: string, key: Readonly<Record<string, string | undefined>>): string {
  const entries = Object.entries(key).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([ruleId, entries]))
    .digest('hex');
}

/** The key as an alert carries it, each value bounded. */
export function boundedKey(key: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const bounded: [string, string][] = [];
  for (const [field, value] of Object.entries(key)) {
    if (value === undefined) continue;
    const cut = value.length > maxKeyValueLength;
    bounded.push([field, cut ? `${value.slice(0, maxKeyValueLength)}…` : value]);
  }
  return Object.fromEntries(bounded);
}

/** A row for an alert; the hash tells what it is grouped by. */
export function toRow(alert: Alert, hash: string): AlertRow {
  return {
    id: alert.id,
    rule_id: alert.rule.id,
    rule: JSON.stringify({ title: alert.rule.title, short: alert.rule.short, tags: alert.rule.tags }),
    severity: alert.severity,
    severity_rank: severityRank(alert.severity),
    status: alert.status,
    group_hash: hash,
    key: JSON.stringify(alert.key),
    parties: JSON.stringify(alert.parties),
    count: alert.count,
    detections: alert.detections,
    first_seen: alert.firstSeen,
    last_seen: alert.lastSeen,
    created_at: alert.createdAt,
    owner: alert.owner,
    acknowledged_by: alert.acknowledged?.by ?? null,
    acknowledged_at: alert.acknowledged?.at ?? null,
    ...closedColumns(alert.closed),
  };
}

const closedColumns = (closed: Alert['closed']) => ({
  closed_by: closed?.by ?? null,
  closed_at: closed?.at ?? null,
  verdict: closed?.verdict ?? null,
  reason: closed?.reason ?? null,
});

/** As older versions stored it too, without a short title. */
type StoredRule = Pick<Alert['rule'], 'title' | 'tags'> & { readonly short?: Alert['rule']['short'] };

const shortOf = ({ id, en }: Alert['rule']['title']) => ({ id: shortTitle(id), en: shortTitle(en) });

/** The parties of an alert that was stored before they were: what its key says. */
function partiesOf(key: Readonly<Record<string, string>>): string[] {
  const party = key['organization.id'];
  return party === undefined ? [] : [party];
}

/** The alert that a row holds. */
export function fromRow(row: AlertRow): Alert {
  const { title, short, tags } = JSON.parse(row.rule) as StoredRule;
  const key = JSON.parse(row.key) as Record<string, string>;
  return {
    id: row.id,
    rule: { id: row.rule_id, title, short: short ?? shortOf(title), tags },
    severity: row.severity as Severity,
    status: row.status as AlertStatus,
    key,
    parties: row.parties === null ? partiesOf(key) : (JSON.parse(row.parties) as string[]),
    count: row.count,
    detections: row.detections,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    createdAt: row.created_at,
    owner: row.owner,
    acknowledged:
      row.acknowledged_by === null || row.acknowledged_at === null
        ? null
        : { by: row.acknowledged_by, at: row.acknowledged_at },
    closed: closedOf(row),
  };
}

function closedOf({ closed_by, closed_at, verdict, reason }: AlertRow): Alert['closed'] {
  if (closed_by === null || closed_at === null || verdict === null || reason === null) return null;
  return { by: closed_by, at: closed_at, verdict: verdict as Verdict, reason };
}

/** A row for an entry of the alert log. */
export function toChangeRow(change: AlertChange): AlertChangeRow {
  return {
    seq: change.seq,
    at: change.at,
    kind: change.kind,
    actor: change.actor,
    note: change.note,
    alert_id: change.alert.id,
    alert: JSON.stringify(change.alert),
  };
}

/** The entry of the alert log that a row holds. */
export function fromChangeRow(row: AlertChangeRow): AlertChange {
  return {
    seq: row.seq,
    at: row.at,
    kind: row.kind as AlertChange['kind'],
    actor: row.actor,
    note: row.note,
    alert: completed(JSON.parse(row.alert) as StoredAlert),
  };
}

/** An alert as older versions logged it too, without parties and a short title. */
type StoredAlert = Omit<Alert, 'parties' | 'rule'> & {
  readonly parties?: string[];
  readonly rule: StoredRule & Pick<Alert['rule'], 'id'>;
};

const completed = (alert: StoredAlert): Alert => ({
  ...alert,
  rule: { ...alert.rule, short: alert.rule.short ?? shortOf(alert.rule.title) },
  parties: alert.parties ?? partiesOf(alert.key),
});
