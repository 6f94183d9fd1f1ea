import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../server/project-root.ts';

const entry = join(projectRoot, 'dist', 'server', 'cli', 'siaga.js');

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
  const ended = new Promise<Ended>(
    (resolve) => void child.on('close', (code) => resolve({ code, out, err })),
  );
  return { ended, kill: () => child.kill('SIGKILL') };
}

/** Runs the built command in a folder to its end. */
export const runCommand = (folder: string, ...args: readonly string[]): Promise<Ended> =>
  beginCommand(folder, args).ended;
