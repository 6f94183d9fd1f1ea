import { parseArgs } from 'node:util';
import { found, unknownWord } from './problem.ts';

/** What an option takes: a value, or nothing. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** May be given more than once. */
  readonly multiple?: boolean;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** Arguments as given, not yet judged: option name to its values in order, and what is no option. */
export interface GivenOptions {
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly positionals: readonly string[];
  /** What can't be understood, one sentence each: `--wach: unknown option, did you mean --watch?`. */
  readonly problems: readonly string[];
}

/** Reads arguments by the options there are; all that can't be understood is a problem, safe to print. */
export function readOptions(
  argv: readonly string[],
  specs: OptionSpecs,
  { positionals: allowed }: { readonly positionals: boolean },
): GivenOptions {
  const options = Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, { ...spec }]));
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  const problems: string[] = [];
  let isUnderstood = true;
  for (const token of tokens) {
    if (token.kind === 'positional') {
      // What stands behind an option that isn't understood is most likely its value, and no problem of its own.
      if (allowed) positionals.push(token.value);
      else if (isUnderstood) problems.push(`${found(token.value)}, expected an option`);
    }
    const problem = token.kind === 'option' ? optionProblem(token, specs) : null;
    isUnderstood = problem === null;
    if (problem !== null) problems.push(problem);
    else if (token.kind === 'option')
      values.set(token.name, [...(values.get(token.name) ?? []), token.value ?? '']);
  }
  return { values, positionals, problems };
}

/** What is wrong with an option that was given more often than it may be; `null` when nothing is. */
export function repetitionProblem(values: readonly string[]): string | null {
  return values.length > 1 ? `found ${values.length} times, expected once` : null;
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function optionProblem(
  { name, rawName, value, inlineValue }: OptionToken,
  specs: OptionSpecs,
): string | null {
  const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
  if (spec === undefined) {
    const spellings = Object.keys(specs).map((known) => `--${known}`);
    return `${printable(rawName)}: ${unknownWord('option', rawName, spellings)}`;
  }
  if (spec.type === 'boolean')
    return value === undefined ? null : `${rawName}: ${found(value)}, expected no value`;
  const missing = value === undefined || value === '' || (!inlineValue && value.startsWith('--'));
  return missing ? `${rawName}: found nothing, expected a value` : null;
}

const printable = (text: string) => (/^[\w-]{1,60}$/.test(text) ? text : found(text).slice('found '.length));
