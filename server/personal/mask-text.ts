import { withheldText } from '../../shared/event/personal-fields.ts';
import { nothingOwn, type OwnSpellings } from './own-spellings.ts';

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
export function maskText(text: string, own: OwnSpellings = nothingOwn): string {
  if (text.length > maxMaskedLength) return withheldText;
  const masked = replaceAll(text, own);
  return hides(masked, own) ? withheldText : masked;
}

/** Whether the text shows no address and no e-mail, in clear or hidden. */
export const isFreeOfPersonal = (text: string): boolean => maskText(text) === text;

function replaceAll(text: string, own: OwnSpellings): string {
  const named = replaceOwn(text, own);
  const shown = named.replaceAll(dotted, foreignAddress);
  // A text without these signs has no run with them.
  const mailed = shown.includes('@')
    ? shown.replaceAll(mailRun, (run) => (/.@./.test(run) ? foreignMail : run))
    : shown;
  if (!hasAddressOfColons(mailed)) return mailed;
  return mailed.replaceAll(colonRun, (run) => (hasAddressOfColons(run) ? foreignAddress : run));
}

/** The text with own values replaced, and what stands between them changed as said. */
function replaceOwn(text: string, own: OwnSpellings, between = (part: string): string => part): string {
  let replaced = '';
  let at = 0;
  for (const { start, end, pseudonym } of own.find(text)) {
    replaced += between(text.slice(at, start)) + pseudonym;
    at = end;
  }
  return replaced + between(text.slice(at));
}

/** `::` or four colons among hex digits: IPv6 in any spelling, and Ethernet. */
const hasAddressOfColons = (run: string): boolean => run.includes('::') || run.split(':', 5).length === 5;

/** Whether something personal comes to light when a text that is masked already is decoded, as far as that goes. */
function hides(masked: string, own: OwnSpellings): boolean {
  let seen = masked;
  for (let round = 0; round <= maxDecodings; round += 1) {
    const decoded = decode(seen);
    if (decoded === seen) return false;
    if (replaceAll(decoded, own) !== decoded) return true;
    seen = decoded;
  }
  return true;
}

const character = (code: string, radix: number): string => {
  const point = Number.parseInt(code, radix);
  return point <= 0x10ffff ? String.fromCodePoint(point) : '';
};

/** Printable ASCII without what an escape, a percent sign or an entity begins with: it decodes to itself. */
const undecodable = /^[\x20-\x24\x27-\x5b\x5d-\x7e]*$/;

/** One layer less: percent signs, escapes, entities, compatible forms of characters, and nothing unseen. */
function decode(text: string): string {
  if (undecodable.test(text)) return text;
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

const marks = /\[(?:ip|e-mail|withheld)\]/g;
const word = /[\p{L}\p{N}_]+/gu;
const unsaid = /[^\p{ASCII}\p{L}\p{N}]/gu;
const cut = '…';

/**
 * A raw line with the words only that are shown anyway: own values become pseudonyms, a word that stands in none of the shown
 * texts becomes `…`. So it tells nothing that the fields don't, whatever the line holds and however it hides it.
 */
export function maskLine(line: string, own: OwnSpellings, shown: readonly string[]): string {
  if (line.length > maxMaskedLength) return withheldText;
  const kept = new Set(shown.flatMap((text) => text.replaceAll(marks, ' ').match(word) ?? []));
  const masked = replaceOwn(line, own, (text) =>
    text.replaceAll(word, (one) => (kept.has(one) ? one : cut)).replaceAll(unsaid, cut),
  );
  // Neighbouring words that are shown elsewhere may still spell an address.
  return maskText(masked.replaceAll(/…(?:[^\s"]?…)+/g, cut));
}
