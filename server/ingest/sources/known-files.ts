import type { TailPrint } from '../source.ts';
import type { Content } from './content.ts';
import { beginsAs, hashOf } from './file-identity.ts';
import type { RememberedFile } from './file-memory.ts';

/** A remembered file, and how far this process has read it: ahead of what is durable. */
export interface KnownFile {
  file: RememberedFile;
  readTo: number;
  tail: TailPrint | null;
}

export const knownFrom = (file: RememberedFile): KnownFile => ({
  file,
  readTo: file.offset,
  tail: file.tail,
});

/**
 * Which known file an open one is: the same inode that begins as it did and holds what was read last where it was read;
 * else another inode that does, as logrotate's copies and compressed files; a copy must have at least so many first bytes in common.
 */
export async function recognise(
  content: Content,
  known: Iterable<KnownFile>,
  leastHead: number,
): Promise<KnownFile | null> {
  const { device, inode } = await content.identity();
  const head = await content.head();
  const alike = [...known]
    .filter(({ file }) => beginsAs(head, file))
    .sort((a, b) => b.file.headLength - a.file.headLength || b.readTo - a.readTo);
  for (const each of alike) {
    const same = each.file.device === device && each.file.inode === inode;
    if (same && (await holdsTail(content, each))) return each;
  }
  for (const each of alike) {
    // Stored before a crash and not in the books yet, it has no tail to compare; then its beginning must do.
    const wasRead = each.tail !== null || (each.file.lastLine !== null && each.file.headLength > 0);
    if (!wasRead || each.file.headLength < leastHead) continue;
    if (await holdsTail(content, each)) return each;
  }
  return null;
}

/** Whether an open file is what is left of a known one: it begins the same, however short that is, and holds what was read last. */
export async function isRestOf(content: Content, known: KnownFile): Promise<boolean> {
  const head = await content.head();
  if (known.file.headLength === 0 || !beginsAs(head, known.file)) return false;
  return holdsTail(content, known);
}

async function holdsTail(content: Content, { readTo, tail }: KnownFile): Promise<boolean> {
  const size = await content.size();
  if (size !== null && size < readTo) return false;
  if (!tail) return true;
  const bytes = new Uint8Array(tail.length);
  const got = await content.read(bytes, readTo - tail.length);
  return got === tail.length && hashOf(bytes) === tail.hash;
}
