import { allOf, anyOf, type Expression } from '../rule.ts';
import { Refusal, type Place } from './yaml-node.ts';
import { listed, shown } from './yaml-reading.ts';

/** Deepest nesting of parentheses and `not`. */
const maxDepth = 50;

/** Reads a condition over named selections (Sigma 2.1, "Condition"); refuses names that aren't there. */
export function parseCondition(
  text: string,
  selections: ReadonlyMap<string, Expression>,
  at: Place,
): Expression {
  if (text.includes('|')) {
    throw new Refusal(at, 'found "|" in the condition; aggregations are written as a correlation rule');
  }
  const tokens = text.match(/[()]|[^\s()]+/g) ?? [];
  let next = 0;
  const keyword = (word: string): boolean => tokens[next]?.toLowerCase() === word;
  const refuse = (expected: string): Refusal => {
    const token = tokens[next];
    const found = token === undefined ? 'its end' : shown(token);
    return new Refusal(at, `condition: found ${found}; expected ${expected}`);
  };
  const either = (depth: number): Expression => {
    const parts = [both(depth)];
    while (keyword('or')) {
      next += 1;
      parts.push(both(depth));
    }
    return anyOf(parts);
  };
  const both = (depth: number): Expression => {
    const parts = [single(depth)];
    while (keyword('and')) {
      next += 1;
      parts.push(single(depth));
    }
    return allOf(parts);
  };
  const single = (depth: number): Expression => {
    if (depth > maxDepth) throw new Refusal(at, `condition: found more than ${maxDepth} levels of nesting`);
    if (keyword('not')) {
      next += 1;
      return { kind: 'not', part: single(depth + 1) };
    }
    if (keyword('(')) {
      next += 1;
      const inner = either(depth + 1);
      if (!keyword(')')) throw refuse('")"');
      next += 1;
      return inner;
    }
    return selection();
  };
  const selection = (): Expression => {
    const token = tokens[next];
    const quantified = tokens[next + 1]?.toLowerCase() === 'of';
    if (token === undefined || token === ')' || (!quantified && /^(and|or|of)$/i.test(token))) {
      throw refuse('a selection, "not", "(", "1 of" or "all of"');
    }
    if (quantified) {
      const quantifier = token.toLowerCase();
      if (!['1', 'any', 'all'].includes(quantifier)) throw refuse('"1 of" or "all of"');
      next += 2;
      const pattern = tokens[next];
      if (pattern === undefined || pattern === ')') throw refuse('the name of selections, or "them"');
      next += 1;
      const chosen = choose(pattern, selections, at);
      return quantifier === 'all' ? allOf(chosen) : anyOf(chosen);
    }
    next += 1;
    return named(token, selections, at);
  };
  const expression = either(0);
  if (next < tokens.length) throw refuse('"and", "or" or its end');
  return expression;
}

function named(name: string, selections: ReadonlyMap<string, Expression>, at: Place): Expression {
  const expression = selections.get(name);
  if (expression) return expression;
  throw new Refusal(at, `condition: found ${shown(name)}; there is: ${listed(selections.keys())}`);
}

function choose(pattern: string, selections: ReadonlyMap<string, Expression>, at: Place): Expression[] {
  if (pattern === 'them') {
    return [...selections].filter(([name]) => !name.startsWith('_')).map(([, expression]) => expression);
  }
  if (!pattern.includes('*')) return [named(pattern, selections, at)];
  const [start = '', ...rest] = pattern.split('*');
  return [...selections].filter(([name]) => fits(name, start, rest)).map(([, expression]) => expression);
}

/** Whether the name is `start`, then the other parts in order with anything between, the last at its end. */
function fits(name: string, start: string, rest: readonly string[]): boolean {
  if (!name.startsWith(start)) return false;
  let from = start.length;
  for (const [index, part] of rest.entries()) {
    const at =
      index === rest.length - 1 ? Math.max(name.length - part.length, from) : name.indexOf(part, from);
    if (at < 0 || !name.startsWith(part, at)) return false;
    from = at + part.length;
  }
  return true;
}
