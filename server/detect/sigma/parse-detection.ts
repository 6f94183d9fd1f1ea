import type { FieldName } from '../../../shared/event/fields.ts';
import { allOf, anyOf, type Expression, type FieldTest } from '../rule.ts';
import type { FieldMap } from './field-map.ts';
import { parseItemKey, type ItemKey } from './modifiers.ts';
import { parseCondition } from './parse-condition.ts';
import { parseValueTest, type Placeholders } from './parse-value.ts';
import { Refusal, type Place, type YamlEntry, type YamlNode, type YamlScalar } from './yaml-node.ts';
import { filledScalar, listed, mapEntries, scalarList, shown } from './yaml-reading.ts';

export interface DetectionContext {
  readonly fields: FieldMap;
  readonly placeholders: Placeholders;
}

export interface ParsedDetection {
  readonly when: Expression;
  /** Fields of the rule that no event has. */
  readonly unfed: ReadonlySet<string>;
}

/** Where keywords are searched: the raw line. */
const keywordField: FieldName = 'event.original';

/** Reads a rule's `detection`: its selections, joined by its condition. */
export function parseDetection(node: YamlNode, context: DetectionContext): ParsedDetection {
  const unfed = new Set<string>();
  const selections = new Map<string, Expression>();
  let condition: YamlNode | null = null;
  for (const { key, at, value } of mapEntries(node, 'detection')) {
    if (key === 'condition') condition = value;
    else if (key === 'timeframe') {
      throw new Refusal(at, 'found "timeframe"; time spans belong to a correlation rule');
    } else selections.set(key, parseSelection(value, { ...context, unfed }));
  }
  if (selections.size === 0) throw new Refusal(node.at, 'detection: found no selection');
  if (!condition) throw new Refusal(node.at, 'detection: found no "condition"');
  const parts = scalarList(condition, 'condition');
  return { when: anyOf(parts.map(({ text, at }) => parseCondition(text, selections, at))), unfed };
}

interface SelectionContext extends DetectionContext {
  readonly unfed: Set<string>;
}

function parseSelection(node: YamlNode, context: SelectionContext): Expression {
  if (node.kind === 'map') return parseItems(node.entries, node.at, context);
  if (node.kind === 'list') {
    if (node.items.length === 0)
      throw new Refusal(node.at, 'found an empty list; expected at least one value');
    return anyOf(node.items.map((item) => parseSelection(item, context)));
  }
  const keyword = filledScalar(node, 'keyword');
  return keywordTest(parseItemKey('', node.at), keyword, context);
}

function parseItems(entries: readonly YamlEntry[], at: Place, context: SelectionContext): Expression {
  if (entries.length === 0) throw new Refusal(at, 'found an empty map; expected at least one field');
  return allOf(entries.map((entry) => parseItem(entry, context)));
}

function parseItem(entry: YamlEntry, context: SelectionContext): Expression {
  const key = parseItemKey(entry.key, entry.at);
  if (entry.value.kind === 'map') {
    throw new Refusal(entry.value.at, `field ${shown(entry.key)}: found a map; expected a value or a list`);
  }
  if (key.field === null) {
    const keywords = itemValues(entry.value, key).map((value) => keywordTest(key, value, context));
    return key.all ? allOf(keywords) : anyOf(keywords);
  }
  const field = context.fields(key.field);
  if (field === null) context.unfed.add(key.field);
  const asked = (test: FieldTest): Expression =>
    field === null ? { kind: 'constant', value: test.kind === 'absent' } : { kind: 'field', field, test };
  if (entry.value.kind === 'scalar' && entry.value.value === null) {
    if (key.comparison !== 'equals') {
      throw new Refusal(
        entry.value.at,
        `found null with modifier "${key.comparison}"; null takes no modifier`,
      );
    }
    return asked({ kind: 'absent' });
  }
  const tests = itemValues(entry.value, key).flatMap((value) =>
    parseValueTest(key, value, context.placeholders),
  );
  return key.all ? allOf(tests.map(asked)) : anyOf(joined(tests).map(asked));
}

function itemValues(node: YamlNode, key: ItemKey): readonly YamlScalar[] {
  if (key.all && node.kind !== 'list') {
    throw new Refusal(node.at, 'found modifier "all" on a single value; it needs a list');
  }
  if (key.comparison === 'exists' && (node.kind !== 'scalar' || typeof node.value !== 'boolean')) {
    throw new Refusal(node.at, 'modifier "exists" takes true or false');
  }
  if (node.kind === 'list') {
    const absent = node.items.find((item) => item.kind === 'scalar' && item.value === null);
    if (absent) throw new Refusal(absent.at, 'found null in a list; it stands alone');
  }
  return scalarList(node, key.field ?? 'keywords');
}

/** A keyword is searched anywhere in the line. */
function keywordTest(key: ItemKey, value: YamlScalar, context: DetectionContext): Expression {
  const allowed = ['equals', 'contains', 're'];
  if (!allowed.includes(key.comparison)) {
    throw new Refusal(
      key.at,
      `found keywords with "${key.comparison}"; allowed: ${listed(allowed.slice(1))}`,
    );
  }
  const anywhere: ItemKey = key.comparison === 'equals' ? { ...key, comparison: 'contains' } : key;
  const tests = parseValueTest(anywhere, value, context.placeholders);
  return anyOf(tests.map((test) => ({ kind: 'field', field: keywordField, test })));
}

/** Tests of one kind over lists of texts become one test over one list. */
function joined(tests: readonly FieldTest[]): FieldTest[] {
  const byKind = new Map<string, Extract<FieldTest, { values: readonly string[] }>>();
  const others: FieldTest[] = [];
  for (const test of tests) {
    if ('values' in test) {
      const known = byKind.get(test.kind);
      byKind.set(test.kind, known ? { ...known, values: [...known.values, ...test.values] } : test);
    } else if (test.kind === 'cidr') {
      const known = others.findIndex(({ kind }) => kind === 'cidr');
      const before = others[known];
      if (before?.kind === 'cidr')
        others[known] = { ...before, networks: [...before.networks, ...test.networks] };
      else others.push(test);
    } else others.push(test);
  }
  return [...byKind.values(), ...others];
}
