import type { Comparison, FieldTest } from '../rule.ts';
import { inNetwork, parseAddress } from './cidr.ts';
import type { FieldText } from './field-text.ts';
import { globMatches, longestLiteral, one, type GlobPattern } from './glob.ts';

/** Judges the current event; holds no state of its own. */
export type Predicate = () => boolean;

type TestOf<K extends FieldTest['kind']> = Extract<FieldTest, { kind: K }>;
type Compilers = { readonly [K in FieldTest['kind']]: (field: FieldText, test: TestOf<K>) => Predicate };

/** Compiles one question about one field. */
export function compileTest<K extends FieldTest['kind']>(field: FieldText, test: TestOf<K>): Predicate {
  const compiler = compilers[test.kind] as (field: FieldText, test: TestOf<K>) => Predicate;
  return compiler(field, test);
}

/** What judging each kind takes, in no unit: cheap ones are asked first. */
export const testCost: Readonly<Record<FieldTest['kind'], number>> = {
  absent: 1,
  present: 1,
  compare: 1,
  equals: 2,
  contains: 4,
  startswith: 6,
  endswith: 6,
  cidr: 8,
  glob: 9,
  re: 50,
};

const compilers: Compilers = {
  absent: (field) => () => (field.value() ?? null) === null,
  present: (field) => () => (field.value() ?? null) !== null,
  equals,
  contains,
  startswith: (field, test) => someOf(field, test, (text, value) => text.startsWith(value)),
  endswith: (field, test) => someOf(field, test, (text, value) => text.endsWith(value)),
  glob,
  re: (field, { regex }) => matching(field, (text) => regex.test(text)),
  cidr: (field, { networks }) =>
    matching(field, (text) => {
      const address = parseAddress(text);
      return address !== null && networks.some((network) => inNetwork(address, network));
    }),
  compare: (field, { operator, than }) => compare(field, operator, than),
};

function matching(field: FieldText, holds: (text: string) => boolean): Predicate {
  return () => {
    const text = field.text();
    return text !== null && holds(text);
  };
}

function someOf(
  field: FieldText,
  test: { values: readonly string[]; cased: boolean },
  holds: (text: string, value: string) => boolean,
): Predicate {
  const { cased } = test;
  const values = cased ? test.values : test.values.map((value) => value.toLowerCase());
  return () => {
    const text = cased ? field.text() : field.lower();
    if (text === null) return false;
    for (const value of values) if (holds(text, value)) return true;
    return false;
  };
}

function equals(field: FieldText, { values, cased }: TestOf<'equals'>): Predicate {
  const wanted = new Set(cased ? values : values.map((value) => value.toLowerCase()));
  const numbers = new Set([...wanted].map(Number).filter((number) => wanted.has(String(number))));
  const lengths = new Set([...wanted].map(({ length }) => length));
  const isAscii = [...wanted].every((value) => /^[\0-\x7f]*$/.test(value));
  return () => {
    const value = field.value();
    if (typeof value === 'number') return numbers.has(value);
    if (typeof value === 'boolean') return wanted.has(String(value));
    if (typeof value !== 'string') return false;
    // A text whose lower case is ASCII has the length of its lower case; the length is there, a hash must be made.
    if ((cased || isAscii) && !lengths.has(value.length)) return false;
    return wanted.has(value) || (!cased && wanted.has(field.lower() ?? value));
  };
}

function contains(field: FieldText, { values, cased }: TestOf<'contains'>): Predicate {
  if (values.includes('')) return matching(field, () => true);
  if (cased) return someOf(field, { values, cased }, (text, value) => text.includes(value));
  const group = field.addNeedles(values.map((value) => value.toLowerCase()));
  return () => field.containsAny(group);
}

function glob(field: FieldText, { pattern, cased }: TestOf<'glob'>): Predicate {
  if (cased) return matching(field, (text) => globMatches(pattern, text));
  const segments = pattern.segments.map((segment) =>
    segment.map((piece) => (piece === one ? piece : piece.toLowerCase())),
  );
  const lowered: GlobPattern = { ...pattern, segments };
  const fits: Predicate = () => {
    const lower = field.lower();
    return lower !== null && globMatches(lowered, lower);
  };
  const literal = longestLiteral(lowered);
  if (literal === '') return fits;
  const group = field.addNeedles([literal]);
  return () => field.containsAny(group) && fits();
}

const comparisons: Readonly<Record<Comparison, (value: number, than: number) => boolean>> = {
  gt: (value, than) => value > than,
  gte: (value, than) => value >= than,
  lt: (value, than) => value < than,
  lte: (value, than) => value <= than,
};

function compare(field: FieldText, operator: Comparison, than: number): Predicate {
  const holds = comparisons[operator];
  return () => {
    const value = field.value();
    if (typeof value === 'number') return holds(value, than);
    if (typeof value !== 'string' || value.trim() === '') return false;
    const number = Number(value);
    return Number.isFinite(number) && holds(number, than);
  };
}
