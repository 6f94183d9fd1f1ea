import { isOpen, type Alert } from '../../shared/alert.ts';
import { unionOfParties } from '../../shared/party-list.ts';
import { shortTitle } from '../../shared/short-title.ts';
import type { Detection, RuleInfo } from '../detect/detection.ts';
import { boundedKey, groupHash } from './alert-row.ts';

/** Open alerts of one rule; what is detected beyond them gathers in one alert with an empty key. */
export const maxOpenPerRule = 500;

/** A detection that was reported before. */
export interface KnownDetection {
  readonly id: string;
  readonly alertId: string;
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

/** What grouping must know of the store; it puts new and changed alerts back in. */
export interface Desk {
  readonly known: Map<string, KnownDetection>;
  readonly byId: Map<string, Alert>;
  /** Hash of rule and key of each alert in `byId`, by its id. */
  readonly hashOf: Map<string, string>;
  /** Ids of open alerts by the hash of their rule and key. */
  readonly openByHash: Map<string, string>;
  readonly openOfRule: Map<string, number>;
}

/** What is to be written. */
export interface Grouped {
  /** Ids of alerts that are new. */
  readonly raised: Set<string>;
  /** Ids of older alerts that changed. */
  readonly changed: Set<string>;
  readonly detections: Map<string, KnownDetection>;
}

/** One detection for each id: the largest count, the widest time, the parties of all. */
export function mergeById(detections: readonly Detection[]): Map<string, Detection> {
  const merged = new Map<string, Detection>();
  for (const detection of detections) {
    const other = merged.get(detection.id);
    const parties = unionOfParties(other?.parties ?? [], detection.parties);
    merged.set(detection.id, { ...detection, ...(other && widen(other, detection)), parties });
  }
  return merged;
}

type Extent = Pick<KnownDetection, 'count' | 'first' | 'last'>;

const widen = (a: Extent, b: Extent): Extent => ({
  count: Math.max(a.count, b.count),
  first: Math.min(a.first, b.first),
  last: Math.max(a.last, b.last),
});

/**
 * Sorts detections into alerts.
 *
 * 1. A detection that is known and did not grow, in parties neither, changes nothing: a replay is free.
 * 2. A known one that grew adds its growth to its own alert, open or closed. On a closed alert that is all: whoever closed
 *    it judged this episode, and that it goes on is no news, so nothing is raised and nobody is told.
 * 3. A new one joins the open alert of the same rule and key; is there none (never was, or it is closed: a new episode
 *    after a verdict is news) a new alert is raised.
 * 4. At `maxOpenPerRule` open alerts of its rule it joins the rule's alert with the empty key, raised when needed.
 */
export function groupDetections(
  desk: Desk,
  detections: Iterable<Detection>,
  raise: (detection: Detection, key: Detection['key']) => Alert,
): Grouped {
  const grouped: Grouped = { raised: new Set(), changed: new Set(), detections: new Map() };
  for (const detection of detections) {
    const known = desk.known.get(detection.id);
    if (known) grow(desk, grouped, known, detection);
    else join(desk, grouped, detection, raise);
  }
  return grouped;
}

function grow(desk: Desk, grouped: Grouped, known: KnownDetection, detection: Detection): void {
  const wider = widen(known, detection);
  const alert = desk.byId.get(known.alertId);
  if (!alert) throw new Error(`detection ${known.id} belongs to no alert`);
  const parties = unionOfParties(alert.parties, detection.parties);
  const grown = wider.count !== known.count || wider.first !== known.first || wider.last !== known.last;
  if (!grown && parties === alert.parties) return;
  grouped.detections.set(known.id, { ...known, ...wider });
  grouped.changed.add(alert.id);
  desk.byId.set(alert.id, {
    ...alert,
    parties: [...parties],
    count: alert.count + wider.count - known.count,
    firstSeen: Math.min(alert.firstSeen, wider.first),
    lastSeen: Math.max(alert.lastSeen, wider.last),
  });
}

function join(
  desk: Desk,
  grouped: Grouped,
  detection: Detection,
  raise: (detection: Detection, key: Detection['key']) => Alert,
): void {
  const { ruleId } = detection;
  const own = groupHash(ruleId, detection.key);
  const full = (desk.openOfRule.get(ruleId) ?? 0) >= maxOpenPerRule;
  const hash = full && !desk.openByHash.has(own) ? groupHash(ruleId, {}) : own;
  const openId = desk.openByHash.get(hash);
  const open = openId === undefined ? undefined : desk.byId.get(openId);
  const alert = open
    ? {
        ...open,
        parties: [...unionOfParties(open.parties, detection.parties)],
        count: open.count + detection.count,
        detections: open.detections + 1,
        firstSeen: Math.min(open.firstSeen, detection.first),
        lastSeen: Math.max(open.lastSeen, detection.last),
      }
    : raise(detection, hash === own ? detection.key : {});
  desk.byId.set(alert.id, alert);
  if (open) grouped.changed.add(alert.id);
  else {
    grouped.raised.add(alert.id);
    desk.hashOf.set(alert.id, hash);
    desk.openByHash.set(hash, alert.id);
    desk.openOfRule.set(ruleId, (desk.openOfRule.get(ruleId) ?? 0) + 1);
  }
  const { id, count, first, last } = detection;
  grouped.detections.set(id, { id, alertId: alert.id, count, first, last });
}

/** A new alert for a detection. A rule that is no longer loaded is named by its id and taken for serious. */
export function newAlert(options: {
  readonly id: string;
  readonly at: number;
  readonly detection: Detection;
  readonly key: Detection['key'];
  readonly rule: RuleInfo | undefined;
}): Alert {
  const { detection, rule } = options;
  const title = rule?.title ?? { id: detection.ruleId, en: detection.ruleId };
  return {
    id: options.id,
    rule: {
      id: detection.ruleId,
      title,
      short: rule?.short ?? { id: shortTitle(title.id), en: shortTitle(title.en) },
      tags: [...(rule?.tags ?? [])],
    },
    severity: rule?.severity ?? 'high',
    status: 'new',
    key: boundedKey(options.key),
    parties: [...detection.parties],
    count: detection.count,
    detections: 1,
    firstSeen: detection.first,
    lastSeen: detection.last,
    createdAt: options.at,
    owner: null,
    acknowledged: null,
    closed: null,
  };
}

/** Alerts of a batch that anyone is told of, and how: the raised ones, then the open ones that changed. */
export function newsOf(desk: Desk, grouped: Grouped): { kind: 'raised' | 'updated'; alert: Alert }[] {
  const changed = [...grouped.changed].filter((id) => !grouped.raised.has(id));
  const alerts = (ids: Iterable<string>) => [...ids].flatMap((id) => desk.byId.get(id) ?? []);
  return [
    ...alerts(grouped.raised).map((alert) => ({ kind: 'raised' as const, alert })),
    ...alerts(changed)
      .filter(isOpen)
      .map((alert) => ({ kind: 'updated' as const, alert })),
  ];
}
