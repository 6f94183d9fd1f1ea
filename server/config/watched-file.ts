import { basename, dirname, resolve } from 'node:path';
import type { FileSourceConfiguration } from './configuration.ts';
import { onCommandLine } from './command-line.ts';
import { defaultExpectEveryMs, defaultLogins } from './defaults.ts';
import type { FileAccess } from './file-access.ts';
import { folderOf, isPattern } from './path-pattern.ts';
import { found, type Place, type Problems } from './problem.ts';

/** A source, and where its id and its way in were said. */
export interface PlacedSource<S> {
  readonly source: S;
  readonly places: { readonly id: Place; readonly way: Place };
}

/** Why a file or pattern can't be followed, `null` when it can: its folder must exist, the files themselves may come later. */
export function watchProblem(files: FileAccess, path: string): string | null {
  if (isPattern(path))
    return files.look(folderOf(path))?.kind === 'folder' ? null : 'a pattern below a folder that exists';
  if (files.look(path)?.kind === 'folder') return 'a file, not a folder';
  return files.look(dirname(path))?.kind === 'folder' ? null : 'a path in a folder that exists';
}

/** File sources of `--watch`: ids from the file names, any format, logins as by default, from the end of what is there. */
export function readWatched(options: {
  readonly watch: readonly string[];
  readonly cwd: string;
  readonly files: FileAccess;
  readonly takenIds: ReadonlySet<string>;
  readonly problems: Problems;
  /** Of the configuration's top level. */
  readonly trustedProxies: readonly string[];
}): PlacedSource<FileSourceConfiguration>[] {
  const taken = new Set(options.takenIds);
  const place = onCommandLine('watch');
  return options.watch.flatMap((given) => {
    const path = resolve(options.cwd, given);
    const problem = watchProblem(options.files, path);
    if (problem !== null) {
      options.problems.report(place, `${found(given)}, expected ${problem}`);
      return [];
    }
    const id = freeId(path, taken);
    taken.add(id);
    const source: FileSourceConfiguration = {
      id,
      kind: 'file',
      paths: [path],
      start: 'end',
      format: 'auto',
      logins: defaultLogins,
      trustedProxies: options.trustedProxies,
      expectEveryMs: defaultExpectEveryMs,
    };
    return [{ source, places: { id: place, way: place } }];
  });
}

/** `/var/log/nginx/Sipol access.log` becomes `sipol-access`, the second of that name `sipol-access-2`. */
function freeId(path: string, taken: ReadonlySet<string>): string {
  const name = basename(path)
    .toLowerCase()
    .replace(/\.(?:log|txt|json|jsonl|ndjson)$/, '')
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 36);
  const id = name === '' ? 'file' : name;
  if (!taken.has(id)) return id;
  let number = 2;
  while (taken.has(`${id}-${number}`)) number += 1;
  return `${id}-${number}`;
}
