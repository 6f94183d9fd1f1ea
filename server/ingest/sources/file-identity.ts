import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { TailPrint } from '../source.ts';

/** By what a followed file is known again after a restart, whatever its name is then. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
  /** SHA-256 of the first `headLength` bytes, hex; of a compressed file, of what it holds. */
  readonly headHash: string;
  readonly headLength: number;
}

/** How much of a file's beginning is compared: inode numbers are used again, beginnings of logs differ. */
export const headBytes = 1_024;
/** How much of what was read last is compared, to tell a copy of a file from another that begins alike. */
export const tailBytes = 256;

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Print of the end of what was read. */
export function tailOf(bytes: Uint8Array): TailPrint {
  const tail = bytes.subarray(Math.max(0, bytes.length - tailBytes));
  return { hash: hashOf(tail), length: tail.length };
}

/** The first bytes of an open file, at most `headBytes`. */
export async function readHead(file: FileHandle): Promise<Buffer> {
  const bytes = Buffer.alloc(headBytes);
  const { bytesRead } = await file.read(bytes, 0, headBytes, 0);
  return bytes.subarray(0, bytesRead);
}

/** Whether a file that begins with `head` is one known by that identity's beginning. */
export const beginsAs = (head: Uint8Array, known: FileIdentity): boolean =>
  head.length >= known.headLength && hashOf(head.subarray(0, known.headLength)) === known.headHash;
