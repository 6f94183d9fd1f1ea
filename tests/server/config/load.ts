import type { Configuration } from '../../../server/config/configuration.ts';
import { loadConfiguration, type StartUp } from '../../../server/config/load-configuration.ts';
import { memoryFiles } from './memory-files.ts';

export const register = 'id,name,kind,number,expectedSince\nP01,Partai Contoh,national,1,2026-08-01\n';
export const token = 'a-token-of-some-length-0001';

/** Files that a good configuration needs; `/etc/siaga/siaga.yaml` is the tests' own. */
export const surroundings = {
  '/etc/siaga/parties.csv': register,
  '/etc/siaga/rules/own.yml': '',
  '/var/log/nginx/access.log': '',
};

interface Around {
  readonly env?: Record<string, string>;
  readonly files?: Parameters<typeof memoryFiles>[0];
}

/** Loads in `/etc/siaga`. */
export function load(argv: readonly string[], { env = {}, files = {} }: Around = {}) {
  return loadConfiguration({
    argv,
    env,
    cwd: '/etc/siaga',
    newToken: () => 'simulation-token-0000000001',
    files: memoryFiles({ ...surroundings, ...files }),
  });
}

/** Loads this text as `siaga.yaml`. */
export const loadYaml = (yaml: string, { env = {}, files = {} }: Around = {}) =>
  load(['--config', 'siaga.yaml'], { env, files: { '/etc/siaga/siaga.yaml': yaml, ...files } });

/** The problems, one a line; empty when there are none. */
export const problemsOf = (result: ReturnType<typeof load>): string[] =>
  result.ok ? [] : result.message.split('\n');

type Run = Extract<StartUp, { kind: 'run' }>;

export function runOf(result: ReturnType<typeof load>): Run {
  if (!result.ok) throw new Error(result.message);
  if (result.value.kind !== 'run') throw new Error(`expected a run, found ${result.value.kind}`);
  return result.value;
}

export const configurationOf = (result: ReturnType<typeof load>): Configuration =>
  runOf(result).configuration;
