import type { FieldName } from '../../../shared/event/fields.ts';
import type { Expression, FieldTest } from '../rule.ts';
import { inNetwork, parseAddress } from './cidr.ts';
import { FieldText, type Current } from './field-text.ts';
import { globMatches, longestLiteral, one, type GlobPattern } from './glob.ts';

/** Judges the current event; holds no state of its own. */
export type Predicate = () => boolean;

/** Turns expressions into predicates over one shared current event. */
export interface PredicateCompiler {
  compile(expression: Expression): Predicate;
}

/** Creates a compiler whose predicates judge `current.event`; `current.turn` must change with each event. */
export function createPredicateCompiler(current: Current): PredicateCompiler {
  const fields = new Map<FieldName, FieldText>();
  const fieldText = (name: FieldName): FieldText => {
    const known = fields.get(name);
    if (known) return known;
    const created = new FieldText(current, name);
    fields.set(name, created);
    return created;
  };
  const compile = (expression: Expression): Predicate => {
    switch (expression.kind) {
      case 'constant': {
        const { value } = expression;
        return () => value;
      }
      case 'field':
        return compileTest(fieldText(expression.field), expression.test);
      case 'not': {
        const part = compile(expression.part);
        return () => !part();
      }
      case 'and':
        return conjunction(cheapestFirst(expression.parts).map(compile));
      case 'or':
        return disjunction(cheapestFirst(expression.parts).map(compile));
    }
  };
  return { compile };
}

const testCost: Record<FieldTest['kind'], number> = {
  absent: 1,
  present: 1,
  compare: 1,
  equals: 2,
  startswith: 4,
  endswith: 4,
  contains: 5,
  cidr: 8,
  glob: 9,
  re: 50,
};

function cost(expression: Expression): number {
  switch (expression.kind) {
    case 'constant':
      return 0;
    case 'field':
      return testCost[expression.test.kind];
    case 'not':
      return cost(expression.part);
    case 'and':
    case 'or':
      return Math.min(...expression.parts.map(cost)) + 0.1 * expression.parts.length;
  }
}

const cheapestFirst = (parts: readonly Expression[]): Expression[] =>
  [...parts].sort((a, b) => cost(a) - cost(b));

function conjunction(parts: readonly Predicate[]): Predicate {
  const [a, b] = parts;
  if (parts.length === 2 && a && b) return () => a() && b();
  return () => {
    for (const part of parts) if (!part()) return false;
    return true;
  };
}

function disjunction(parts: readonly Predicate[]): Predicate {
  const [a, b] = parts;
  if (parts.length === 2 && a && b) return () => a() || b();
  return () => {
    for (const part of parts) if (part()) return true;
    return false;
  };
}

function compileTest(field: FieldText, test: FieldTest): Predicate {
  switch (test.kind) {
    case 'absent':
      return () => (field.value() ?? null) === null;
    case 'present':
      return () => (field.value() ?? null) !== null;
    case 'equals':
      return equals(field, test.values, test.cased);
    case 'contains':
      return contains(field, test.values, test.cased);
    case 'startswith':
      return someOf(field, test, (text, value) => text.startsWith(value));
    case 'endswith':
      return someOf(field, test, (text, value) => text.endsWith(value));
    case 'glob':
      return glob(field, test.pattern, test.cased);
    case 're':
      return matching(field, (text) => test.regex.test(text));
    case 'cidr':
      return matching(field, (text) => {
        const address = parseAddress(text);
        return address !== null && test.networks.some((network) => inNetwork(address, network));
      });
    case 'compare':
      return compare(field, test.operator, test.than);
  }
}

const matching = (field: FieldText, holds: (text: string) => boolean): Predicate => {
  return () => {
    const text = field.text();
    return text !== null && holds(text);
  };
};

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

function equals(field: FieldText, values: readonly string[], cased: boolean): Predicate {
  const wanted = new Set(cased ? values : values.map((value) => value.toLowerCase()));
  // The texts of numbers are few and the same for equal numbers, so numbers are compared as numbers.
  const numbers = new Set(values.map(Number).filter((number) => wanted.has(String(number))));
  const lengths = new Set([...wanted].map((value) => value.length));
  const ascii = [...wanted].every((value) => /^[\0-\x7f]*$/.test(value));
  return () => {
    const value = field.value();
    if (typeof value === 'number') return numbers.has(value);
    if (typeof value !== 'string') return wanted.has(textOfBoolean(value));
    if (wanted.has(value)) return true;
    // Lower-casing keeps the length of every text whose result is ASCII.
    if (cased || (ascii && !lengths.has(value.length))) return false;
    return wanted.has(field.lower() ?? '');
  };
}

/** No event has a value of this text, so an absent field equals nothing. */
const nothing = '\0absent';
const textOfBoolean = (value: boolean | null | undefined): string =>
  typeof value === 'boolean' ? String(value) : nothing;

function contains(field: FieldText, values: readonly string[], cased: boolean): Predicate {
  if (cased) return someOf(field, { values, cased }, (text, value) => text.includes(value));
  if (values.includes('')) return matching(field, () => true);
  const group = field.addNeedles(values.map((value) => value.toLowerCase()));
  return () => field.containsAny(group);
}

function glob(field: FieldText, pattern: GlobPattern, cased: boolean): Predicate {
  if (cased) return matching(field, (text) => globMatches(pattern, text));
  const lowered: GlobPattern = {
    ...pattern,
    segments: pattern.segments.map((segment) =>
      segment.map((piece) => (piece === one ? piece : piece.toLowerCase())),
    ),
  };
  const literal = longestLiteral(lowered);
  const full: Predicate = () => {
    const lower = field.lower();
    return lower !== null && globMatches(lowered, lower);
  };
  if (literal === '') return full;
  const group = field.addNeedles([literal]);
  return () => field.containsAny(group) && full();
}

function compare(field: FieldText, operator: 'gt' | 'gte' | 'lt' | 'lte', than: number): Predicate {
  const holds = {
    gt: (value: number) => value > than,
    gte: (value: number) => value >= than,
    lt: (value: number) => value < than,
    lte: (value: number) => value <= than,
  }[operator];
  return () => {
    const value = field.value();
    if (typeof value === 'number') return holds(value);
    if (typeof value !== 'string' || value.trim() === '') return false;
    const number = Number(value);
    return Number.isFinite(number) && holds(number);
  };
}
