import type { Configuration } from '../config/configuration.ts';
import type { RunningSiaga } from '../main.ts';

export interface WelcomeParts {
  readonly url: string;
  readonly configuration: Configuration;
  readonly firstAdmin: RunningSiaga['firstAdmin'];
  readonly warnings: readonly string[];
}

/** What the operator reads once the server listens: the address, the first administrator's one-time password, warnings. */
export function welcome({ url, configuration, firstAdmin, warnings }: WelcomeParts): string {
  const { mode, sources, dataDir, parties } = configuration;
  const lines = [
    '',
    `  Siaga is running at ${url}`,
    mode === 'simulation'
      ? '  SIMULATION: traffic of placeholder parties is made up; every screen says SIMULASI.'
      : `  Hearing ${sources.length} source${sources.length === 1 ? '' : 's'}, ${parties.length} parties registered.`,
    `  Data: ${dataDir}`,
    ...(firstAdmin
      ? [
          '',
          `  Sign in as   ${firstAdmin.name}`,
          `  password     ${firstAdmin.oneTimePassword}   (one-time: you set your own next)`,
        ]
      : []),
    ...warnings.map((warning) => `  Warning: ${warning}`),
    '',
    '  Ctrl-C stops it.',
    '',
  ];
  return lines.join('\n');
}
