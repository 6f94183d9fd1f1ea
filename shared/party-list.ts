/** Parties that one detection or alert names at most; of more, those first in order are kept. */
export const maxListedParties = 50;

/**
 * The sorted list of distinct parties with `party` in it, at most `maxListedParties`; the list itself when nothing changes.
 * The outcome doesn't depend on the order in which parties come.
 */
export function withParty(list: readonly string[], party: string): readonly string[] {
  let at = list.length;
  while (at > 0 && (list[at - 1] ?? '') > party) at--;
  if (list[at - 1] === party || at === maxListedParties) return list;
  return [...list.slice(0, at), party, ...list.slice(at)].slice(0, maxListedParties);
}

/** Both lists as one by the rule of `withParty`; `a` itself when `b` has nothing new. */
export function unionOfParties(a: readonly string[], b: readonly string[]): readonly string[] {
  let union = a;
  for (const party of b) union = withParty(union, party);
  return union;
}
