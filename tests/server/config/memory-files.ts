import type { FileAccess } from '../../../server/config/file-access.ts';

interface MemoryFile {
  readonly text: string | Buffer;
  readonly mode?: number;
}

/** A file system of these files; every folder on the way to one exists. */
export function memoryFiles(files: Readonly<Record<string, string | MemoryFile>>): FileAccess {
  const entries = new Map(
    Object.entries(files).map(([path, file]) => [path, typeof file === 'string' ? { text: file } : file]),
  );
  const isFolder = (path: string) =>
    path === '/' || [...entries.keys()].some((file) => file.startsWith(`${path}/`));
  return {
    look(path) {
      const file = entries.get(path);
      if (file)
        return { kind: 'file', mode: 0o100_000 | (file.mode ?? 0o600), size: Buffer.byteLength(file.text) };
      return isFolder(path) ? { kind: 'folder', mode: 0o040_755, size: 0 } : null;
    },
    read(path) {
      const file = entries.get(path);
      if (!file) throw new Error(`ENOENT: ${path}`);
      return typeof file.text === 'string' ? Buffer.from(file.text) : file.text;
    },
  };
}
