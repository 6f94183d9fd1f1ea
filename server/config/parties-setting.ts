import { resolve } from 'node:path';
import type { Party, RegisteredAccount } from '../../shared/party.ts';
import type { Result } from '../../shared/result.ts';
import { parseAccountRegister } from './account-register-file.ts';
import { onCommandLine } from './command-line.ts';
import { readText } from './file-access.ts';
import { found, type Place } from './problem.ts';
import { parseRegister } from './register-file.ts';
import type { SettingContext } from './settings.ts';
import { maxRegisterBytes } from './table-file.ts';

/** The register's parties. With a configuration file a register is required; with --watch alone there may be none. */
export function partiesOf(context: SettingContext): readonly Party[] {
  const { line, file, cwd, problems } = context;
  if (line.parties !== null)
    return readRegister(
      context,
      { name: line.parties, path: resolve(cwd, line.parties), place: onCommandLine('parties') },
      parseRegister,
    );
  if (file === null) return [];
  const place = file.placeOf(['parties']);
  if (file.parties !== null) return readRegister(context, { ...file.parties, place }, parseRegister);
  if (!file.says('parties'))
    problems.report(place, 'found nothing, expected the path of the register (or --parties)');
  return [];
}

/** The accounts that the commission registered for these parties; empty when the configuration names no such register. */
export function registeredAccountsOf(
  context: SettingContext,
  parties: readonly Party[],
): readonly RegisteredAccount[] {
  const { file } = context;
  // Without parties, which are a problem of their own, every account would be another one.
  if (file === null || file.accounts === null || parties.length === 0) return [];
  const place = file.placeOf(['accounts']);
  return readRegister(context, { ...file.accounts, place }, (text, name) =>
    parseAccountRegister(text, name, parties),
  );
}

interface RegisterFile {
  /** As the operator wrote it. */
  readonly name: string;
  readonly path: string;
  readonly place: Place;
}

function readRegister<T>(
  { files, problems }: SettingContext,
  { name, path, place }: RegisterFile,
  parse: (text: string, name: string) => Result<T[]>,
): readonly T[] {
  const report = (what: string) => {
    problems.report(place, what);
    return [];
  };
  if (!/\.(?:csv|ya?ml)$/i.test(name)) return report(`${found(name)}, expected a .csv, .yaml or .yml file`);
  const text = readText(files, path, maxRegisterBytes);
  if (!text.ok) return report(`${found(name)}: ${text.message}`);
  const parsed = parse(text.value, name);
  if (parsed.ok) return parsed.value;
  problems.add(name, parsed.message.split('\n'));
  return [];
}
