import { readFileSync, statSync } from 'node:fs';
import { fail, ok, type Result } from '../../shared/result.ts';

/** What the configuration needs of the file system; read once, at the start. */
export interface FileAccess {
  /** `null` when there is nothing at that path, or a folder on the way may not be entered. `mode` as of stat(2), `size` in bytes. */
  look(
    path: string,
  ): { readonly kind: 'file' | 'folder'; readonly mode: number; readonly size: number } | null;
  /** Throws when it can't be read. */
  read(path: string): Uint8Array;
}

/** The file system of this machine. */
export const nodeFiles: FileAccess = {
  look(path) {
    const stats = statOrNull(path);
    if (stats === null) return null;
    return { kind: stats.isDirectory() ? 'folder' : 'file', mode: stats.mode, size: stats.size };
  },
  read: (path) => readFileSync(path),
};

function statOrNull(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

/** Text of a whole file of at most `maxBytes`, UTF-8, without a byte order mark; the message reads on from the file's name. */
export function readText(
  files: FileAccess,
  path: string,
  maxBytes: number,
): Result<string, 'missing' | 'folder' | 'too-large' | 'unreadable' | 'not-utf-8'> {
  const stats = files.look(path);
  if (stats === null) return fail('missing', 'found no such file, expected one that exists');
  if (stats.kind === 'folder') return fail('folder', 'found a folder, expected a file');
  if (stats.size > maxBytes)
    return fail('too-large', `found ${stats.size} bytes, expected at most ${maxBytes}`);
  let bytes: Uint8Array;
  try {
    bytes = files.read(path);
  } catch (error) {
    return fail(
      'unreadable',
      `could not be read: ${error instanceof Error ? error.message : 'unknown error'}`,
    );
  }
  // A pipe or a file that grows tells no size beforehand.
  if (bytes.length > maxBytes)
    return fail('too-large', `found ${bytes.length} bytes, expected at most ${maxBytes}`);
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return fail('not-utf-8', 'found bytes that are not UTF-8, expected a text saved as UTF-8');
  }
}
