import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { helpText } from '../../config/command-line.ts';
import { loadConfiguration, type StartUp } from '../../config/load-configuration.ts';
import { inspectorProblem } from '../../edge/inspector.ts';
import { createLog } from '../../log.ts';
import { startSiaga, type RunningSiaga } from '../../main.ts';
import { projectRoot } from '../../project-root.ts';
import { startSimulation } from '../../simulate/run.ts';
import { exitCodes, type Command } from '../command.ts';
import { version } from '../version.ts';
import { welcome } from '../welcome.ts';

/** Longer than any part may take by itself. */
const stopWithinMs = 45_000;

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const complain = (text: string): void => void process.stderr.write(`${text}\n`);

/** `siaga start`: the server, until it is told to stop. */
export const start: Command = {
  name: 'start',
  summary: 'start the server (also without a command)',
  help: helpText,
  run: async (args, { env, cwd, now }) => {
    const started = loadConfiguration({
      argv: args,
      env,
      cwd,
      newToken: () => randomBytes(24).toString('base64url'),
    });
    if (!started.ok) {
      complain(started.message);
      complain('Siaga did not start: the configuration is not valid. Nothing was changed.');
      return exitCodes.usage;
    }
    if (started.value.kind === 'run') return runUntilStopped(started.value, now);
    print(started.value.kind === 'help' ? started.value.text : version());
    return exitCodes.ok;
  },
};

async function runUntilStopped(
  startUp: Extract<StartUp, { kind: 'run' }>,
  now: () => number,
): Promise<number> {
  const { configuration, simulationToken, warnings } = startUp;
  const log = createLog({ write: (line) => process.stderr.write(line), now, level: configuration.logLevel });
  const ended = endSignal();
  const problem = inspectorProblem(configuration.mode);
  if (problem !== null) {
    complain(`Siaga did not start: ${problem}.`);
    return exitCodes.usage;
  }
  let running: RunningSiaga;
  try {
    running = await startSiaga({
      configuration,
      clientDir: join(projectRoot, 'dist', 'client'),
      version: version(),
      warnings,
      now,
      log,
      onFatal: (error) => {
        log({ level: 'error', event: 'pipeline:died', detail: String(error.stack ?? error) });
        process.exit(exitCodes.no);
      },
    });
  } catch (error) {
    complain(`Siaga did not start: ${error instanceof Error ? error.message : String(error)}`);
    return exitCodes.no;
  }
  if (configuration.server.tls !== null) process.on('SIGHUP', running.reloadTls);
  const scheme = configuration.server.tls === null ? 'http' : 'https';
  const url = `${scheme}://${configuration.server.host.includes(':') ? `[${configuration.server.host}]` : configuration.server.host}:${running.port}`;
  print(welcome({ url, configuration, firstAdmin: running.firstAdmin, warnings }));
  const simulation =
    simulationToken === null
      ? null
      : await startSimulation({ configuration, url, token: simulationToken, now, log });
  const signal = await ended;
  print(`Siaga is stopping (${signal}) …`);
  setTimeout(() => {
    complain(
      `Siaga did not stop within ${stopWithinMs / 1_000} s and is ended; what was not acknowledged comes again.`,
    );
    process.exit(exitCodes.no);
  }, stopWithinMs).unref();
  await simulation?.stop();
  await running.stop();
  return exitCodes.ok;
}

function endSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal));
  });
}
