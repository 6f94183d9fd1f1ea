import { severityRank, type Alert, type Severity } from '../../shared/alert.ts';
import type { Translator } from '../../shared/i18n/translate.ts';
import { isDark, type WallFacts } from './wall-facts.ts';
import { mutedSources } from './wall-holes.ts';
import { textWidth, wallNumber, wallRange } from './wall-text.ts';

/** One of the three key figures. */
export interface WallFigure {
  readonly id: 'failures' | 'open' | 'accounts';
  readonly label: string;
  /** `—` when it isn't known. */
  readonly value: string;
  /** After the value, in text size. */
  readonly unit: string;
  /** The usual range, or what else puts the value into proportion. */
  readonly note: string;
  /** Part of what it counts was not heard. */
  readonly partial: boolean;
}

const none = '—';
/** Room for a note under its figure as `textWidth` counts, px. */
export const noteWidth = 359;
/** From this many heard seconds on a minute counts as whole: a frame or two may be on its way. */
const wholeMinute = 55;

const countOf = (alerts: readonly Alert[], severity: Severity): number =>
  alerts.filter((alert) => alert.severity === severity).length;

function failuresNote({ frame, failures }: WallFacts, translator: Translator): string {
  const { t } = translator;
  const muted = mutedSources(frame?.coverage ?? []);
  if (muted > 0) return t('wall.silent', { count: muted });
  if (failures.heard < wholeMinute) return t('wall.heard', { heard: failures.heard });
  const usual = frame?.usualFailures;
  if (!usual) return t('wall.usual.unknown');
  const range = wallRange(usual, translator);
  const note = t('wall.usual', { range });
  return textWidth(note) <= noteWidth ? note : range;
}

function failuresFigure(facts: WallFacts, translator: Translator): WallFigure {
  const [value, unit] = wallNumber(facts.failures.count, translator);
  return {
    id: 'failures',
    label: translator.t('wall.failures'),
    value,
    unit,
    note: failuresNote(facts, translator),
    partial: mutedSources(facts.frame?.coverage ?? []) > 0 || facts.failures.heard < wholeMinute,
  };
}

/** Newest first among the worst: since when the picture is as bad as it is. */
function newestAge({ alerts, now }: WallFacts, { formatAge }: Translator): readonly string[] {
  const urgent = alerts.filter(({ severity }) => severityRank(severity) >= severityRank('high'));
  const worst = urgent[0]?.severity;
  const times = urgent.filter(({ severity }) => severity === worst).map(({ createdAt }) => createdAt);
  return times.length > 0 ? [formatAge(now - Math.max(...times))] : [];
}

function openFigure(facts: WallFacts, translator: Translator): WallFigure {
  const { t, formatNumber } = translator;
  const high = t('wall.high', { count: formatNumber(countOf(facts.alerts, 'high')) });
  const withAge = [high, ...newestAge(facts, translator)].join(' · ');
  return {
    id: 'open',
    label: t('wall.open'),
    value: formatNumber(countOf(facts.alerts, 'critical')),
    unit: t('wall.critical'),
    note: textWidth(withAge) <= noteWidth ? withAge : high,
    partial: false,
  };
}

function accountsFigure({ frame }: WallFacts, { t }: Translator): WallFigure {
  const national = frame?.accounts.national ?? { present: 0, registered: 0 };
  const aceh = frame?.accounts.aceh ?? { present: 0, registered: 0 };
  return {
    id: 'accounts',
    label: t('wall.accounts'),
    value: String(national.present),
    unit: `/${national.registered}`,
    note: aceh.registered > 0 ? t('wall.aceh', { ...aceh }) : '',
    partial: false,
  };
}

/** The key figures, without alerts where those aren't shown; dashes when nothing is known, or was for over 30 s. */
export function wallFigures(facts: WallFacts, translator: Translator): readonly WallFigure[] {
  const figures = [
    failuresFigure(facts, translator),
    ...(facts.detail === 'figures' ? [] : [openFigure(facts, translator)]),
    accountsFigure(facts, translator),
  ];
  if (!isDark(facts)) return figures;
  return figures.map((figure) => ({ ...figure, value: none, unit: '', note: '', partial: false }));
}

/** How much a figure's value must shrink to stand beside its unit, 1 for not at all. Widths in em of Inter. */
export function figureScale(value: string, unit: string): number {
  const roomPx = 322;
  const keyPx = 163;
  const unitPx = unit === '' ? 0 : 10 + unit.length * 26;
  const em = Array.from(value).reduce((sum, character) => sum + (/[.,\s]/.test(character) ? 0.3 : 0.64), 0);
  return Math.min(1, Math.max(0.4, (roomPx - unitPx) / (em * keyPx)));
}
