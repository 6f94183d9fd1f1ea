import { createHash, randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { found } from '../../config/problem.ts';
import { visible } from '../../log.ts';
import { readArguments, UsageProblem } from '../arguments.ts';
import { exitCodes, type Command, type CommandIo } from '../command.ts';
import { reasonOf } from '../log-files.ts';

/** As many as an attacker can't guess. */
const tokenBytes = 32;

const help = `Usage: siaga token new [--file FILE] [--force]

Makes a random bearer token, for a source that is sent to or for /metrics, and prints it alone on standard output; with --file
it is written there, readable by its owner only, and not printed. Standard error says how to use it.

  --file FILE      write it to this file, which must not be there yet
  --force          replace the file
  --help           show this

Exit code: 0 made, 1 the file is there or can't be written, 2 the call is wrong.
`;

/** `siaga token`: a new secret for a source. */
export const token: Command = {
  name: 'token',
  summary: 'make a token for a source or for metrics',
  help,
  run: async (args, io) => {
    const given = readArguments(args, { file: { type: 'string' }, force: { type: 'boolean' } });
    const [verb, ...more] = given.positionals;
    if (verb !== 'new' || more.length > 0)
      throw new UsageProblem(`${found(more[0] ?? verb)}, expected: siaga token new`);
    const file = given.one('file');
    if (file === null && given.has('force')) throw new UsageProblem('--force: expected only with --file');
    return file === null ? print(newToken(), io) : write(newToken(), { file, force: given.has('force') }, io);
  },
};

const newToken = (): string => randomBytes(tokenBytes).toString('base64url');
const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

async function print(made: string, { stdout, stderr }: CommandIo): Promise<number> {
  await stderr.write(
    `Keep it in a file of mode 0600 (tokenFile), or in the environment (tokenEnv). SHA-256: ${sha256Of(made)}\n`,
  );
  await stdout.write(`${made}\n`);
  return exitCodes.ok;
}

async function write(
  made: string,
  { file, force }: { readonly file: string; readonly force: boolean },
  io: CommandIo,
): Promise<number> {
  try {
    const path = resolve(io.cwd, file);
    if (force) await replace(path, made);
    else await create(path, made);
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
    const reason = isThere ? 'is there already; --force replaces it' : reasonOf(error);
    await io.stderr.write(`siaga token: ${visible(`${file}: ${reason}`)}\n`);
    return exitCodes.no;
  }
  await io.stderr.write(
    `${visible(file)} holds the new token. In the configuration of the source or of metrics:\n  tokenFile: ${visible(JSON.stringify(file))}\nSenders bring it as Authorization: Bearer TOKEN. SHA-256: ${sha256Of(made)}\n`,
  );
  return exitCodes.ok;
}

async function create(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(`${text}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whoever reads the file finds the old token or the new one, never a part. */
async function replace(path: string, text: string): Promise<void> {
  const beside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await create(beside, text);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
