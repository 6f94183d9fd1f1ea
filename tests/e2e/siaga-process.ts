import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../server/project-root.ts';
import { expectNoSecret, keepSecret } from './canaries.ts';

/** The built server, run as a stranger would run it. */
export interface SiagaProcess {
  readonly url: string;
  readonly pid: number;
  readonly folder: string;
  /** All it printed so far. */
  output(): string;
  oneTimePassword(): string;
  /** Ends it as an operator would; resolves with its exit code. */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
  /** Its exit code; rejects when anything it printed told a secret. */
  readonly exit: Promise<number | null>;
}

/** A port of the loopback that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** A folder of this test alone, and what removes it. */
export async function privateFolder(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'siaga-e2e-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

const entry = join(projectRoot, 'dist', 'server', 'cli', 'siaga.js');

export interface StartOptions {
  readonly folder: string;
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
  readonly port?: number;
}

/** The line on which the first administrator's one-time password is told, on purpose. */
const welcomeLine = /^  password +(\S+) {3}\(one-time: you set your own next\)$/gm;

/** Fails when a server told a secret: one of its environment, the key of its data folder, or any that passed between it and the test. */
async function expectDiscreet(text: string, env: Readonly<Record<string, string>>): Promise<void> {
  for (const [, password = ''] of text.matchAll(welcomeLine)) keepSecret('one-time password', password);
  for (const [name, value] of Object.entries(env))
    if (/TOKEN|SECRET|PASSWORD/i.test(name)) keepSecret(name, value);
  const key = await readFile(join(env['SIAGA_DATA'] ?? '', 'secret.key'), 'utf8').catch(() => '');
  keepSecret('secret.key', Buffer.from(key.trim(), 'hex'));
  await expectNoSecret('what the server printed', text.replaceAll(welcomeLine, ''));
}

/** Starts the built server, which tells all that it can, without waiting for it. */
export function spawnSiaga({ folder, args, env = {}, port = 0 }: StartOptions) {
  const own = {
    SIAGA_PORT: String(port),
    SIAGA_DATA: join(folder, 'data'),
    SIAGA_LOG_LEVEL: 'debug',
    ...env,
  };
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: folder,
    env: { ...process.env, ...own },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (bytes: Buffer) => void (text += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => void (text += bytes.toString()));
  // Not `exit`, at which not all that was printed need have come.
  const closed = new Promise<number | null>((resolve) => void child.on('close', (code) => resolve(code)));
  const exit = closed.then(async (code) => {
    await expectDiscreet(text, own);
    return code;
  });
  return { child, exit, output: () => text };
}

async function untilReady(url: string, child: ChildProcess, output: () => string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (child.exitCode !== null) throw new Error(`Siaga ended at its start:\n${output()}`);
    const isReady = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady && output().includes('Siaga is running at')) return;
    await new Promise((resolve) => void setTimeout(resolve, 50));
  }
  throw new Error(`Siaga was not ready within 30 s:\n${output()}`);
}

/** Starts the built server and waits until it is ready. */
export async function startSiaga(options: StartOptions): Promise<SiagaProcess> {
  const port = options.port ?? (await freePort());
  const { child, exit, output } = spawnSiaga({ ...options, port });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url, child, output);
  return {
    url,
    pid: child.pid ?? 0,
    folder: options.folder,
    output,
    oneTimePassword: () => {
      const password = /password\s+(\S+)/.exec(output())?.[1];
      if (!password) throw new Error(`no one-time password was printed:\n${output()}`);
      return password;
    },
    stop: () => {
      child.kill('SIGTERM');
      return exit;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exit;
    },
    exit,
  };
}

/** A register of 38 national and 7 Aceh parties, as the commission would keep it. */
export async function writeRegister(folder: string): Promise<string> {
  const national = Array.from({ length: 38 }, (_value, index) => {
    const number = String(index + 1).padStart(2, '0');
    return `P${number},Partai Nasional ${number},national,${index + 1},2026-01-01`;
  });
  const aceh = Array.from(
    { length: 7 },
    (_value, index) => `A${index + 1},Partai Lokal Aceh 0${index + 1},aceh,${index + 1},2026-01-01`,
  );
  const path = join(folder, 'parties.csv');
  await writeFile(path, ['id,name,kind,number,expectedSince', ...national, ...aceh, ''].join('\n'));
  return path;
}
