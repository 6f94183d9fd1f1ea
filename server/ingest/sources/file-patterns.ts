import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { escapePath, glob } from 'tinyglobby';
import { folderOf, isPattern } from '../../config/path-pattern.ts';

/** A file that is there, as the system says. */
export interface FoundFile {
  readonly path: string;
  readonly device: number;
  readonly inode: number;
  readonly size: number;
  readonly mtimeMs: number;
  /** When it was made, epoch ms; where the file system doesn't know, when it was changed. */
  readonly bornMs: number;
}

/** By what two names are known to lead to the same file. */
export const keyOf = ({ device, inode }: { device: number; inode: number }): string => `${device}:${inode}`;

/** Files that the patterns name (`*`, `?`, `[…]`, `{a,b}`, `**`), oldest change first; folders and what can't be looked at are passed over. */
export async function filesOf(patterns: readonly string[]): Promise<FoundFile[]> {
  const paths = new Set<string>();
  for (const pattern of patterns) {
    if (isPattern(pattern)) {
      const cwd = folderOf(pattern);
      const inside = `${escapePath(cwd)}/${pattern.slice(cwd.length).replace(/^\//, '')}`.replace(
        /^\/\//,
        '/',
      );
      for (const path of await glob(inside, {
        absolute: true,
        dot: true,
        onlyFiles: true,
        expandDirectories: false,
      }))
        paths.add(path);
    } else paths.add(pattern);
  }
  return looked([...paths]);
}

async function looked(paths: readonly string[]): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const path of paths) {
    try {
      const info = await stat(path);
      const { dev, ino, size, mtimeMs, birthtimeMs } = info;
      const bornMs = birthtimeMs > 0 ? birthtimeMs : mtimeMs;
      if (info.isFile()) found.push({ path, device: dev, inode: ino, size, mtimeMs, bornMs });
    } catch {
      // It went between the listing and the look, or we may not look at it: it is not there for us.
    }
  }
  return found.sort((a, b) => a.mtimeMs - b.mtimeMs);
}

/**
 * `access.log.1`, `access.log-20261124.gz` and `access-20261124.log` are `access.log` rotated; empty when a name looks like no rotation.
 * So is `access.log-2026112419.backup`: logrotate moves there what a program wrote under the name between its renaming and its creating.
 */
export function rotatedFrom(name: string): string[] {
  const inTheWay = /^(.+(?<!\.gz))-\d{10}\.backup$/.exec(name)?.[1];
  if (inTheWay !== undefined) return [inTheWay];
  const plain = name.replace(/\.gz$/, '');
  const behind = /^(.+?)[.\-_](\d[\d\-T_]*)(?:\.\d+)?$/.exec(plain);
  const before = /^(.+?)[.\-_](\d[\d\-T_]*)(\.[A-Za-z]+)$/.exec(plain);
  const bases = [plain === name ? null : plain, behind?.[1], before && `${before[1]}${before[3]}`];
  return bases.filter((base) => typeof base === 'string');
}

/** Whether a name looks like a rotation of one of those named. */
export const isRotationOf = (path: string, named: ReadonlySet<string>): boolean =>
  rotatedFrom(basename(path)).some((base) => named.has(join(dirname(path), base)));

export interface Rotations {
  /** Each file once, oldest change first. */
  readonly files: readonly FoundFile[];
  /** False when names were moving while they were looked at, or could not be listed: then a file may be missing. */
  readonly settled: boolean;
}

/** Looks at names until two looks agree, at most. */
const maxLooks = 5;

/** Files beside those named that are one of them rotated, by their names. */
export async function rotationsOf(paths: readonly string[]): Promise<Rotations> {
  const named = new Set(paths);
  let before = await lookForRotations(named);
  for (let looks = 1; looks < maxLooks; looks += 1) {
    // A listing misses what is renamed meanwhile, and a rotation renames file after file.
    const after = await lookForRotations(named);
    if (after && before && namesOf(before) === namesOf(after)) return { files: after, settled: true };
    before = after;
  }
  return { files: before ?? [], settled: false };
}

const namesOf = (files: readonly FoundFile[]): string =>
  files
    .map((file) => `${keyOf(file)} ${file.path}`)
    .toSorted()
    .join('\n');

/** One look; `null` when a folder could not be listed. */
async function lookForRotations(named: ReadonlySet<string>): Promise<FoundFile[] | null> {
  const found = new Set<string>();
  for (const folder of new Set([...named].map((path) => dirname(path)))) {
    const names = await namesIn(folder);
    if (!names) return null;
    for (const name of names) {
      const path = join(folder, name);
      if (!named.has(path) && isRotationOf(path, named)) found.add(path);
    }
  }
  return looked([...found]);
}

async function namesIn(folder: string): Promise<string[] | null> {
  try {
    return await readdir(folder);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : null;
  }
}

/** Files in the folder of `path` that may be what it was renamed or copied to, newest change first; at most `maxCandidates`. */
export async function relativesOf(path: string): Promise<FoundFile[]> {
  const folder = dirname(path);
  const stem = /^[^.\-_\d]*/.exec(basename(path))?.[0] ?? '';
  let names: string[];
  try {
    names = await readdir(folder);
  } catch {
    return [];
  }
  const relatives = names.filter((name) => name.startsWith(stem)).map((name) => join(folder, name));
  return (await looked(relatives)).reverse().slice(0, maxCandidates);
}

const maxCandidates = 200;
