import type { Comparison } from '../rule.ts';
import { Refusal, type Place } from './yaml-node.ts';
import { listed, shown } from './yaml-reading.ts';

/** How a value is compared; `equals` when no modifier says otherwise. */
export type ValueComparison =
  'equals' | 'contains' | 'startswith' | 'endswith' | 're' | 'cidr' | 'exists' | Comparison;

/** A detection item's key taken apart: `cs-uri|contains|all`. */
export interface ItemKey {
  /** `null` for a keyword search over the whole line. */
  readonly field: string | null;
  readonly comparison: ValueComparison;
  readonly all: boolean;
  readonly cased: boolean;
  readonly expand: boolean;
  /** Flags of a regular expression: `i`, `m`, `s`. */
  readonly flags: ReadonlySet<string>;
  readonly at: Place;
}

const comparisons = [
  'contains',
  'startswith',
  'endswith',
  're',
  'cidr',
  'exists',
  'gt',
  'gte',
  'lt',
  'lte',
] as const;
const additions = ['all', 'cased', 'expand', 'i', 'm', 's'] as const;

/** Every modifier that rules may use here. */
export const supportedModifiers: readonly string[] = [...comparisons, ...additions];

const texts: readonly ValueComparison[] = ['equals', 'contains', 'startswith', 'endswith'];

/** Which comparisons an addition goes with. */
const goesWith: Record<(typeof additions)[number], readonly ValueComparison[]> = {
  all: [...texts, 're'],
  cased: texts,
  expand: [...texts, 'gt', 'gte', 'lt', 'lte'],
  i: ['re'],
  m: ['re'],
  s: ['re'],
};

const isIn = <W extends string>(words: readonly W[], word: string): word is W =>
  (words as readonly string[]).includes(word);

/** Takes a key apart; refuses modifiers that are unknown, repeated or don't go together. */
export function parseItemKey(key: string, at: Place): ItemKey {
  const [field = '', ...names] = key.split('|');
  let comparison: ValueComparison = 'equals';
  const added = new Set<(typeof additions)[number]>();
  for (const name of names) {
    if (isIn(comparisons, name)) {
      if (comparison !== 'equals') {
        throw new Refusal(at, `found modifiers "${comparison}" and "${name}" on one field; use one of them`);
      }
      comparison = name;
    } else if (isIn(additions, name)) added.add(name);
    else {
      throw new Refusal(
        at,
        `found modifier ${shown(name)}, which is not supported; allowed: ${listed(supportedModifiers)}`,
      );
    }
  }
  for (const addition of added) {
    if (!goesWith[addition].includes(comparison)) {
      throw new Refusal(
        at,
        `found modifier "${addition}" with "${comparison}"; it goes with: ${listed(goesWith[addition])}`,
      );
    }
  }
  return {
    field: field === '' ? null : field,
    comparison,
    all: added.has('all'),
    cased: added.has('cased'),
    expand: added.has('expand'),
    flags: added,
    at,
  };
}
