import { canonicalAddress } from './canonical-address.ts';

/** A personal value of the event that a text belongs to, and what stands in its place. */
export interface OwnValue {
  readonly value: string;
  readonly pseudonym: string;
}

/** A place in a text that spells an own value. */
export interface OwnMatch {
  readonly start: number;
  readonly end: number;
  readonly pseudonym: string;
}

/** All that an event's own values may be written as, made ready once for all texts of the event. */
export interface OwnSpellings {
  /** Places that spell one, whatever the case, from the left and the longest first. */
  find(text: string): Iterable<OwnMatch>;
}

/** One way to write an own value; one that stands `alone` is no part of a longer word or number. */
interface Spelling extends OwnValue {
  readonly small: string;
  readonly alone: boolean;
}

/** For texts that belong to no event. */
export const nothingOwn: OwnSpellings = { find: () => [] };

export function spellOwn(values: readonly OwnValue[]): OwnSpellings {
  const spellings = spellingsOf(values);
  if (spellings.length === 0) return nothingOwn;
  const isPlain = spellings.every(({ value }) => isAscii(value));
  let pattern: RegExp | null = null;
  return {
    find: (text) => {
      // Beyond ASCII what is the same letter in another case is a matter of a pattern, which is dear to make.
      if (isPlain && isAscii(text)) return matchesOfAscii(text, spellings);
      pattern ??= patternOf(spellings);
      return matchesOfPattern(text, pattern, spellings);
    },
  };
}

const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);

/** As those of the pattern, in time linear in the text. */
function* matchesOfAscii(text: string, spellings: readonly Spelling[]): Generator<OwnMatch> {
  const small = text.toLowerCase();
  const next = spellings.map((spelling) => ({ spelling, at: placeOf(spelling, small, 0) }));
  for (;;) {
    const first = next
      .filter(({ at }) => at >= 0)
      .reduce<(typeof next)[number] | null>((best, each) => (best && best.at <= each.at ? best : each), null);
    if (!first) return;
    const { at: start, spelling } = first;
    const end = start + spelling.value.length;
    yield { start, end, pseudonym: spelling.pseudonym };
    for (const each of next) if (each.at >= 0 && each.at < end) each.at = placeOf(each.spelling, small, end);
  }
}

/** Where a spelling stands in a text in small letters, from there on; -1 when nowhere. */
function placeOf({ small, alone }: Spelling, text: string, from: number): number {
  let at = text.indexOf(small, from);
  while (at >= 0 && alone && (isWordAt(text, at - 1) || isWordAt(text, at + small.length)))
    at = text.indexOf(small, at + 1);
  return at;
}

const isWordAt = (text: string, at: number): boolean => /[a-z0-9]/.test(text.charAt(at));

function* matchesOfPattern(
  text: string,
  pattern: RegExp,
  spellings: readonly Spelling[],
): Generator<OwnMatch> {
  for (const found of text.matchAll(pattern)) {
    const spelling = spellings[found.slice(1).findIndex((group) => group !== undefined)];
    if (spelling)
      yield { start: found.index, end: found.index + found[0].length, pseudonym: spelling.pseudonym };
  }
}

/** How own values may be written, the longest first, so that no part of one is left standing. */
function spellingsOf(own: readonly OwnValue[]): Spelling[] {
  return own
    .flatMap(({ value, pseudonym }) => {
      const address = canonicalAddress(value);
      const forms = new Set([value, ...(address === null ? partsOf(value) : addressForms(address))]);
      return [...forms].map((form) => ({
        value: form,
        small: form.toLowerCase(),
        pseudonym,
        alone: form.length < 3 || /^\d+$/.test(form),
      }));
    })
    .filter(({ value }) => value !== '')
    .sort((a, b) => b.value.length - a.value.length);
}

/** Of `siti@kpu.example` and `KPU\siti` also `siti`. */
const partsOf = (name: string): string[] =>
  [name.replace(/@.*$/, ''), name.replace(/^.*[\\/]/, '')].filter((part) => part.length >= 3);

/** Numbers that a browser or a library would take for the address too. */
function addressForms(address: string): string[] {
  const bytes = address.includes(':') ? null : Buffer.from(address.split('.').map(Number));
  if (bytes) return [address, String(bytes.readUInt32BE(0)), bytes.toString('hex')];
  const [head = '', tail = ''] = address.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array.from({ length: missing }, () => '0'), ...groups(tail)];
  return [address, all.map((group) => group.padStart(4, '0')).join('')];
}

/** Finds each spelling whatever its case, as a group of its own. */
function patternOf(spellings: readonly Spelling[]): RegExp {
  const groups = spellings.map(({ value, alone }) => {
    const escaped = value.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
    return alone ? String.raw`(?<![\p{L}\p{N}])(${escaped})(?![\p{L}\p{N}])` : `(${escaped})`;
  });
  return new RegExp(groups.join('|'), 'giu');
}
