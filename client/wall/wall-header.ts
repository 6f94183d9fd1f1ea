import type { Translator } from '../../shared/i18n/translate.ts';
import type { StateWord } from '../../shared/live/state-word.ts';
import { isDark, type WallFacts } from './wall-facts.ts';
import { holeText } from './wall-holes.ts';
import { joinFitting, proseTime, ruleTitle, textWidth, wallLimits } from './wall-text.ts';

/** What the top of the wall says. */
export interface WallHeader {
  /** `null` while nothing is known and the first answer may still come, and where alerts aren't shown and nothing else is wrong. */
  readonly word: StateWord | null;
  readonly line: string;
  /** `14.05 WIB`. */
  readonly clock: string;
  /** `data 2 d`, or `data —` before the first. */
  readonly age: string;
  /** The age is over 3 s, or unknown: shown inverse. */
  readonly aging: boolean;
  /** The full-width bar once data stopped. */
  readonly bar: string | null;
}

type Say = (facts: WallFacts, translator: Translator) => readonly string[];

const worstTitle = ({ alerts }: WallFacts, translator: Translator): string =>
  alerts[0] ? ruleTitle(alerts[0].rule, wallLimits.headline, translator) : translator.t('wall.above');

function holeParts({ frame, now }: WallFacts, translator: Translator): readonly string[] {
  const [first, ...rest] = frame?.coverage ?? [];
  if (!first) return [];
  const [what, age] = holeText(first, now, translator);
  return [rest.length > 0 ? `${what} +${rest.length}` : what, ...(age ? [age] : [])];
}

const because: Readonly<Record<StateWord, Say>> = {
  stopped: ({ frame, zone }, translator) =>
    frame ? [translator.t('wall.since', { time: proseTime(frame.at, zone, translator, true) })] : [],
  incident: (facts, translator) => [worstTitle(facts, translator)],
  'cannot-tell': holeParts,
  elevated: (facts, translator) => {
    const urgent = facts.alerts[0]?.severity;
    return [
      urgent === 'high' || urgent === 'critical' ? worstTitle(facts, translator) : translator.t('wall.above'),
    ];
  },
  normal: ({ openAlerts }, { t, formatNumber }) => [
    openAlerts === 0 ? t('wall.calm') : t('wall.calm.low', { count: formatNumber(openAlerts) }),
  ],
};

/** The line beside the state word: why it holds, and the second word when two hold; a coverage hole is never left unsaid. */
function lineParts(facts: WallFacts, translator: Translator): readonly string[] {
  const [first = 'stopped', second] = facts.words;
  const { t } = translator;
  const reasons = because[first](facts, translator);
  if (!second) return reasons;
  const word = t(`state.${second}`);
  if (first === 'stopped' && facts.frame) return [t('wall.last', { word })];
  if (second === 'cannot-tell') {
    const [what = '', ...rest] = holeParts(facts, translator);
    return [`${word}: ${what}`, ...rest];
  }
  return [...reasons, word];
}

/** Characters that fit between the state word and the clock. */
function headlineRoom(word: string, clockWidth: number): number {
  const left = 1_920 - 2 * 28 - 2 * 28 - (110 + textWidth(word) * 1.3) - clockWidth;
  return Math.min(wallLimits.headline, Math.floor(left / 27.5));
}

/** The top of the wall; it claims nothing while nothing is known. */
export function wallHeader(facts: WallFacts, translator: Translator): WallHeader {
  const { now, zone, ageMs } = facts;
  const { t, formatAge } = translator;
  const clock = `${proseTime(now, zone, translator)} ${zone}`;
  const age = t('data.age', { age: ageMs === null ? '—' : formatAge(ageMs) });
  if (facts.freshness === 'waiting' && facts.connecting) {
    return { word: null, line: t('wall.connecting'), clock, age, aging: false, bar: null };
  }
  const { word, said, parts } = claimOf(facts, translator);
  const aging = ageMs === null || ageMs > 3_000;
  const room = headlineRoom(said, textWidth(`${clock} · ${age}`) + (aging ? 90 : 0));
  return {
    word,
    line: joinFitting(parts, room),
    clock,
    age,
    aging,
    bar: isDark(facts) ? barOf(facts.frame?.at ?? null, zone, translator) : null,
  };
}

/** The state word, its text and why it holds; without alerts nobody can say that all is as it should be. */
function claimOf(facts: WallFacts, translator: Translator) {
  const { t } = translator;
  const word = facts.words[0] ?? 'stopped';
  if (word === 'normal' && facts.detail === 'figures') {
    return { word: null, said: '—', parts: [t('wall.figuresOnly')] };
  }
  return { word, said: t(`state.${word}`), parts: lineParts(facts, translator) };
}

function barOf(since: number | null, zone: WallFacts['zone'], translator: Translator): string {
  return since === null
    ? translator.t('wall.bar.never')
    : translator.t('wall.bar', { time: proseTime(since, zone, translator, true) });
}
