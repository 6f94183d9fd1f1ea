import type { RuleProblem } from '../detection.ts';
import { canBe, type CorrelationRule, type DetectionRule, type Rule } from '../rule.ts';
import { siagaFields, type FieldMap } from './field-map.ts';
import { siagaLogsources, type Logsource, type LogsourceMap } from './logsource.ts';
import { parseRule, type ParsedRule } from './parse-rule.ts';
import type { Placeholders } from './parse-value.ts';
import { readYaml, Refusal, type Place, type YamlNode, type YamlScalar } from './yaml-node.ts';
import { shown } from './yaml-reading.ts';

/** The text of a rule file, and its name for messages. */
export interface RuleFile {
  readonly file: string;
  readonly text: string;
}

/** A rule that loaded although nothing feeds a part of it. */
export interface UnfedRule {
  readonly ruleId: string;
  readonly title: string;
  readonly file: string;
  /** Its fields that no event has. */
  readonly fields: readonly string[];
  /** Its logsource when no source feeds it, as text; otherwise `null`. */
  readonly logsource: string | null;
  /** False when it can never fire; true when only a part of it is dead. */
  readonly canFire: boolean;
}

export interface LoadedRules {
  readonly rules: readonly Rule[];
  readonly problems: readonly RuleProblem[];
  readonly unfed: readonly UnfedRule[];
}

export interface ReadRulesOptions {
  readonly fields?: FieldMap;
  readonly logsources?: LogsourceMap;
  readonly placeholders?: Placeholders;
}

type Located<T> = T & { readonly file: string };
type LocatedDetection = Located<Extract<ParsedRule, { kind: 'detection' }>>;
type LocatedCorrelation = Located<Extract<ParsedRule, { kind: 'correlation' }>>;

/** Reads rules that may refer to each other across files. A rule that is refused is a problem; the others load. */
export function readRules(files: readonly RuleFile[], options: ReadRulesOptions = {}): LoadedRules {
  const problems: RuleProblem[] = [];
  const parsed = refuseDuplicates(
    files.flatMap((file) => parseFile(file, options, problems)),
    problems,
  );
  const detections = parsed.filter((rule) => rule.kind === 'detection');
  const correlations = parsed.filter((rule) => rule.kind === 'correlation');
  const joined: { rule: CorrelationRule; source: LocatedCorrelation; bases: LocatedDetection[] }[] = [];
  for (const source of correlations) {
    attempt(problems, source.file, () => {
      const bases = source.correlation.references.map((reference) =>
        findBase(reference, detections, correlations),
      );
      joined.push({ rule: correlationOf(source, bases), source, bases });
    });
  }
  const silent = new Set(joined.flatMap(({ bases }) => bases));
  for (const { source, bases } of joined) {
    if (source.correlation.generate) for (const base of bases) silent.delete(base);
  }
  // The base of a correlation that was refused stays silent too: it was never meant to report by itself.
  for (const base of basesOfRefused(correlations, joined, detections)) silent.add(base);
  const rules = detections.map((source): DetectionRule => ({ ...source.rule, reports: !silent.has(source) }));
  return {
    rules: [...rules, ...joined.map(({ rule }) => rule)],
    problems,
    unfed: [
      ...detections.flatMap(unfedDetection),
      ...joined.flatMap(({ source, bases }) => unfedCorrelation(source, bases)),
    ],
  };
}

function parseFile(
  { file, text }: RuleFile,
  options: ReadRulesOptions,
  problems: RuleProblem[],
): Located<ParsedRule>[] {
  const context = {
    fields: options.fields ?? siagaFields,
    logsources: options.logsources ?? siagaLogsources,
    placeholders: options.placeholders ?? new Map<string, string[]>(),
  };
  const documents: (YamlNode | Refusal)[] = readYaml(text);
  return documents.flatMap(
    (document) =>
      attempt(problems, file, () => {
        if (document instanceof Refusal) throw document;
        return { ...parseRule(document, context), file };
      }) ?? [],
  );
}

function attempt<T>(problems: RuleProblem[], file: string, read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    problems.push({ file, ...error.at, message: error.message });
    return null;
  }
}

function refuseDuplicates(
  rules: readonly Located<ParsedRule>[],
  problems: RuleProblem[],
): Located<ParsedRule>[] {
  const first = new Map<string, { file: string; at: Place }>();
  return rules.filter(({ info, file, at }) => {
    const known = first.get(info.id);
    if (!known) {
      first.set(info.id, { file, at });
      return true;
    }
    const message = `found id ${shown(info.id)} again; it is the rule at ${known.file}:${known.at.line}`;
    problems.push({ file, ...at, message });
    return false;
  });
}

const isCalled = (name: string) => (rule: ParsedRule) => rule.info.id === name || rule.name === name;

function findBase(
  { text, at }: YamlScalar,
  detections: readonly LocatedDetection[],
  correlations: readonly LocatedCorrelation[],
): LocatedDetection {
  const base = detections.find(isCalled(text));
  if (base) return base;
  if (correlations.some(isCalled(text))) {
    throw new Refusal(
      at,
      `rules: found ${shown(text)}, a correlation; a chain of correlations is not supported`,
    );
  }
  throw new Refusal(at, `rules: found ${shown(text)}; no rule of that id or name was loaded`);
}

function correlationOf(source: LocatedCorrelation, bases: readonly LocatedDetection[]): CorrelationRule {
  const { counting, groupBy, timespanMs, atLeast, unfed } = source.correlation;
  // Without one of its fields no event can take part, so that it must hear none.
  const ids = unfed.size > 0 ? [] : [...new Set(bases.map(({ info }) => info.id))];
  return { kind: 'correlation', info: source.info, bases: ids, counting, groupBy, timespanMs, atLeast };
}

function basesOfRefused(
  correlations: readonly LocatedCorrelation[],
  joined: readonly { source: LocatedCorrelation }[],
  detections: readonly LocatedDetection[],
): LocatedDetection[] {
  const refused = correlations.filter((source) => !joined.some((one) => one.source === source));
  const names = new Set(refused.flatMap(({ correlation }) => correlation.references.map(({ text }) => text)));
  return detections.filter(({ info, name }) => names.has(info.id) || (name !== null && names.has(name)));
}

const logsourceText = (logsource: Logsource): string =>
  Object.entries(logsource)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ');

const isHeard = ({ rule }: LocatedDetection): boolean => rule.scope.datasets.length > 0;
const canMatch = (source: LocatedDetection): boolean => isHeard(source) && canBe(source.rule.when, true);

function unfedDetection(source: LocatedDetection): UnfedRule[] {
  if (isHeard(source) && source.unfed.size === 0) return [];
  return [
    {
      ruleId: source.info.id,
      title: source.info.title.en,
      file: source.file,
      fields: [...source.unfed],
      logsource: isHeard(source) ? null : logsourceText(source.logsource),
      canFire: canMatch(source),
    },
  ];
}

function unfedCorrelation(source: LocatedCorrelation, bases: readonly LocatedDetection[]): UnfedRule[] {
  const { unfed } = source.correlation;
  const canFire = unfed.size === 0 && bases.some(canMatch);
  if (canFire) return [];
  return [
    {
      ruleId: source.info.id,
      title: source.info.title.en,
      file: source.file,
      fields: [...unfed],
      logsource: null,
      canFire,
    },
  ];
}
