import { defaultAgencies } from '../../shared/authority.ts';
import { defaultSessionLimits } from '../auth/session-limits.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { helpText, onCommandLine, readCommandLine } from './command-line.ts';
import { readConfigFile } from './config-file.ts';
import type { Configuration } from './configuration.ts';
import { defaultAlertScore, defaultGeo } from './defaults.ts';
import { nodeFiles, type FileAccess } from './file-access.ts';
import { partiesOf, registeredAccountsOf } from './parties-setting.ts';
import { placeholderAccounts, placeholderParties } from './placeholder-parties.ts';
import { createProblems, found } from './problem.ts';
import { dataDirOf, limitsOf, logLevelOf, serverOf, type SettingContext } from './settings.ts';
import { simulationSourceList } from './simulation.ts';
import { sourcesOf } from './sources-setting.ts';
import { tokenSha256 } from './token.ts';
import { warningsOf } from './warnings.ts';

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

/**
 * Reads command line, environment and file into a configuration; an option wins over the environment, that over the file,
 * that over the default. When anything is wrong, nothing is started: the message holds every problem, one a line.
 */
export function loadConfiguration(given: Given): Result<StartUp, 'bad-configuration'> {
  const { argv, env, cwd, files = nodeFiles } = given;
  const problems = createProblems();
  const line = readCommandLine(argv, problems);
  if (line.help) return ok({ kind: 'help', text: helpText });
  if (line.version) return ok({ kind: 'version' });
  const file = line.config === null ? null : readConfigFile({ name: line.config, cwd, files, env, problems });
  const context: SettingContext = { line, file, env, cwd, files, problems };
  const simulated = line.config === null && line.watch.length === 0;
  const startUp = simulated ? simulation(context, given.newToken()) : production(context);
  const lines = problems.lines();
  return lines.length > 0 ? fail('bad-configuration', lines.join('\n')) : ok(startUp);
}

function simulation(context: SettingContext, token: string): StartUp {
  const { parties } = context.line;
  if (parties !== null)
    context.problems.report(
      onCommandLine('parties'),
      `${found(parties)} without a source, expected --config or --watch beside it`,
    );
  const dataDir = dataDirOf(context);
  const configuration: Configuration = {
    mode: 'simulation',
    dataDir,
    server: serverOf(context),
    sessions: defaultSessionLimits,
    limits: limitsOf(context),
    agencies: defaultAgencies,
    parties: placeholderParties,
    registeredAccounts: placeholderAccounts,
    ruleDirs: [],
    sources: simulationSourceList(dataDir, tokenSha256(token)),
    geo: defaultGeo,
    trustedProxies: [],
    metricsTokenSha256: null,
    auditHeads: null,
    signalAlertScore: defaultAlertScore,
    oidc: null,
    logLevel: logLevelOf(context),
  };
  return { kind: 'run', configuration, simulationToken: token, warnings: warningsOf(configuration, []) };
}

/** What only a configuration file can say, or its defaults. */
function settingsOfFile(file: SettingContext['file']) {
  const {
    ruleDirs = [],
    geo = defaultGeo,
    trustedProxies = [],
    metricsTokenSha256 = null,
    oidc = null,
    auditHeads = null,
  } = file ?? {};
  const signalAlertScore = file?.signals?.alertScore ?? defaultAlertScore;
  return { ruleDirs, geo, trustedProxies, metricsTokenSha256, signalAlertScore, oidc, auditHeads };
}

function production(context: SettingContext): StartUp {
  const { file } = context;
  const parties = partiesOf(context);
  const configuration: Configuration = {
    mode: 'production',
    dataDir: dataDirOf(context),
    server: serverOf(context),
    sessions: file?.sessions ?? defaultSessionLimits,
    limits: limitsOf(context),
    agencies: file?.agencies ?? defaultAgencies,
    parties,
    registeredAccounts: registeredAccountsOf(context, parties),
    sources: sourcesOf(context),
    ...settingsOfFile(file),
    logLevel: logLevelOf(context),
  };
  const warnings = warningsOf(configuration, file?.loginsByDefault ?? []);
  return { kind: 'run', configuration, simulationToken: null, warnings };
}
