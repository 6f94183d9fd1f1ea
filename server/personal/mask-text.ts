import { withheldText } from '../../shared/event/personal-fields.ts';
import { canonicalAddress } from './canonical-address.ts';

/** A personal value of the event that a text belongs to, and what stands in its place. */
export interface OwnValue {
  readonly value: string;
  readonly pseudonym: string;
}

/** Longest text that is looked through, characters; a longer one is withheld. */
export const maxMaskedLength = 4_096;
/** How often a text is decoded to see what it hides; one that hides deeper is withheld. */
const maxDecodings = 4;

/** In the place of addresses and e-mails that are not the event's own: a pseudonym would tell whoever sent them how theirs reads. */
const foreignAddress = '[ip]';
const foreignMail = '[e-mail]';

const number = '(?:0\\d{3}|\\d{1,3})';
const dot = '[\\[(]?[.\\-_\\u3002][\\])]?';
// Four numbers with dots, whatever stands before and behind, or as host names write them; `120.0.0.0` is a version of a browser
// and no host.
const dotted = new RegExp(
  `(?!\\d{1,3}\\.0\\.0\\.0(?!\\d))(?:${number}(?:\\.${number}){3}|(?<!\\d)${number}(?:${dot}${number}){3}(?!\\d))`,
  'g',
);
// Runs in which an address of IPv6 may stand, and those in which an e-mail may; judged one by one, in linear time.
const colonRun = /[0-9a-f:.]+/gi;
const mailRun = /[^\s"'<>(),;:=&?/]+/g;
const hidden = /[\p{Cf}\p{Cc}\u00AD]/gu;

/**
 * The text for somebody without `personal:read`: own values become their pseudonyms, other addresses and e-mails marks. What
 * hides one behind percent signs, escapes, entities, look-alike digits or unseen characters is withheld whole.
 */
export function maskText(text: string, own: readonly OwnValue[]): string {
  if (text.length > maxMaskedLength) return withheldText;
  const spellings = spellingsOf(own);
  const masked = replaceAll(text, spellings);
  return hides(masked, spellings) ? withheldText : masked;
}

/** Whether the text shows no address and no e-mail, in clear or hidden. */
export const isFreeOfPersonal = (text: string): boolean => maskText(text, []) === text;

function replaceAll(text: string, spellings: readonly Spelling[]): string {
  const pattern = patternOf(spellings);
  const named = pattern ? text.replaceAll(pattern, (...found) => pseudonymIn(found, spellings)) : text;
  return named
    .replaceAll(dotted, foreignAddress)
    .replaceAll(mailRun, (run) => (/.@./.test(run) ? foreignMail : run))
    .replaceAll(colonRun, (run) => (hasAddressOfColons(run) ? foreignAddress : run));
}

/** `::` or four colons among hex digits: IPv6 in any spelling, and Ethernet. */
const hasAddressOfColons = (run: string): boolean => run.includes('::') || run.split(':', 5).length === 5;

/** Whether something personal comes to light when a text that is masked already is decoded, as far as that goes. */
function hides(masked: string, spellings: readonly Spelling[]): boolean {
  let seen = masked;
  for (let round = 0; round <= maxDecodings; round += 1) {
    const decoded = decode(seen);
    if (decoded === seen) return false;
    if (replaceAll(decoded, spellings) !== decoded) return true;
    seen = decoded;
  }
  return true;
}

const character = (code: string, radix: number): string => {
  const point = Number.parseInt(code, radix);
  return point <= 0x10ffff ? String.fromCodePoint(point) : '';
};

/** One layer less: percent signs, escapes, entities, compatible forms of characters, and nothing unseen. */
function decode(text: string): string {
  return bytesDecoded(text)
    .replaceAll(/\\x([0-9a-f]{2})|\\u00([0-9a-f]{2})|%u([0-9a-f]{4})|&#x([0-9a-f]{1,6});/gi, (...found) =>
      character(String(found.slice(1, 5).find((part) => part !== undefined)), 16),
    )
    .replaceAll(/&#(\d{1,7});/g, (_all, code: string) => character(code, 10))
    .replaceAll(/&(commat|period|colon);/gi, (_all, name: string) => entities[name.toLowerCase()] ?? '')
    .normalize('NFKC')
    .replaceAll(hidden, '');
}

const entities: Readonly<Record<string, string>> = { commat: '@', period: '.', colon: ':' };

const bytesDecoded = (text: string): string =>
  text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  );

/** One way to write an own value; one that stands `alone` is no part of a longer word or number. */
interface Spelling extends OwnValue {
  readonly alone: boolean;
}

/** How own values may be written, the longest first, so that no part of one is left standing. */
function spellingsOf(own: readonly OwnValue[]): Spelling[] {
  return own
    .flatMap(({ value, pseudonym }) => {
      const address = canonicalAddress(value);
      const forms = new Set([value, ...(address === null ? partsOf(value) : addressForms(address))]);
      return [...forms].map((form) => ({
        value: form,
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

/** Finds each spelling whatever its case, as a group of its own; `null` when there is none. */
function patternOf(spellings: readonly Spelling[]): RegExp | null {
  if (spellings.length === 0) return null;
  const groups = spellings.map(({ value, alone }) => {
    const escaped = value.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
    return alone ? String.raw`(?<![\p{L}\p{N}])(${escaped})(?![\p{L}\p{N}])` : `(${escaped})`;
  });
  return new RegExp(groups.join('|'), 'giu');
}

/** What stands in the place of a match: the pseudonym of the one group that was found. */
const pseudonymIn = (found: readonly unknown[], spellings: readonly Spelling[]): string =>
  spellings[found.slice(1).findIndex((group) => group !== undefined)]?.pseudonym ?? withheldText;

const marks = /\[(?:ip|e-mail|withheld)\]/g;
const word = /[\p{L}\p{N}_]+/gu;
const unsaid = /[^\p{ASCII}\p{L}\p{N}]/gu;
const cut = '…';

/**
 * A raw line with the words only that are shown anyway: own values become pseudonyms, a word that stands in none of the shown
 * texts becomes `…`. So it tells nothing that the fields don't, whatever the line holds and however it hides it.
 */
export function maskLine(line: string, own: readonly OwnValue[], shown: readonly string[]): string {
  if (line.length > maxMaskedLength) return withheldText;
  const kept = new Set(shown.flatMap((text) => text.replaceAll(marks, ' ').match(word) ?? []));
  const spellings = spellingsOf(own);
  const pattern = patternOf(spellings);
  const wordOnly = (text: string): string =>
    text.replaceAll(word, (one) => (kept.has(one) ? one : cut)).replaceAll(unsaid, cut);
  let masked = '';
  let end = 0;
  for (const found of pattern ? line.matchAll(pattern) : []) {
    masked += wordOnly(line.slice(end, found.index)) + pseudonymIn(found, spellings);
    end = found.index + found[0].length;
  }
  masked += wordOnly(line.slice(end));
  // Neighbouring words that are shown elsewhere may still spell an address.
  return maskText(masked.replaceAll(/…(?:[^\s"]?…)+/g, cut), []);
}
