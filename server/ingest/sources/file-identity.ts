import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

/** By what a followed file is known again after a restart, whatever its name is then. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
  /** SHA-256 of the first `headLength` bytes, hex. */
  readonly headHash: string;
  readonly headLength: number;
}

/** How much of a file's beginning is compared: inode numbers are used again, beginnings of logs differ. */
const headBytes = 1_024;

export async function headHash(file: FileHandle, length: number): Promise<string> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, 0);
  return createHash('sha256').update(bytes.subarray(0, bytesRead)).digest('hex');
}

export async function identify(file: FileHandle): Promise<FileIdentity & { size: number }> {
  const { dev: device, ino: inode, size } = await file.stat();
  const headLength = Math.min(headBytes, size);
  return { device, inode, headHash: await headHash(file, headLength), headLength, size };
}

/** Whether an open file is the one known before: same inode, and it still begins as it did. */
export async function isSameFile(file: FileHandle, known: FileIdentity): Promise<boolean> {
  const { dev, ino, size } = await file.stat();
  if (dev !== known.device || ino !== known.inode || size < known.headLength) return false;
  return (await headHash(file, known.headLength)) === known.headHash;
}

/** Whether more of the head can be compared now than when it was taken. */
export const canGrow = (known: FileIdentity, size: number): boolean =>
  known.headLength < headBytes && size > known.headLength;
