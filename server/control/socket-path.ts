import { join } from 'node:path';

/** Longest path of a socket that every system takes, bytes: macOS has room for 104 with a NUL, Linux for 108. */
export const maxSocketPathBytes = 103;

/** The control socket of a data folder; `null` where its path is longer than a socket's may be. */
export function socketPathOf(dataDir: string): string | null {
  const path = join(dataDir, 'control.sock');
  return Buffer.byteLength(path) <= maxSocketPathBytes ? path : null;
}
