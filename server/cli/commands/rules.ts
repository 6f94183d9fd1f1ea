import { stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { RuleProblem } from '../../detect/detection.ts';
import { loadRules, shippedRulesDir, type LoadedRules } from '../../detect/load-rules.ts';
import { visible } from '../../log.ts';
import { readArguments, UsageProblem } from '../arguments.ts';
import { exitCodes, type Command, type CommandIo } from '../command.ts';
import { reasonOf } from '../log-files.ts';

const help = `Usage: siaga rules check DIR

Reads every rule (*.yml, *.yaml) below the folder as the server would, beside the rules that come with Siaga, and prints each
problem as file:line:column: message. What loads although nothing feeds it, and so can't fire, is a note. *.fixture.yml are test
cases and not read.

  --help           show this

Exit code: 0 every rule loads, 1 a rule is refused, 2 the folder can't be read or the call is wrong.
`;

/** `siaga rules check`: whether a folder of rules loads. */
export const rules: Command = {
  name: 'rules',
  summary: 'check a folder of Sigma rules',
  help,
  run: async (args, io) => {
    const [verb, dir, ...more] = readArguments(args, {}).positionals;
    if (verb !== 'check') throw new UsageProblem('expected: siaga rules check DIR');
    if (dir === undefined || more.length > 0)
      throw new UsageProblem(`found ${dir === undefined ? 0 : more.length + 1} folders, expected one DIR`);
    await mustBeFolder(dir, io.cwd);
    return check(dir, io);
  },
};

async function mustBeFolder(dir: string, cwd: string): Promise<void> {
  const stats = await stat(resolve(cwd, dir)).catch((error: unknown) => {
    throw new UsageProblem(`${dir}: ${reasonOf(error)}`.replace('no such file', 'no such folder'));
  });
  if (!stats.isDirectory()) throw new UsageProblem(`${dir}: found a file, expected a folder`);
}

async function check(dir: string, io: CommandIo): Promise<number> {
  const { problems, unfed, count } = loadBesideShipped(dir, io.cwd);
  for (const problem of problems) await io.stdout.write(`${visible(printed(problem))}\n`);
  for (const { file, title, fields, logsource, canFire } of unfed) {
    const missing = [
      ...(logsource === null ? [] : [`no source of ${logsource}`]),
      ...(fields.length === 0 ? [] : [`no field ${fields.join(', ')}`]),
    ];
    const dead = canFire ? 'a part of it is dead' : 'it can not fire';
    await io.stdout.write(
      visible(`${file}: note: "${title}": ${dead}: ${missing.join('; ') || 'its rules are not fed'}`) + '\n',
    );
  }
  await io.stdout.write(`${count} rules load, ${problems.length} refused\n`);
  return problems.length > 0 ? exitCodes.no : exitCodes.ok;
}

/** A folder of the shipped rules is judged with the others that are shipped; no rule is read twice. */
function loadBesideShipped(
  dir: string,
  cwd: string,
): Pick<LoadedRules, 'problems' | 'unfed'> & { readonly count: number } {
  const isShipped = !relative(shippedRulesDir, resolve(cwd, dir)).startsWith('..');
  const shipped = isShipped ? { rules: [] } : loadRules([shippedRulesDir]);
  const loaded = loadRules(isShipped ? [dir] : [shippedRulesDir, dir]);
  const isOwn = ({ file }: { readonly file: string }): boolean =>
    !file.startsWith(shippedRulesDir) || isShipped;
  return {
    problems: loaded.problems.filter(isOwn),
    unfed: loaded.unfed.filter(isOwn),
    count: loaded.rules.length - shipped.rules.length,
  };
}

/** `file:line:column: message`; what is wrong with the whole file stands at its beginning. */
export const printed = ({ file, line, column, message }: RuleProblem): string =>
  `${file}:${line ?? 1}:${column ?? 1}: ${message}`;
