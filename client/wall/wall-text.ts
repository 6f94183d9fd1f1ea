import type { Alert } from '../../shared/alert.ts';
import { formatClock, type Translator } from '../../shared/i18n/translate.ts';
import type { Zone } from '../../shared/i18n/zone.ts';
import { revealHidden } from '../ui/Untrusted.tsx';

/** Longest texts that fit at 50 px, characters: the line beside the state word, the lines of an alert. */
export const wallLimits = { headline: 31, title: 21, detail: 22 } as const;

/** Letters of one size, px. */
const letterPx = 50.2;
const narrow = /[\s.,:;·!|'’iljt()[\]/]/u;
const wide = /[mwMW%@—…]/u;

/** About how wide a text of the smallest size is, px; a little more than Inter needs. */
export function textWidth(text: string): number {
  let em = 0;
  for (const character of text) {
    if (narrow.test(character)) em += 0.31;
    else if (wide.test(character)) em += 0.91;
    else em += /[\dA-Z]/.test(character) ? 0.66 : 0.59;
  }
  return em * letterPx;
}

/** Words that say nothing at the end of a shortened text. */
const linkWords = new Set(
  'dan dari pada di ke oleh untuk dengan setelah atau yang and from on in at to by for with after or of the a an'.split(
    ' ',
  ),
);

/** `text` cut to `max` characters at the end of a word where one is near, with nothing hidden in it. */
export function shorten(text: string, max: number): string {
  const characters = Array.from(revealHidden(text));
  if (characters.length <= max) return characters.join('');
  const cut = characters.slice(0, max - 1).join('');
  const space = cut.lastIndexOf(' ');
  if (space <= max / 2) return `${cut.trimEnd()}…`;
  const words = cut.slice(0, space).split(' ');
  while (words.length > 1 && linkWords.has(words.at(-1) ?? '')) words.pop();
  return `${words.join(' ')}…`;
}

/** A rule's title in at most `max` characters: whole when it fits, else its short form, cut where even that is too long. */
export function ruleTitle({ title, short }: Alert['rule'], max: number, { language }: Translator): string {
  const whole = revealHidden(title[language]);
  return Array.from(whole).length <= max ? whole : shorten(short[language], max);
}

/** `parts` joined by ` · `, as many from the front as fit in `max` characters; a first part that alone is too long is cut. */
export function joinFitting(parts: readonly string[], max: number): string {
  const [first = '', ...rest] = parts;
  let joined = shorten(first, max);
  for (const part of rest) {
    const longer = `${joined} · ${part}`;
    if (Array.from(longer).length > max) return joined;
    joined = longer;
  }
  return joined;
}

/** Time of day in prose: `14.05` in Indonesian, `14:05` in English; with seconds when asked. */
export function proseTime(epochMs: number, zone: Zone, { language }: Translator, seconds = false): string {
  const clock = formatClock(epochMs, zone).slice(0, seconds ? 8 : 5);
  return language === 'id' ? clock.replaceAll(':', '.') : clock;
}

/** A number for the wall, whole under 1,000 and two significant digits above, apart from its unit: `1,2` and `rb`. */
export function wallNumber(
  value: number,
  { formatCompact, formatNumber }: Translator,
): readonly [string, string] {
  if (value < 1_000) return [formatNumber(Math.round(value)), ''];
  const [, digits = '', unit = ''] =
    /^([\d.,]+)\s*(.*)$/.exec(formatCompact(Number(value.toPrecision(2)))) ?? [];
  return [digits, unit];
}

/** A range for the wall: `90–140`, `1,2–1,4 rb`. */
export function wallRange([low, high]: readonly [number, number], translator: Translator): string {
  const [lowDigits, lowUnit] = wallNumber(low, translator);
  const [highDigits, highUnit] = wallNumber(high, translator);
  const space = translator.language === 'id' ? ' ' : '';
  const from = lowUnit === highUnit || lowUnit === '' ? lowDigits : `${lowDigits}${space}${lowUnit}`;
  return highUnit ? `${from}–${highDigits}${space}${highUnit}` : `${from}–${highDigits}`;
}
