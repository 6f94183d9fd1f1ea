import { createHmac, hkdfSync } from 'node:crypto';
import { pseudonymAlphabet, pseudonymLength } from '../../shared/event/personal-fields.ts';
import { canonicalAddress } from './canonical-address.ts';

export type PseudonymKind = 'ip' | 'acct';

/** Stable names in the place of addresses and accounts. */
export interface Pseudonyms {
  /** The same for every spelling of the address; what is no address is told apart by its text. */
  readonly address: (text: string) => string;
  readonly account: (name: string) => string;
  /** Of an address where it is one, else of an account. */
  readonly subject: (text: string) => string;
  /** What was given that pseudonym lately, to find it again without a search; `null` when it isn't known (any more). */
  readonly known: (pseudonym: string) => string | null;
}

/** Pseudonyms that are remembered, the ones used longest ago forgotten first: some 20 MB at most. */
export const maxRemembered = 50_000;
/** Longest value that is remembered, characters; a longer one is made anew each time. */
const maxRememberedLength = 100;

/**
 * Pseudonyms under an installation's secret: HMAC-SHA256 by kind and value, of which 60 bits are shown. Among n values two share
 * one with a probability of about n²/2⁶¹: among a million, one in two million. Nothing of a value, such as the network of an
 * address, is to be seen in it, and without the secret none can be made for a guess.
 */
export function createPseudonyms(secret: Uint8Array): Pseudonyms {
  const key = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), 'pseudonym', 32));
  const byValue = new Map<string, string>();
  const byPseudonym = new Map<string, string>();

  const remember = (cell: string, value: string, pseudonym: string): void => {
    if (cell.length > maxRememberedLength) return;
    byValue.set(cell, pseudonym);
    byPseudonym.set(pseudonym, value);
    const [oldest] = byValue.size > maxRemembered ? byValue : [];
    if (!oldest) return;
    byValue.delete(oldest[0]);
    byPseudonym.delete(oldest[1]);
  };

  const of = (kind: PseudonymKind, value: string): string => {
    const cell = `${kind}\n${value}`;
    const before = byValue.get(cell);
    if (before !== undefined) {
      byValue.delete(cell);
      byValue.set(cell, before);
      return before;
    }
    const pseudonym = `${kind}-${shown(createHmac('sha256', key).update(cell).digest())}`;
    remember(cell, value, pseudonym);
    return pseudonym;
  };

  const address = (text: string): string => of('ip', canonicalAddress(text) ?? text);
  const account = (name: string): string => of('acct', name);
  return {
    address,
    account,
    subject: (text) => (canonicalAddress(text) === null ? account(text) : address(text)),
    known: (pseudonym) => byPseudonym.get(pseudonym) ?? null,
  };
}

/** The first 60 bits, five a character. */
function shown(digest: Buffer): string {
  let bits = digest.readBigUInt64BE(0) >> 4n;
  let text = '';
  for (let index = 0; index < pseudonymLength; index += 1) {
    text = `${pseudonymAlphabet[Number(bits & 31n)] ?? ''}${text}`;
    bits >>= 5n;
  }
  return text;
}
