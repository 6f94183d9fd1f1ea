import { resolve } from 'node:path';
import type { Party } from '../../shared/party.ts';
import { onCommandLine } from './command-line.ts';
import { readText } from './file-access.ts';
import { found, type Place } from './problem.ts';
import { maxRegisterBytes, parseRegister } from './register-file.ts';
import type { SettingContext } from './settings.ts';

/** The register's parties. With a configuration file a register is required; with --watch alone there may be none. */
export function partiesOf(context: SettingContext): readonly Party[] {
  const { line, file, cwd, problems } = context;
  if (line.parties !== null)
    return readRegister(context, {
      name: line.parties,
      path: resolve(cwd, line.parties),
      place: onCommandLine('parties'),
    });
  if (file === null) return [];
  const place = file.placeOf(['parties']);
  if (file.parties !== null) return readRegister(context, { ...file.parties, place });
  if (!file.says('parties'))
    problems.report(place, 'found nothing, expected the path of the register (or --parties)');
  return [];
}

interface RegisterFile {
  /** As the operator wrote it. */
  readonly name: string;
  readonly path: string;
  readonly place: Place;
}

function readRegister(
  { files, problems }: SettingContext,
  { name, path, place }: RegisterFile,
): readonly Party[] {
  const report = (what: string) => {
    problems.report(place, what);
    return [];
  };
  if (!/\.(?:csv|ya?ml)$/i.test(name)) return report(`${found(name)}, expected a .csv, .yaml or .yml file`);
  const text = readText(files, path, maxRegisterBytes);
  if (!text.ok) return report(`${found(name)}: ${text.message}`);
  const parties = parseRegister(text.value, name);
  if (parties.ok) return parties.value;
  problems.add(name, parties.message.split('\n'));
  return [];
}
