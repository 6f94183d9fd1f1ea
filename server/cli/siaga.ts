import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfiguration, type StartUp } from '../config/load-configuration.ts';
import { createLog } from '../log.ts';
import { startSiaga, type RunningSiaga } from '../main.ts';
import { projectRoot } from '../project-root.ts';
import { startSimulation } from '../simulate/run.ts';
import { welcome } from './welcome.ts';

/** Longer than any part may take by itself. */
const stopWithinMs = 45_000;

const exitCodes = { ok: 0, failed: 1, badConfiguration: 2 } as const;

const version = (): string => {
  const { version: text } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  return text;
};

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const complain = (text: string): void => void process.stderr.write(`${text}\n`);

const started = loadConfiguration({
  argv: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  newToken: () => randomBytes(24).toString('base64url'),
});

if (!started.ok) {
  complain(started.message);
  complain('Siaga did not start: the configuration is not valid. Nothing was changed.');
  process.exitCode = exitCodes.badConfiguration;
} else if (started.value.kind === 'help') {
  print(started.value.text);
} else if (started.value.kind === 'version') {
  print(version());
} else {
  await runUntilStopped(started.value);
}

async function runUntilStopped(startUp: Extract<StartUp, { kind: 'run' }>): Promise<void> {
  const { configuration, simulationToken, warnings } = startUp;
  const now = (): number => Date.now();
  const log = createLog((line) => process.stderr.write(line), now);
  const ended = endSignal();
  let running: RunningSiaga;
  try {
    running = await startSiaga({
      configuration,
      clientDir: join(projectRoot, 'dist', 'client'),
      version: version(),
      now,
      log,
      onFatal: (error) => {
        log({ level: 'error', event: 'pipeline:died', detail: String(error.stack ?? error) });
        process.exit(exitCodes.failed);
      },
    });
  } catch (error) {
    complain(`Siaga did not start: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(exitCodes.failed);
  }
  const url = `http://${configuration.server.host.includes(':') ? `[${configuration.server.host}]` : configuration.server.host}:${running.port}`;
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
    process.exit(exitCodes.failed);
  }, stopWithinMs).unref();
  await simulation?.stop();
  await running.stop();
  process.exit(exitCodes.ok);
}

function endSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal));
  });
}
