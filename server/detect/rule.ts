import type { FieldName } from '../../shared/event/fields.ts';
import type { RuleInfo } from './detection.ts';
import type { Network } from './match/cidr.ts';
import type { GlobPattern } from './match/glob.ts';

/** A compiled regular expression; `test` is unanchored and takes time linear in the text. */
export interface LinearRegex {
  test(text: string): boolean;
}

/** One question about one field. Texts are compared without regard to case unless `cased`. */
export type FieldTest =
  | { readonly kind: 'absent' }
  | { readonly kind: 'present' }
  | { readonly kind: 'equals'; readonly values: readonly string[]; readonly cased: boolean }
  | { readonly kind: 'contains'; readonly values: readonly string[]; readonly cased: boolean }
  | { readonly kind: 'startswith'; readonly values: readonly string[]; readonly cased: boolean }
  | { readonly kind: 'endswith'; readonly values: readonly string[]; readonly cased: boolean }
  | { readonly kind: 'glob'; readonly pattern: GlobPattern; readonly cased: boolean }
  | { readonly kind: 're'; readonly regex: LinearRegex }
  | { readonly kind: 'cidr'; readonly networks: readonly Network[] }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly than: number };

/** Sigma's numeric modifiers. */
export type Comparison = 'gt' | 'gte' | 'lt' | 'lte';

/** What a rule asks of an event: pure and free of side effects, so its parts may be judged in any order. */
export type Expression =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'and'; readonly parts: readonly Expression[] }
  | { readonly kind: 'or'; readonly parts: readonly Expression[] }
  | { readonly kind: 'not'; readonly part: Expression }
  | { readonly kind: 'field'; readonly field: FieldName; readonly test: FieldTest };

/** Which events a rule sees: those of one of the datasets and, unless `null`, of the category. */
export interface EventScope {
  readonly datasets: readonly string[];
  readonly category: string | null;
}

/** A rule that judges single events. */
export interface DetectionRule {
  readonly kind: 'detection';
  readonly info: RuleInfo;
  readonly scope: EventScope;
  readonly when: Expression;
  /** What makes two matches the same episode; fields that an event lacks are left out of the key. */
  readonly groupBy: readonly FieldName[];
  /** False for the base of a correlation, which raises nothing by itself. */
  readonly reports: boolean;
}

/** What a correlation counts: events, or distinct values (tuples when there are several fields). */
export type Counting =
  { readonly kind: 'event_count' } | { readonly kind: 'value_count'; readonly fields: readonly FieldName[] };

/** A rule that judges how often other rules match within a time span. */
export interface CorrelationRule {
  readonly kind: 'correlation';
  readonly info: RuleInfo;
  /** Ids of the detection rules whose matches are counted. */
  readonly bases: readonly string[];
  readonly counting: Counting;
  /** An event that lacks one of these takes no part. */
  readonly groupBy: readonly FieldName[];
  readonly timespanMs: number;
  /** The condition holds from this count on. */
  readonly atLeast: number;
}

export type Rule = DetectionRule | CorrelationRule;

/** Conjunction, flattened where there is nothing to join. */
export const allOf = (parts: readonly Expression[]): Expression => join('and', parts);
/** Disjunction, flattened where there is nothing to join. */
export const anyOf = (parts: readonly Expression[]): Expression => join('or', parts);

function join(kind: 'and' | 'or', parts: readonly Expression[]): Expression {
  const [first] = parts;
  if (first === undefined) return { kind: 'constant', value: kind === 'and' };
  return parts.length === 1 ? first : { kind, parts };
}

/** Whether any event could make the expression come to `wanted`, as far as its constants tell. */
export function canBe(expression: Expression, wanted: boolean): boolean {
  if (expression.kind === 'constant') return expression.value === wanted;
  if (expression.kind === 'field') return true;
  if (expression.kind === 'not') return canBe(expression.part, !wanted);
  const able = (part: Expression): boolean => canBe(part, wanted);
  const needsAll = (expression.kind === 'and') === wanted;
  return needsAll ? expression.parts.every(able) : expression.parts.some(able);
}
