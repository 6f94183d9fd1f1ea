import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { defaultLimits, type Limits } from '../limits/limits.ts';
import type { LogLevel } from '../log.ts';
import { onCommandLine, type CommandLine } from './command-line.ts';
import type { FileSettings } from './config-file.ts';
import type { Configuration } from './configuration.ts';
import { defaultDataDir, defaultHost, defaultLogLevel, defaultPort } from './defaults.ts';
import type { FileAccess } from './file-access.ts';
import { hostSchema, logLevelSchema, portSchema } from './file-schema.ts';
import { found, type Place, type Problems } from './problem.ts';

/** What settings are read from and against. */
export interface SettingContext {
  readonly line: CommandLine;
  /** `null` without a configuration file, or when it could not be read. */
  readonly file: FileSettings | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly files: FileAccess;
  readonly problems: Problems;
}

/** Where the server listens and whom it lets in: option, environment, file, default. */
export function serverOf(context: SettingContext): Configuration['server'] {
  const { origins = [], trustedProxies = [], secureCookies } = context.file?.server ?? {};
  const tls = context.file?.tls ?? null;
  const isHttps = tls !== null || origins.some((origin) => origin.startsWith('https://'));
  return {
    ...listenOf(context),
    origins,
    secureCookies: secureCookies ?? isHttps,
    tls,
    trustedProxies,
  };
}

const listenOf = (context: SettingContext): Pick<Configuration['server'], 'host' | 'port'> => ({
  host: hostOf(context) ?? context.file?.server?.host ?? defaultHost,
  port: portOf(context) ?? context.file?.server?.port ?? defaultPort,
});

/** The limits that hold: those of the file, else the defaults. */
export const limitsOf = ({ file }: SettingContext): Limits => ({
  ...defaultLimits,
  ...Object.fromEntries(Object.entries(file?.limits ?? {}).filter(([, value]) => value !== undefined)),
});

/** Absolute path of the folder of everything kept: option, environment, file, `data` in the working directory. */
export function dataDirOf(context: SettingContext): string {
  const { cwd, file, files, problems } = context;
  const setting = chosen(context, 'data', 'SIAGA_DATA');
  const place = setting?.place ?? file?.placeOf(['data']) ?? onCommandLine('data');
  const path = setting ? resolve(cwd, setting.text) : (file?.dataDir ?? resolve(cwd, defaultDataDir));
  if (files.look(path)?.kind === 'file')
    problems.report(place, `${found(setting?.text ?? path)}, expected a folder, not a file`);
  return path;
}

interface Setting {
  readonly text: string;
  readonly place: Place;
}

/** The option, or else the variable of the environment, where an empty one counts as absent. */
function chosen(
  { line, env }: SettingContext,
  option: 'data' | 'host' | 'port' | 'log-level',
  variable: string,
): Setting | null {
  const given = line[option];
  if (given !== null) return { text: given, place: onCommandLine(option) };
  const text = env[variable];
  if (text === undefined || text === '') return null;
  return { text, place: { file: 'environment', line: null, path: [variable] } };
}

function hostOf(context: SettingContext): string | null {
  const setting = chosen(context, 'host', 'SIAGA_HOST');
  return setting === null ? null : judged(context, setting, z.safeParse(hostSchema, setting.text));
}

function portOf(context: SettingContext): number | null {
  const setting = chosen(context, 'port', 'SIAGA_PORT');
  if (setting === null) return null;
  const number = /^\d{1,9}$/.test(setting.text) ? Number(setting.text) : setting.text;
  return judged(context, setting, z.safeParse(portSchema, number));
}

/** How much our own log tells: option, environment, file, default. */
export function logLevelOf(context: SettingContext): LogLevel {
  const setting = chosen(context, 'log-level', 'SIAGA_LOG_LEVEL');
  const level = setting && judged(context, setting, z.safeParse(logLevelSchema, setting.text));
  return level ?? context.file?.logLevel ?? defaultLogLevel;
}

function judged<T>(
  { problems }: SettingContext,
  { text, place }: Setting,
  parsed: z.core.util.SafeParseResult<T>,
): T | null {
  if (parsed.success) return parsed.data;
  problems.report(place, `${found(text)}, expected ${parsed.error.issues[0]?.message}`);
  return null;
}
