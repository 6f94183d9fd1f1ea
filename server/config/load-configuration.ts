import { resolve } from 'node:path';
import * as z from 'zod/mini';
import type { Party } from '../../shared/party.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { commandLineName, helpText, readCommandLine, type CommandLine } from './command-line.ts';
import { readConfigFile, type FileSettings } from './config-file.ts';
import type { Configuration, SourceConfiguration } from './configuration.ts';
import { defaultAlertScore, defaultDataDir, defaultHost, defaultPort } from './defaults.ts';
import { nodeFiles, readText, type FileAccess } from './file-access.ts';
import { hostSchema, portSchema } from './file-schema.ts';
import { maxSources } from './limits.ts';
import { placeholderParties } from './placeholder-parties.ts';
import { createProblems, found, type Place, type Problems } from './problem.ts';
import { maxRegisterBytes, parseRegister } from './register-file.ts';
import { simulationSourceList } from './simulation.ts';
import { tokenSha256 } from './token.ts';
import { warningsOf } from './warnings.ts';
import { readWatched, type PlacedSource } from './watched-file.ts';

/** What the server was asked to do. */
export type StartUp =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version' }
  | {
      readonly kind: 'run';
      readonly configuration: Configuration;
      /** The bearer token with which the simulator may post to `sipol`; `null` in production. */
      readonly simulationToken: string | null;
      /** What the operator should see at the start, one sentence each. */
      readonly warnings: readonly string[];
    };

/** What a configuration is made from. */
export interface Given {
  /** Arguments after the script's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** An unguessable token of at least 24 printable characters, new at each call. */
  readonly newToken: () => string;
  readonly files?: FileAccess;
}

type Context = Given & { readonly files: FileAccess; readonly problems: Problems };

/**
 * Reads command line, environment and file into a configuration; an option wins over the environment, that over the file,
 * that over the default. When anything is wrong, nothing is started: the message holds every problem, one a line.
 */
export function loadConfiguration(given: Given): Result<StartUp, 'bad-configuration'> {
  const problems = createProblems();
  const context: Context = { ...given, files: given.files ?? nodeFiles, problems };
  const line = readCommandLine(given.argv, problems);
  if (line.help) return ok({ kind: 'help', text: helpText });
  if (line.version) return ok({ kind: 'version' });
  const file = line.config === null ? null : readConfigFile({ ...context, name: line.config });
  const startUp =
    line.config === null && line.watch.length === 0
      ? simulation(context, line)
      : production(context, line, file);
  const lines = problems.lines();
  return lines.length > 0 ? fail('bad-configuration', lines.join('\n')) : ok(startUp);
}

function simulation(context: Context, line: CommandLine): StartUp {
  if (line.parties !== null)
    context.problems.report(
      onCommandLine('--parties'),
      `${found(line.parties)} without a source, expected --config or --watch beside it`,
    );
  const token = context.newToken();
  const dataDir = dataDirOf(context, line, null);
  const configuration: Configuration = {
    mode: 'simulation',
    dataDir,
    server: serverOf(context, line, null),
    parties: placeholderParties,
    ruleDirs: [],
    sources: simulationSourceList(dataDir, tokenSha256(token)),
    signalAlertScore: defaultAlertScore,
  };
  return { kind: 'run', configuration, simulationToken: token, warnings: warningsOf(configuration, []) };
}

function production(context: Context, line: CommandLine, file: FileSettings | null): StartUp {
  const configuration: Configuration = {
    mode: 'production',
    dataDir: dataDirOf(context, line, file),
    server: serverOf(context, line, file),
    parties: partiesOf(context, line, file),
    ruleDirs: file?.ruleDirs ?? [],
    sources: sourcesOf(context, line, file),
    signalAlertScore: file?.alertScore ?? defaultAlertScore,
  };
  const warnings = warningsOf(configuration, file?.loginsByDefault ?? []);
  return { kind: 'run', configuration, simulationToken: null, warnings };
}

function serverOf(context: Context, line: CommandLine, file: FileSettings | null): Configuration['server'] {
  const origins = file?.origins ?? [];
  const port = chosen(context, line.port, '--port', 'SIAGA_PORT');
  const host = chosen(context, line.host, '--host', 'SIAGA_HOST');
  return {
    host: (host && judged(context, host, hostSchema, host.text)) ?? file?.host ?? defaultHost,
    port:
      (port &&
        judged(context, port, portSchema, /^\d{1,9}$/.test(port.text) ? Number(port.text) : port.text)) ??
      file?.port ??
      defaultPort,
    origins,
    secureCookies: file?.secureCookies ?? origins.some((origin) => origin.startsWith('https://')),
  };
}

interface Setting {
  readonly text: string;
  readonly place: Place;
}

/** The option, or else the variable of the environment, where an empty one counts as absent. */
function chosen(
  context: Context,
  option: string | null,
  optionName: string,
  variable: string,
): Setting | null {
  if (option !== null) return { text: option, place: onCommandLine(optionName) };
  const text = context.env[variable];
  if (text === undefined || text === '') return null;
  return { text, place: { file: 'environment', line: null, path: [variable] } };
}

function judged<S extends z.ZodMiniType>(
  context: Context,
  { text, place }: Setting,
  schema: S,
  value: unknown,
): z.output<S> | null {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  context.problems.report(place, `${found(text)}, expected ${parsed.error.issues[0]?.message}`);
  return null;
}

function dataDirOf(context: Context, line: CommandLine, file: FileSettings | null): string {
  const setting = chosen(context, line.data, '--data', 'SIAGA_DATA');
  const place = setting?.place ?? file?.placeOf(['data']) ?? onCommandLine('--data');
  const path = setting
    ? resolve(context.cwd, setting.text)
    : (file?.dataDir ?? resolve(context.cwd, defaultDataDir));
  if (context.files.look(path)?.kind === 'file')
    context.problems.report(place, `${found(path)}, expected a folder, not a file`);
  return path;
}

function partiesOf(context: Context, line: CommandLine, file: FileSettings | null): readonly Party[] {
  const register =
    line.parties === null
      ? (file?.parties ?? null)
      : {
          name: line.parties,
          path: resolve(context.cwd, line.parties),
          place: onCommandLine('--parties'),
        };
  if (register === null) {
    if (file !== null && !file.hasParties)
      context.problems.report(
        file.placeOf(['parties']),
        'found nothing, expected the path of the register (or --parties)',
      );
    return [];
  }
  const { name, path, place } = register;
  const report = (what: string) => {
    context.problems.report(place, what);
    return [];
  };
  if (!/\.(?:csv|ya?ml)$/i.test(path)) return report(`${found(name)}, expected a .csv, .yaml or .yml file`);
  const text = readText(context.files, path, maxRegisterBytes);
  if (!text.ok) return report(`${found(name)}: ${text.message}`);
  const parties = parseRegister(text.value, name);
  if (parties.ok) return parties.value;
  context.problems.add(name, parties.message.split('\n'));
  return [];
}

function sourcesOf(context: Context, line: CommandLine, file: FileSettings | null): SourceConfiguration[] {
  const configured = file?.sources ?? [];
  const takenIds = new Set(configured.map(({ source }) => source.id));
  const watched = readWatched({ ...context, watch: line.watch, takenIds });
  const all: PlacedSource<SourceConfiguration>[] = [...configured, ...watched];
  if (file !== null && !file.hasSources && line.watch.length === 0)
    context.problems.report(file.placeOf(['sources']), 'found nothing, expected at least one source');
  if (all.length > maxSources)
    context.problems.report(
      onCommandLine('--watch'),
      `found ${all.length} sources, expected at most ${maxSources}`,
    );
  const seen = new Set<string>();
  const once = (key: string, place: Place, what: string) => {
    if (seen.has(key)) context.problems.report(place, what);
    seen.add(key);
  };
  for (const { source, placeOf } of all) {
    once(`id ${source.id}`, placeOf('id'), `${found(source.id)} twice, expected an id of its own`);
    if (source.kind === 'file')
      once(`path ${source.path}`, placeOf('path'), `${found(source.path)} twice, expected a file once`);
    else
      once(
        `token ${source.tokenSha256}`,
        placeOf('token'),
        'found a token of another source, expected its own',
      );
  }
  return all.map(({ source }) => source);
}

const onCommandLine = (option: string): Place => ({ file: commandLineName, line: null, path: [option] });
