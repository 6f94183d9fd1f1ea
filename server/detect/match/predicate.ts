import type { FieldName } from '../../../shared/event/fields.ts';
import type { Expression } from '../rule.ts';
import { compileTest, testCost, type Predicate } from './field-predicate.ts';
import { FieldText, type Current } from './field-text.ts';

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
    if (expression.kind === 'field') return compileTest(fieldText(expression.field), expression.test);
    if (expression.kind === 'constant') {
      const { value } = expression;
      return () => value;
    }
    if (expression.kind === 'not') {
      const part = compile(expression.part);
      return () => !part();
    }
    const parts = cheapestFirst(expression.parts).map(compile);
    return expression.kind === 'and' ? conjunction(parts) : disjunction(parts);
  };
  return { compile };
}

/** What judging it takes at least, in no unit: only the order counts. */
function cost(expression: Expression): number {
  if (expression.kind === 'constant') return 0;
  if (expression.kind === 'field') return testCost[expression.test.kind];
  if (expression.kind === 'not') return cost(expression.part);
  return Math.min(...expression.parts.map(cost)) + 0.1 * expression.parts.length;
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
