import { resolve } from 'node:path';
import { existsSync } from 'node:fs';
import type { LogEntry } from '../api/services.ts';
import type { Configuration } from '../config/configuration.ts';
import { loadConfiguration } from '../config/load-configuration.ts';
import { connectControl } from '../control/control-client.ts';
import type { Control } from '../control/control.ts';
import { openLocalControl } from '../control/local-control.ts';
import { socketPathOf } from '../control/socket-path.ts';
import { visible } from '../log.ts';
import { UsageProblem } from './arguments.ts';
import { exitCodes, type CommandIo } from './command.ts';

/** The options by which a command finds the data folder. */
export const controlOptions = { data: { type: 'string' }, config: { type: 'string' } } as const;

/** Those options, for a help text. */
export const controlHelp = `  --data DIR       the data folder (default: as the server's, SIAGA_DATA, that of --config, ./data)
  --config FILE    the server's configuration`;

interface DataOptions {
  readonly data: string | null;
  readonly config: string | null;
  /** Whether a folder that isn't there may be made. */
  readonly mayCreate: boolean;
}

/** The configuration with the data folder as the server would find it; throws `UsageProblem` with every problem. */
export function configurationOf({ data, config, mayCreate }: DataOptions, io: CommandIo): Configuration {
  // Without a configuration nothing is heard: any source will do to say that this is no simulation.
  const given = config === null ? ['--watch', resolve(io.cwd, 'access.log')] : ['--config', config];
  const loaded = loadConfiguration({
    argv: data === null ? given : [...given, '--data', data],
    env: io.env,
    cwd: io.cwd,
    newToken: () => '',
  });
  if (!loaded.ok) throw new UsageProblem(...loaded.message.split('\n'));
  if (loaded.value.kind !== 'run') throw new UsageProblem('found no configuration to run with');
  const { configuration } = loaded.value;
  const { dataDir } = configuration;
  if (!mayCreate && !existsSync(dataDir))
    throw new UsageProblem(`${dataDir}: found no such folder, expected the data folder of a Siaga`);
  return config === null ? { ...configuration, sources: [] } : configuration;
}

/**
 * Does the work through the running server of the data folder, or with the stores opened here where none runs, and resolves
 * with the exit code; what fails is said on standard error and is code 1.
 */
export async function useControl(
  name: string,
  configuration: Configuration,
  io: CommandIo,
  work: (control: Control) => Promise<number>,
): Promise<number> {
  const complain = (text: string): Promise<void> => io.stderr.write(`siaga ${name}: ${visible(text)}\n`);
  let control: Control | null = null;
  try {
    control = await openControl(configuration, io, ({ level, event, detail = '' }) => {
      if (level === 'warn' || level === 'error') void complain(`${event}: ${detail}`);
    });
    return await work(control);
  } catch (error) {
    if (error instanceof UsageProblem) throw error;
    await complain(error instanceof Error ? error.message : String(error));
    return exitCodes.no;
  } finally {
    await control?.close();
  }
}

async function openControl(
  configuration: Configuration,
  { now }: CommandIo,
  log: (entry: LogEntry) => void,
): Promise<Control> {
  const { dataDir } = configuration;
  const path = socketPathOf(dataDir);
  const running = path === null ? null : await reach(path);
  if (running !== null) return running;
  try {
    return await openLocalControl({ configuration, now, log });
  } catch (error) {
    if (!String(error).includes('another Siaga')) throw error;
    const socket = path === null ? 'its path is too long for a control socket' : `nobody answers at ${path}`;
    throw new Error(
      `${dataDir} is in use by another process, and ${socket}: a server that starts or stops, or another command; try again in a moment`,
      { cause: error },
    );
  }
}

async function reach(path: string): Promise<Control | null> {
  try {
    return await connectControl(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    throw new Error(`${path} may not be opened: run this as the user that the server runs as`, {
      cause: error,
    });
  }
}
