import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../server/project-root.ts';
import { expectNoSecret, keepSecret } from './canaries.ts';

const entry = join(projectRoot, 'dist', 'server', 'cli', 'siaga.js');

/** Commands whose output is a new secret. */
const makesSecret = /^(?:user (?:add|password) |token new$)/;

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Begins the built command in a folder; its data folder is `data` there. */
export function beginCommand(folder: string, args: readonly string[]) {
  const { SIAGA_DATA: _data, ...env } = process.env;
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (bytes: Buffer) => void (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => void (err += bytes.toString()));
  const closed = new Promise<number | null>((resolve) => void child.on('close', (code) => resolve(code)));
  const ended = closed.then(async (code): Promise<Ended> => {
    await expectNoSecret(`what siaga ${args.join(' ')} printed`, out + err);
    // What it makes is told once, on purpose; nothing may tell it from here on.
    if (makesSecret.test(args.join(' '))) keepSecret(`made by siaga ${args.join(' ')}`, out.trim());
    return { code, out, err };
  });
  return { ended, kill: () => child.kill('SIGKILL') };
}

/** Runs the built command in a folder to its end. */
export const runCommand = (folder: string, ...args: readonly string[]): Promise<Ended> =>
  beginCommand(folder, args).ended;
