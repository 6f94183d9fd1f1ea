import { parseArgs } from 'node:util';
import { found, unknownWord, type Problems } from './problem.ts';

/** Options as given, not yet judged; what was not given is `null`. */
export interface CommandLine {
  readonly config: string | null;
  readonly watch: readonly string[];
  readonly parties: string | null;
  readonly data: string | null;
  readonly host: string | null;
  readonly port: string | null;
  readonly help: boolean;
  readonly version: boolean;
}

/** How problems of the command line are headed. */
export const commandLineName = 'command line';

const options = {
  config: { type: 'string' },
  watch: { type: 'string', multiple: true },
  parties: { type: 'string' },
  data: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

const spellings = Object.keys(options).map((name) => `--${name}`);

/** What `--help` prints. */
export const helpText = `Usage: siaga [options]

With no --config and no --watch, Siaga shows a simulation and says so on every screen.

  --config FILE    configuration (YAML); docs/operating.md describes every key
  --watch FILE     follow this access log; may be repeated
  --parties FILE   register of the parties (.csv, .yaml)
  --data DIR       where events, alerts and users are kept (default ./data)
  --host HOST      address to listen on (default 127.0.0.1)
  --port PORT      port to listen on (default 8080; 0 lets the system choose)
  --help           show this
  --version        show the version

Environment: SIAGA_DATA, SIAGA_HOST, SIAGA_PORT. An option wins over the environment, and that over the file.
`;

/** Reads the arguments after the script's name; all that can't be understood is reported. */
export function readCommandLine(argv: readonly string[], problems: Problems): CommandLine {
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  const flags = new Set<string>();
  const report = (what: string) => problems.report({ file: commandLineName, line: null, path: [] }, what);
  for (const token of tokens) {
    if (token.kind === 'positional') report(`${found(token.value)}, expected an option`);
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    if (!isOption(name)) report(`${printable(rawName)}: ${unknownWord('option', rawName, spellings)}`);
    else if (options[name].type === 'boolean') {
      if (value === undefined) flags.add(name);
      else report(`--${name}: ${found(value)}, expected no value`);
    } else if (value === undefined || value === '' || (!token.inlineValue && value.startsWith('--')))
      report(`--${name}: found nothing, expected a value`);
    else values.set(name, [...(values.get(name) ?? []), value]);
  }
  for (const [name, given] of values)
    if (name !== 'watch' && given.length > 1) report(`--${name}: found ${given.length} times, expected once`);
  const one = (name: string) => values.get(name)?.[0] ?? null;
  return {
    config: one('config'),
    watch: values.get('watch') ?? [],
    parties: one('parties'),
    data: one('data'),
    host: one('host'),
    port: one('port'),
    help: flags.has('help'),
    version: flags.has('version'),
  };
}

function isOption(name: string): name is keyof typeof options {
  return Object.hasOwn(options, name);
}

const printable = (text: string) => (/^[\w-]{1,60}$/.test(text) ? text : found(text).slice('found '.length));
