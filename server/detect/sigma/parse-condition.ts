import { allOf, anyOf, type Expression } from '../rule.ts';
import { Refusal, type Place } from './yaml-node.ts';
import { listed, shown } from './yaml-reading.ts';

/** Deepest nesting of parentheses and `not`. */
export const maxConditionDepth = 50;

/** A rule's selections by name. */
export type Selections = ReadonlyMap<string, Expression>;

/** A condition being read: `next` is the index of the token to come. */
interface Reading {
  readonly tokens: readonly string[];
  readonly selections: Selections;
  readonly at: Place;
  next: number;
  depth: number;
}

/** Reads a condition over named selections (Sigma 2.1, "Condition"); refuses names that aren't there. */
export function parseCondition(text: string, selections: Selections, at: Place): Expression {
  if (text.includes('|')) {
    throw new Refusal(at, 'found "|" in the condition; aggregations are written as a correlation rule');
  }
  const reading = { tokens: text.match(/[()]|[^\s()]+/g) ?? [], selections, at, next: 0, depth: 0 };
  const expression = either(reading);
  if (reading.next < reading.tokens.length) throw unexpected(reading, '"and", "or" or its end');
  return expression;
}

function unexpected({ tokens, next, at }: Reading, expected: string): Refusal {
  const token = tokens[next];
  return new Refusal(
    at,
    `condition: found ${token === undefined ? 'its end' : shown(token)}; expected ${expected}`,
  );
}

/** Steps over the word if it comes next. */
function took(reading: Reading, word: string): boolean {
  const comes = reading.tokens[reading.next]?.toLowerCase() === word;
  if (comes) reading.next += 1;
  return comes;
}

function either(reading: Reading): Expression {
  const parts = [both(reading)];
  while (took(reading, 'or')) parts.push(both(reading));
  return anyOf(parts);
}

function both(reading: Reading): Expression {
  const parts = [single(reading)];
  while (took(reading, 'and')) parts.push(single(reading));
  return allOf(parts);
}

function single(reading: Reading): Expression {
  reading.depth += 1;
  if (reading.depth > maxConditionDepth) {
    throw new Refusal(reading.at, `condition: found more than ${maxConditionDepth} levels of nesting`);
  }
  const expression = nested(reading);
  reading.depth -= 1;
  return expression;
}

function nested(reading: Reading): Expression {
  if (took(reading, 'not')) return { kind: 'not', part: single(reading) };
  if (!took(reading, '(')) return selection(reading);
  const inner = either(reading);
  if (!took(reading, ')')) throw unexpected(reading, '")"');
  return inner;
}

const quantifiers: Readonly<Record<string, typeof allOf>> = { '1': anyOf, any: anyOf, all: allOf };

function selection(reading: Reading): Expression {
  const token = reading.tokens[reading.next] ?? ')';
  const isQuantified = reading.tokens[reading.next + 1]?.toLowerCase() === 'of';
  if (isQuantified) return quantified(reading, token.toLowerCase());
  if (token === ')' || /^(and|or|of)$/i.test(token)) {
    throw unexpected(reading, 'a selection, "not", "(", "1 of" or "all of"');
  }
  reading.next += 1;
  return named(token, reading);
}

function quantified(reading: Reading, quantifier: string): Expression {
  const join = Object.hasOwn(quantifiers, quantifier) ? quantifiers[quantifier] : undefined;
  if (!join) throw unexpected(reading, '"1 of" or "all of"');
  reading.next += 2;
  const pattern = reading.tokens[reading.next];
  if (pattern === undefined || pattern === ')') throw unexpected(reading, 'a name of selections, or "them"');
  reading.next += 1;
  return join(chosen(pattern, reading));
}

function named(name: string, { selections, at }: Reading): Expression {
  const expression = selections.get(name);
  if (expression) return expression;
  throw new Refusal(at, `condition: found ${shown(name)}; there is: ${listed(selections.keys())}`);
}

function chosen(pattern: string, reading: Reading): Expression[] {
  const all = [...reading.selections];
  if (pattern === 'them') {
    return all.filter(([name]) => !name.startsWith('_')).map(([, expression]) => expression);
  }
  if (!pattern.includes('*')) return [named(pattern, reading)];
  const parts = pattern.split('*');
  return all.filter(([name]) => fits(name, parts)).map(([, expression]) => expression);
}

/** Whether the name begins with the first part, ends with the last, and has the others between in their order. */
function fits(name: string, parts: readonly string[]): boolean {
  const start = parts[0] ?? '';
  const end = parts.at(-1) ?? '';
  if (!name.startsWith(start) || !name.endsWith(end)) return false;
  let from = start.length;
  const limit = name.length - end.length;
  for (const part of parts.slice(1, -1)) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from <= limit;
}
