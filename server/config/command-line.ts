import { readOptions, repetitionProblem } from './option-reader.ts';
import type { Place, Problems } from './problem.ts';

/** Options as given, not yet judged; what was not given is `null`. */
export interface CommandLine {
  readonly config: string | null;
  readonly watch: readonly string[];
  readonly parties: string | null;
  readonly data: string | null;
  readonly host: string | null;
  readonly port: string | null;
  readonly 'log-level': string | null;
  readonly help: boolean;
  readonly version: boolean;
}

/** Where a problem of an option is. */
export const onCommandLine = (option: keyof CommandLine): Place => ({
  file: 'command line',
  line: null,
  path: [`--${option}`],
});

const options = {
  config: { type: 'string' },
  watch: { type: 'string', multiple: true },
  parties: { type: 'string' },
  data: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  'log-level': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

/** What `--help` prints. */
export const helpText = `Usage: siaga [start] [options]

Starts the server and runs until Ctrl-C or SIGTERM.

With no --config and no --watch, Siaga shows a simulation and says so on every screen.

  --config FILE    configuration (YAML); docs/operating.md describes every key
  --watch FILE     follow this access log; may be repeated
  --parties FILE   register of the parties (.csv, .yaml)
  --data DIR       where events, alerts and users are kept (default ./data)
  --host HOST      address to listen on (default 127.0.0.1)
  --port PORT      port to listen on (default 8080; 0 lets the system choose)
  --log-level LEVEL
                   what our own log tells: error, warn, info or debug (default info)
  --help           show this
  --version        show the version

Environment: SIAGA_DATA, SIAGA_HOST, SIAGA_PORT, SIAGA_LOG_LEVEL. An option wins over the environment, and that over the file.

Exit code: 0 stopped as told, 1 could not start or died, 2 the configuration is not valid.
`;

/** Reads the arguments after the script's name; all that can't be understood is reported. */
export function readCommandLine(argv: readonly string[], problems: Problems): CommandLine {
  const given = readOptions(argv, options, { positionals: false });
  for (const what of given.problems) problems.report({ file: 'command line', line: null, path: [] }, what);
  const { values } = given;
  const one = (name: 'config' | 'parties' | 'data' | 'host' | 'port' | 'log-level') => {
    const all = values.get(name) ?? [];
    const problem = repetitionProblem(all);
    if (problem !== null) problems.report(onCommandLine(name), problem);
    return all[0] ?? null;
  };
  return {
    config: one('config'),
    watch: values.get('watch') ?? [],
    parties: one('parties'),
    data: one('data'),
    host: one('host'),
    port: one('port'),
    'log-level': one('log-level'),
    help: values.has('help'),
    version: values.has('version'),
  };
}
