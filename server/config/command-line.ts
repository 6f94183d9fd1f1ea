import { parseArgs } from 'node:util';
import { found, unknownWord, type Place, type Problems } from './problem.ts';

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
  const values = readValues(argv, problems);
  const one = (name: 'config' | 'parties' | 'data' | 'host' | 'port') => {
    const [value, ...more] = values.get(name) ?? [];
    if (more.length > 0)
      problems.report(onCommandLine(name), `found ${more.length + 1} times, expected once`);
    return value ?? null;
  };
  return {
    config: one('config'),
    watch: values.get('watch') ?? [],
    parties: one('parties'),
    data: one('data'),
    host: one('host'),
    port: one('port'),
    help: values.has('help'),
    version: values.has('version'),
  };
}

function readValues(argv: readonly string[], problems: Problems): Map<string, string[]> {
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  const report = (what: string) => problems.report({ file: 'command line', line: null, path: [] }, what);
  let isUnderstood = true;
  for (const token of tokens) {
    // What stands behind an option that isn't understood is most likely its value, and no problem of its own.
    if (token.kind === 'positional' && isUnderstood) report(`${found(token.value)}, expected an option`);
    const problem = token.kind === 'option' ? optionProblem(token) : null;
    isUnderstood = problem === null;
    if (problem !== null) report(problem);
    else if (token.kind === 'option')
      values.set(token.name, [...(values.get(token.name) ?? []), token.value ?? '']);
  }
  return values;
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function optionProblem({ name, rawName, value, inlineValue }: OptionToken): string | null {
  if (!isOption(name)) return `${printable(rawName)}: ${unknownWord('option', rawName, spellings)}`;
  if (options[name].type === 'boolean')
    return value === undefined ? null : `${rawName}: ${found(value)}, expected no value`;
  const missing = value === undefined || value === '' || (!inlineValue && value.startsWith('--'));
  return missing ? `${rawName}: found nothing, expected a value` : null;
}

function isOption(name: string): name is keyof typeof options {
  return Object.hasOwn(options, name);
}

const printable = (text: string) => (/^[\w-]{1,60}$/.test(text) ? text : found(text).slice('found '.length));
