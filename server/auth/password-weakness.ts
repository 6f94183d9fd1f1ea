import { fail, ok, type Result } from '../../shared/result.ts';
import { agencyWords, wordsOf } from './context-words.ts';
import type { AuthRules } from './identity.ts';

/** Fewest different characters of a password. */
export const minDistinctCharacters = 5;
/** Fewest letters that must be left once words of this place are taken out. */
export const minOwnLetters = 6;
/** Most characters behind a known password that make it no other one. */
const maxTail = 6;
/** Shorter entries of the list are parts of too many words. */
const minListedLength = 4;

let listed: Promise<ReadonlySet<string>> | null = null;

/** Passwords known from leaks and common ones, in small letters: about 49,000, read at the first call. */
function leakedPasswords(): Promise<ReadonlySet<string>> {
  listed ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common'].map((word) => word.toLowerCase())),
  );
  return listed;
}

const leet: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '!': 'i',
  '|': 'l',
  '3': 'e',
  '4': 'a',
  '@': 'a',
  '5': 's',
  $: 's',
  '7': 't',
  '+': 't',
  '8': 'b',
  '9': 'g',
};

const letters = (text: string): string => text.replaceAll(/[01!|34@5$7+89]/g, (sign) => leet[sign] ?? sign);

/** A password and what it comes to without its decoration: one that is only repeated, digits behind, letters as digits. */
function foldings(password: string): string[] {
  const whole = password.toLowerCase().normalize('NFKC');
  const once = /^(.{4,}?)\1+$/su.exec(whole)?.[1] ?? whole;
  const headless = once.replace(/^[^a-z]+/u, '');
  const tail = /[^a-z]*$/u.exec(headless)?.[0] ?? '';
  const bare = tail.length <= maxTail ? headless.slice(0, headless.length - tail.length) : headless;
  const stems = [whole, once, headless, bare];
  const read = stems.flatMap((stem) => [stem, letters(stem), letters(stem.replaceAll('1', 'l'))]);
  return [...new Set(read)].filter((text) => text.length >= minListedLength);
}

async function isLeaked(password: string): Promise<boolean> {
  const known = await leakedPasswords();
  if (foldings(password).some((text) => known.has(text))) return true;
  // A known password with known digits behind, however long: `dragon123456789`.
  const [, word = '', digits = ''] = /^(.*\D)(\d{7,})$/su.exec(password.toLowerCase()) ?? [];
  return known.has(digits) && foldings(word).some((text) => known.has(text));
}

/** Whether so little is left of it without words that anybody here would try first. */
function isOfThisPlace(password: string, words: ReadonlySet<string>): boolean {
  const whole = password.toLowerCase().normalize('NFKC');
  const longestFirst = [...words].toSorted((a, b) => b.length - a.length);
  return [whole, letters(whole), letters(whole.replaceAll('1', 'l'))].some((text) => {
    const left = longestFirst.reduce((rest, word) => rest.replaceAll(word, ' '), text);
    return left !== text && left.replaceAll(/[^\p{L}]/gu, '').length < minOwnLetters;
  });
}

export type WeaknessCode = 'weak-password' | 'local-password' | 'leaked-password';

const weak = (code: WeaknessCode, expected: string) => fail(code, `expected ${expected}`);

/** Whether a password may be chosen, and if not, why; its length is the schema's affair. */
export async function passwordWeakness(
  password: string,
  user: { readonly name: string; readonly agency: string },
  rules: Pick<AuthRules, 'agencies' | 'contextWords'>,
): Promise<Result<null, WeaknessCode>> {
  if (new Set(password).size < minDistinctCharacters) {
    return weak('weak-password', `at least ${minDistinctCharacters} different characters`);
  }
  if (password.toLowerCase().includes(user.name))
    return weak('weak-password', 'a password without the user name in it');
  const words = new Set([
    ...wordsOf(user.name),
    ...agencyWords(rules.agencies),
    ...(rules.contextWords ?? []),
  ]);
  if (isOfThisPlace(password, words)) {
    return weak('local-password', 'more than names and words of this place, which are tried first');
  }
  return (await isLeaked(password))
    ? weak('leaked-password', 'a password that is not known from leaks')
    : ok(null);
}
