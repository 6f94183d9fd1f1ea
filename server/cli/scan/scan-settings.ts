import { resolve } from 'node:path';
import type { Party } from '../../../shared/party.ts';
import type {
  Configuration,
  FieldMapping,
  GeoConfiguration,
  LoginRecognition,
  SourceFormat,
} from '../../config/configuration.ts';
import { defaultAlertScore, defaultGeo, defaultLogins } from '../../config/defaults.ts';
import { loadConfiguration } from '../../config/load-configuration.ts';
import { UsageProblem } from '../arguments.ts';
import type { CommandIo } from '../command.ts';

/** How one file is read. */
export interface FileSettings {
  readonly format: SourceFormat;
  readonly zone?: string;
  readonly fields?: FieldMapping;
  readonly logins: LoginRecognition | null;
  readonly trustedProxies: readonly string[];
}

/** What a scan is made with. */
export interface ScanSettings {
  readonly parties: readonly Party[];
  readonly geo: GeoConfiguration;
  /** Folders of rules beside the shipped ones. */
  readonly ruleDirs: readonly string[];
  readonly signalAlertScore: number;
  /** Settings of the file of that name. */
  of(name: string): FileSettings;
}

export interface ScanOptions {
  readonly config: string | null;
  readonly parties: string | null;
  readonly ruleDirs: readonly string[];
  /** For every file; `null` leaves it to the configuration. */
  readonly format: SourceFormat | null;
}

/**
 * Reads configuration and register, and throws `UsageProblem` with every problem in them. A file that the configuration names as
 * a source is read as that source would be; of any other, logins are recognised as by default.
 */
export function readScanSettings(options: ScanOptions, io: CommandIo): ScanSettings {
  const configuration = configurationOf(options, io);
  return {
    parties: configuration?.parties ?? [],
    geo: configuration?.geo ?? defaultGeo,
    ruleDirs: [...(configuration?.ruleDirs ?? []), ...options.ruleDirs.map((dir) => resolve(io.cwd, dir))],
    signalAlertScore: configuration?.signalAlertScore ?? defaultAlertScore,
    of: (name) => {
      const settings = settingsOf(configuration, resolve(io.cwd, name));
      return options.format === null ? settings : { ...settings, format: options.format };
    },
  };
}

function settingsOf(configuration: Configuration | null, path: string): FileSettings {
  const source = configuration?.sources.find((each) => each.kind === 'file' && each.paths.includes(path));
  if (!source) {
    const trustedProxies = configuration?.trustedProxies ?? [];
    return { format: 'auto', logins: defaultLogins, trustedProxies };
  }
  const { format, logins, trustedProxies, zone, fields } = source;
  return { format, logins, trustedProxies, ...(zone && { zone }), ...(fields && { fields }) };
}

function configurationOf({ config, parties }: ScanOptions, io: CommandIo): Configuration | null {
  if (config === null && parties === null) return null;
  // A register alone is read as the start with --watch would: any path whose folder exists will do for it.
  const given = config === null ? ['--watch', resolve(io.cwd, 'access.log')] : ['--config', config];
  const loaded = loadConfiguration({
    argv: parties === null ? given : [...given, '--parties', parties],
    env: io.env,
    cwd: io.cwd,
    newToken: () => '',
  });
  if (!loaded.ok) throw new UsageProblem(...loaded.message.split('\n'));
  return loaded.value.kind === 'run' ? loaded.value.configuration : null;
}
