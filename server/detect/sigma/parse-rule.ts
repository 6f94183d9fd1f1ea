import type { FieldName } from '../../../shared/event/fields.ts';
import type { DetectionRule } from '../rule.ts';
import type { FieldMap } from './field-map.ts';
import { defaultGroupBy, type Logsource, type LogsourceMap } from './logsource.ts';
import { parseCorrelation, type ParsedCorrelation } from './parse-correlation.ts';
import { parseDetection } from './parse-detection.ts';
import { parseHeader, type RuleHeader } from './parse-header.ts';
import type { Placeholders } from './parse-value.ts';
import { Refusal, type Place, type YamlEntry, type YamlNode } from './yaml-node.ts';
import { filledScalar, mapEntries, refuseUnknownKeys, scalarList, shown, valueOf } from './yaml-reading.ts';

export interface RuleContext {
  readonly fields: FieldMap;
  readonly logsources: LogsourceMap;
  readonly placeholders: Placeholders;
}

/** One document of a rule file, understood but not yet joined with the others. */
export type ParsedRule = RuleHeader & { readonly at: Place } & (
    | {
        readonly kind: 'detection';
        readonly rule: DetectionRule;
        readonly unfed: ReadonlySet<string>;
        readonly logsource: Logsource;
      }
    | { readonly kind: 'correlation'; readonly correlation: ParsedCorrelation }
  );

/** Reads one document as a detection or a correlation rule; throws a `Refusal`. */
export function parseRule(root: YamlNode, context: RuleContext): ParsedRule {
  const entries = mapEntries(root, 'rule');
  for (const kind of ['filter', 'action']) {
    const entry = entries.find(({ key }) => key === kind);
    if (entry)
      throw new Refusal(entry.at, `found "${kind}", which is not supported; allowed: detection, correlation`);
  }
  const correlation = valueOf(entries, 'correlation');
  return correlation
    ? correlationRule(root, entries, correlation, context)
    : detectionRule(root, entries, context);
}

function correlationRule(
  root: YamlNode,
  entries: readonly YamlEntry[],
  correlation: YamlNode,
  context: RuleContext,
): ParsedRule {
  const header = parseHeader(entries, ['correlation'], root);
  return {
    ...header,
    at: root.at,
    kind: 'correlation',
    correlation: parseCorrelation(correlation, context.fields),
  };
}

function detectionRule(root: YamlNode, entries: readonly YamlEntry[], context: RuleContext): ParsedRule {
  const header = parseHeader(entries, ['logsource', 'detection', 'siaga.group-by'], root);
  const source = valueOf(entries, 'logsource');
  if (!source) throw new Refusal(root.at, 'found no "logsource"');
  const detection = valueOf(entries, 'detection');
  if (!detection) throw new Refusal(root.at, 'found neither "detection" nor "correlation"');
  const logsource = parseLogsource(source);
  const { when, unfed } = parseDetection(detection, context);
  const rule: DetectionRule = {
    kind: 'detection',
    info: header.info,
    scope: context.logsources(logsource),
    when,
    groupBy: parseGroupBy(valueOf(entries, 'siaga.group-by'), context.fields) ?? defaultGroupBy(logsource),
    reports: true,
  };
  return { ...header, at: root.at, kind: 'detection', rule, unfed, logsource };
}

function parseLogsource(node: YamlNode): Logsource {
  const entries = mapEntries(node, 'logsource');
  refuseUnknownKeys(entries, ['category', 'product', 'service', 'definition'], 'logsource');
  const text = (key: string): string | null => {
    const value = valueOf(entries, key);
    return value ? filledScalar(value, key).text : null;
  };
  const logsource = { category: text('category'), product: text('product'), service: text('service') };
  if (Object.values(logsource).every((value) => value === null)) {
    throw new Refusal(node.at, 'logsource: found none of category, product, service');
  }
  return logsource;
}

/** Most fields of a key. */
const maxGroupBy = 5;

function parseGroupBy(node: YamlNode | null, fields: FieldMap): readonly FieldName[] | null {
  if (!node) return null;
  const names = scalarList(node, 'siaga.group-by');
  if (names.length > maxGroupBy)
    throw new Refusal(node.at, `siaga.group-by: found ${names.length} fields; allowed: ${maxGroupBy}`);
  return names.map(({ text, at }) => {
    const field = fields(text);
    if (field === null)
      throw new Refusal(at, `siaga.group-by: found ${shown(text)}, which is no field of an event`);
    return field;
  });
}
