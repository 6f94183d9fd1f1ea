import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const bin = (name) => join(root, 'node_modules', '.bin', name);

/** Runs a program in the project's folder with our own output; resolves with its exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}

/** Runs a tool of the installed packages. */
export const tool = (name, args, options) => run(bin(name), args, options);

/** Standard output belongs to the command that is prepared for: `siaga parse … > FILE`. */
const besideStdout = { stdio: ['ignore', process.stderr, process.stderr] };

/** Throws with a plain message when the code isn't 0. */
export function must(what, code) {
  if (code !== 0) throw new Error(`${what} failed (exit code ${code})`);
}

function stampOf(paths) {
  const hash = createHash('sha256');
  const visit = (path) => {
    const info = statSync(path, { throwIfNoEntry: false });
    if (!info) return;
    if (info.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name));
    else hash.update(`${path}\0${info.size}\0${info.mtimeMs}\n`);
  };
  for (const path of paths) visit(join(root, path));
  return hash.digest('hex');
}

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
const readIfThere = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/** Installs what the lockfile names, unless that is what is installed. */
export async function ensureInstalled() {
  const stamp = join(root, 'node_modules', '.siaga-lock');
  if (readIfThere(stamp) === lockHash()) return;
  console.error('Installing what package-lock.json names (once) …');
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], besideStdout);
  must('npm ci', code);
  writeFileSync(stamp, lockHash());
}

const sources = ['client', 'server', 'shared', 'vite.config.ts', 'tsconfig.json', 'package-lock.json'];

/** Builds server and client into `dist/`, unless nothing changed since the last build. */
export async function ensureBuilt({ force = false } = {}) {
  const stamp = join(root, 'dist', '.stamp');
  const current = stampOf(sources);
  if (!force && readIfThere(stamp) === current) return;
  console.error('Building …');
  const [server, client] = await Promise.all([
    tool('tsc', ['-p', 'server/tsconfig.json'], besideStdout),
    tool('vite', ['build', '--logLevel', 'warn'], besideStdout),
  ]);
  must('building the server', server);
  must('building the client', client);
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stamp, current);
}

/** Whether a program is on the PATH or in the usual folders of system programs. */
export function hasProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
  return folders.some((folder) => folder !== '' && existsSync(join(folder, name)));
}

/** Installs Debian packages when this is Debian, run as root; else says what to install and returns false. */
export function ensurePrograms(wanted) {
  const missing = wanted.filter(({ program }) => !hasProgram(program));
  if (missing.length === 0) return true;
  const packages = missing.map((each) => each.debian);
  const canInstall = hasProgram('apt-get') && process.getuid?.() === 0;
  if (!canInstall) {
    console.error(
      `Missing: ${missing.map(({ program }) => program).join(', ')}. Install them, on Debian with`,
    );
    console.error(`  sudo apt-get install ${packages.join(' ')}`);
    return false;
  }
  console.log(`Installing ${packages.join(', ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'], env };
  execFileSync('apt-get', ['update', '-qq'], quiet);
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], quiet);
  return missing.every(({ program }) => hasProgram(program));
}
