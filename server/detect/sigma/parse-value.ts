import { RE2JS, RE2JSException } from 're2js';
import { parseNetwork } from '../match/cidr.ts';
import type { Comparison, FieldTest, LinearRegex } from '../rule.ts';
import type { ItemKey, ValueComparison } from './modifiers.ts';
import { textTest } from './wildcards.ts';
import { Refusal, type YamlScalar } from './yaml-node.ts';
import { listed, shown } from './yaml-reading.ts';

/** Values of `%name%` placeholders, by name. */
export type Placeholders = ReadonlyMap<string, readonly string[]>;

/** Longest pattern, and largest compiled program (in RE2 instructions), of a regular expression. */
export const maxPatternLength = 4_000;
export const maxProgramSize = 20_000;

/** Reads one value of a detection item; several tests when a placeholder stands for several values. */
export function parseValueTest(key: ItemKey, value: YamlScalar, placeholders: Placeholders): FieldTest[] {
  const { comparison } = key;
  if (comparison === 'exists') return [{ kind: value.value === true ? 'present' : 'absent' }];
  if (comparison === 're') return [{ kind: 're', regex: compileRegex(value, key.flags) }];
  if (comparison === 'cidr') return [cidrTest(value)];
  return expanded(key, value, placeholders).map((text) =>
    isNumeric(comparison)
      ? { kind: 'compare', operator: comparison, than: numberOf(text, comparison, value) }
      : textTest(text, comparison, key.cased),
  );
}

const isNumeric = (comparison: ValueComparison): comparison is Comparison =>
  comparison === 'gt' || comparison === 'gte' || comparison === 'lt' || comparison === 'lte';

function numberOf(text: string, operator: Comparison, { at }: YamlScalar): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(number)) return number;
  throw new Refusal(at, `modifier "${operator}": found ${shown(text)}; expected a number`);
}

function cidrTest(value: YamlScalar): FieldTest {
  const network = parseNetwork(value.text);
  if (typeof network === 'string')
    throw new Refusal(value.at, `cidr: found ${shown(value.text)}: ${network}`);
  return { kind: 'cidr', networks: [network] };
}

function expanded(key: ItemKey, value: YamlScalar, placeholders: Placeholders): string[] {
  if (!key.expand) return [value.text];
  let texts = [value.text];
  for (const [placeholder, name = ''] of value.text.matchAll(/%([^%\s]+)%/g)) {
    const replacements = placeholders.get(name);
    if (!replacements) {
      throw new Refusal(
        value.at,
        `found placeholder ${shown(placeholder)}, which has no value here; known: ${listed(placeholders.keys())}`,
      );
    }
    texts = texts.flatMap((text) =>
      replacements.map((replacement) => text.replace(placeholder, () => replacement)),
    );
  }
  return texts;
}

function compileRegex(value: YamlScalar, flags: ReadonlySet<string>): LinearRegex {
  const { text, at } = value;
  if (text.length > maxPatternLength) {
    throw new Refusal(at, `found a pattern of ${text.length} characters; allowed: ${maxPatternLength}`);
  }
  try {
    const regex = RE2JS.compile(
      text,
      (flags.has('i') ? RE2JS.CASE_INSENSITIVE : 0) |
        (flags.has('m') ? RE2JS.MULTILINE : 0) |
        (flags.has('s') ? RE2JS.DOTALL : 0),
    );
    if (regex.programSize() > maxProgramSize) {
      throw new Refusal(at, `found a pattern that compiles to more than ${maxProgramSize} instructions`);
    }
    return regex;
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new Refusal(at, `found a pattern that RE2 (linear-time matching) can't express: ${error.message}`);
  }
}
