import { readOptions, repetitionProblem, type OptionSpecs } from '../config/option-reader.ts';
import { visible } from '../log.ts';
import { exitCodes, type CommandIo } from './command.ts';

/** The arguments of a command: what is no option, and the options by name. */
export interface Arguments<S extends OptionSpecs> {
  readonly positionals: readonly string[];
  /** The option's value, `null` when it was not given. */
  one(name: keyof S & string): string | null;
  all(name: keyof S & string): readonly string[];
  has(name: keyof S & string): boolean;
}

/** A call that can't be understood; the dispatcher prints its sentences and ends with exit code 2. */
export class UsageProblem extends Error {
  readonly problems: readonly string[];
  constructor(...problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Reads a command's arguments; throws `UsageProblem` with all that can't be understood. */
export function readArguments<const S extends OptionSpecs>(args: readonly string[], specs: S): Arguments<S> {
  const { values, positionals, problems } = readOptions(args, specs, { positionals: true });
  const repeated = [...values].flatMap(([name, all]) => {
    const problem = specs[name]?.multiple || specs[name]?.type === 'boolean' ? null : repetitionProblem(all);
    return problem === null ? [] : [`--${name}: ${problem}`];
  });
  if (problems.length + repeated.length > 0) throw new UsageProblem(...problems, ...repeated);
  return {
    positionals,
    one: (name) => values.get(name)?.[0] ?? null,
    all: (name) => values.get(name) ?? [],
    has: (name) => values.has(name),
  };
}

/** Prints why a call of the command is refused, and resolves with the exit code for it. */
export async function refuse(io: CommandIo, name: string, problems: readonly string[]): Promise<number> {
  for (const problem of problems) await io.stderr.write(`siaga ${name}: ${visible(problem)}\n`);
  return exitCodes.usage;
}
