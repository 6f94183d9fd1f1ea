import type { Alert, Severity } from '../../shared/alert.ts';
import { isPseudonym } from '../../shared/event/personal-fields.ts';
import type { Translator } from '../../shared/i18n/translate.ts';
import type { CoverageHole } from '../../shared/live/frame.ts';
import { partyTile, type Party } from '../../shared/party.ts';
import { partyField, tellingField } from '../../shared/wall-shows.ts';
import { isDark, type WallFacts } from './wall-facts.ts';
import { holeText } from './wall-holes.ts';
import { joinFitting, ruleTitle, shorten, wallLimits } from './wall-text.ts';

/** One row of the right column: an open alert, a rule's alerts in a flood, or a coverage hole (`severity` `null`). */
export interface WallRow {
  readonly id: string;
  readonly severity: Severity | null;
  readonly title: string;
  readonly detail: string;
  /** A critical alert that nobody acknowledged, in its first minute. */
  readonly pulse: boolean;
}

export interface WallAlerts {
  readonly title: string;
  readonly rows: readonly WallRow[];
  /** `+5 lagi`, `null` when all are shown. */
  readonly more: string | null;
}

/** Rows that fit; one less beside the bar that says that data stopped. */
export const maxRows = 4;
/** More new alerts than this in `floodMs` are a flood (EEMUA 191): rules are shown, not alerts. */
export const floodAlerts = 10;
export const floodMs = 10 * 60_000;
/** How long a new critical alert may pulse. */
export const pulseMs = 60_000;

/** What an alert is about in a word or two: `P07`, `12 partai`, `operator07`, `203.0.113.9`. */
export function subjectOf(
  alert: Pick<Alert, 'key' | 'parties'>,
  parties: readonly Party[],
  { t }: Translator,
): string | null {
  const field = tellingField(alert.key);
  if (field !== partyField && alert.parties.length > 1) {
    return t('wall.parties', { count: alert.parties.length });
  }
  const value = field === undefined ? undefined : alert.key[field];
  if (value === undefined) return null;
  // Nobody types a pseudonym from a wall; its beginning tells two apart and leaves room for the age.
  if (isPseudonym(value)) return shorten(value, 10);
  if (field !== partyField) return value;
  const party = parties.find(({ id }) => id === value);
  if (!party) return 'P??';
  return party.kind === 'aceh' ? partyTile(party) : `P${partyTile(party)}`;
}

/** Who has it; a screen without a user hears only that somebody does. */
function ownerText(owner: string | null, { t }: Translator): string {
  if (owner === null) return t('wall.nobody');
  return owner === '' ? t('wall.somebody') : shorten(owner, 10);
}

const pulses = (alert: Alert, now: number): boolean =>
  alert.severity === 'critical' && alert.acknowledged === null && now - alert.createdAt < pulseMs;

function alertRow(alert: Alert, { parties, now, detail }: WallFacts, translator: Translator): WallRow {
  const { formatAge } = translator;
  const isFull = detail === 'full';
  const subject = isFull ? subjectOf(alert, parties, translator) : null;
  return {
    id: alert.id,
    severity: alert.severity,
    title: ruleTitle(alert.rule, wallLimits.title, translator),
    detail: joinFitting(
      [
        ...(subject === null ? [] : [subject]),
        formatAge(now - alert.createdAt),
        ...(isFull ? [ownerText(alert.owner, translator)] : []),
      ],
      wallLimits.detail,
    ),
    pulse: pulses(alert, now),
  };
}

function groupRow(group: readonly Alert[], { now }: WallFacts, translator: Translator): WallRow {
  const { t, formatAge, formatNumber } = translator;
  const [first] = group;
  const newest = Math.max(...group.map(({ createdAt }) => createdAt));
  return {
    id: `rule:${first?.rule.id}`,
    severity: first?.severity ?? null,
    title: first ? ruleTitle(first.rule, wallLimits.title, translator) : '',
    detail: joinFitting(
      [t('wall.group', { count: formatNumber(group.length) }), formatAge(now - newest)],
      wallLimits.detail,
    ),
    pulse: group.some((alert) => pulses(alert, now)),
  };
}

function holeRow(hole: CoverageHole, index: number, now: number, translator: Translator): WallRow {
  const [title, ...age] = holeText(hole, now, translator);
  return {
    id: `hole:${index}`,
    severity: null,
    title,
    detail: joinFitting([translator.t('state.cannot-tell'), ...age], wallLimits.detail),
    pulse: false,
  };
}

/** Alerts of one rule together, in the order of their most urgent. */
function byRule(alerts: readonly Alert[]): readonly (readonly Alert[])[] {
  const groups = new Map<string, Alert[]>();
  for (const alert of alerts) {
    const group = groups.get(alert.rule.id);
    if (group) group.push(alert);
    else groups.set(alert.rule.id, [alert]);
  }
  return [...groups.values()];
}

/** The right column: the most urgent alerts in two lines each, and coverage holes where room is left. */
export function wallAlerts(facts: WallFacts, translator: Translator): WallAlerts {
  const { alerts, openAlerts, now, frame } = facts;
  const { t, formatNumber } = translator;
  const flood = alerts.filter(({ createdAt }) => now - createdAt <= floodMs).length > floodAlerts;
  const room = isDark(facts) ? maxRows - 1 : maxRows;
  const groups = flood ? byRule(alerts) : alerts.slice(0, room).map((alert) => [alert]);
  const shown = groups.slice(0, room);
  const rows = shown.map((group) =>
    flood ? groupRow(group, facts, translator) : alertRow(group[0] as Alert, facts, translator),
  );
  const holes = isDark(facts) ? [] : (frame?.coverage ?? []).slice(0, room - rows.length);
  const left = openAlerts - shown.reduce((sum, group) => sum + group.length, 0);
  return {
    title: t(flood ? 'wall.flood' : 'wall.alerts'),
    rows: [...rows, ...holes.map((hole, index) => holeRow(hole, index, now, translator))],
    more: left > 0 ? t('wall.more', { count: formatNumber(left) }) : null,
  };
}
