import type { FieldName } from '../../../shared/event/fields.ts';
import type { Counting } from '../rule.ts';
import type { FieldMap } from './field-map.ts';
import { Refusal, type YamlEntry, type YamlNode, type YamlScalar } from './yaml-node.ts';
import {
  filledScalar,
  listed,
  mapEntries,
  refuseUnknownKeys,
  scalarList,
  shown,
  valueOf,
} from './yaml-reading.ts';

const types = ['event_count', 'value_count'] as const;
const operators = ['gt', 'gte'] as const;
const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Longest time span of a correlation: a restart must read that far back. */
export const maxTimespanMs = 7 * 86_400_000;
/** Largest thresholds: a key's window holds as many times, or values. */
export const maxEventThreshold = 10_000;
export const maxValueThreshold = 1_000;

/** A correlation as it is written, its base rules still by name. */
export interface ParsedCorrelation {
  readonly references: readonly YamlScalar[];
  readonly counting: Counting;
  readonly groupBy: readonly FieldName[];
  readonly timespanMs: number;
  readonly atLeast: number;
  /** Whether the base rules report by themselves too. */
  readonly generate: boolean;
  /** Fields it groups by or counts that no event has: then it can never fire. */
  readonly unfed: ReadonlySet<string>;
}

/** Reads a rule's `correlation` (Sigma 2.1, "Correlation"). */
export function parseCorrelation(node: YamlNode, fieldMap: FieldMap): ParsedCorrelation {
  const entries = mapEntries(node, 'correlation');
  refuseUnknownKeys(
    entries,
    ['type', 'rules', 'group-by', 'timespan', 'condition', 'generate'],
    'correlation',
  );
  const needed = (key: string): YamlNode => {
    const value = valueOf(entries, key);
    if (!value) throw new Refusal(node.at, `correlation: found no "${key}"`);
    return value;
  };
  const unfed = new Set<string>();
  const fields = (list: YamlNode, what: string): FieldName[] =>
    scalarList(list, what).flatMap(({ text }) => {
      const field = fieldMap(text);
      if (field === null) unfed.add(text);
      return field ?? [];
    });
  const type = parseType(needed('type'));
  const condition = parseThreshold(needed('condition'), type);
  const groupBy = valueOf(entries, 'group-by');
  return {
    references: scalarList(needed('rules'), 'rules'),
    counting: condition.field
      ? { kind: 'value_count', fields: fields(condition.field, 'field') }
      : { kind: 'event_count' },
    groupBy: groupBy ? fields(groupBy, 'group-by') : [],
    timespanMs: parseTimespan(needed('timespan')),
    atLeast: condition.atLeast,
    generate: parseGenerate(entries),
    unfed,
  };
}

function parseType(node: YamlNode): CorrelationType {
  const { text, at } = filledScalar(node, 'type');
  const type = types.find((known) => known === text);
  if (!type)
    throw new Refusal(
      at,
      `found correlation type ${shown(text)}, which is not supported; allowed: ${listed(types)}`,
    );
  return type;
}

type CorrelationType = (typeof types)[number];

function parseThreshold(node: YamlNode, type: CorrelationType): { atLeast: number; field: YamlNode | null } {
  if (node.kind !== 'map') {
    throw new Refusal(
      node.at,
      `correlation condition: found a text, which is not supported; expected a map with ${listed(operators)}`,
    );
  }
  const field = valueOf(node.entries, 'field');
  if (type === 'value_count' && !field) {
    throw new Refusal(node.at, 'value_count: found no "field" in its condition');
  }
  if (type === 'event_count' && field) {
    throw new Refusal(field.at, 'event_count: found "field", which belongs to value_count');
  }
  const thresholds = node.entries.filter(({ key }) => key !== 'field');
  const [threshold] = thresholds;
  const operator = operators.find((known) => known === threshold?.key);
  if (!threshold || !operator || thresholds.length > 1) {
    const found = shown(thresholds.map(({ key }) => key).join(' and '));
    throw new Refusal(
      threshold?.at ?? node.at,
      `found correlation condition ${found}, which is not supported; allowed: one of ${listed(operators)}`,
    );
  }
  return { atLeast: parseLeast(threshold.value, operator, type), field };
}

function parseLeast(node: YamlNode, operator: (typeof operators)[number], type: CorrelationType): number {
  const { value, text, at } = filledScalar(node, operator);
  const max = type === 'event_count' ? maxEventThreshold : maxValueThreshold;
  const atLeast = Number(value) + (operator === 'gt' ? 1 : 0);
  if (typeof value !== 'number' || !Number.isInteger(atLeast) || atLeast < 1 || atLeast > max) {
    throw new Refusal(
      at,
      `${operator}: found ${shown(text)}; expected a whole number by which 1 to ${max} are needed`,
    );
  }
  return atLeast;
}

function parseTimespan(node: YamlNode): number {
  const { text, at } = filledScalar(node, 'timespan');
  const match = /^([1-9]\d{0,8})([smhd])$/.exec(text);
  const spanMs = match ? Number(match[1]) * (unitMs[match[2] ?? ''] ?? 0) : 0;
  if (spanMs === 0 || spanMs > maxTimespanMs) {
    throw new Refusal(at, `timespan: found ${shown(text)}; expected a number and s, m, h or d, at most 7d`);
  }
  return spanMs;
}

function parseGenerate(entries: readonly YamlEntry[]): boolean {
  const node = valueOf(entries, 'generate');
  if (!node) return false;
  const { value, text, at } = filledScalar(node, 'generate');
  if (typeof value !== 'boolean')
    throw new Refusal(at, `generate: found ${shown(text)}; expected true or false`);
  return value;
}
