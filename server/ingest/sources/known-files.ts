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

export interface Recognition {
  /** First bytes that a file under another inode must have in common. */
  readonly leastHead: number;
  /** A known file that is being read. */
  readonly openedAs: (known: KnownFile) => Content | null;
}

/**
 * Which known file an open one is: one that begins as it does and holds what was read last where it was read; under another inode,
 * as logrotate's copies and compressed files, with at least so many first bytes in common. More first bytes in common say more than
 * the inode does: its number is used again as soon as it is free, and a file that was empty when it was known begins as any other.
 */
export async function recognise(
  content: Content,
  known: Iterable<KnownFile>,
  { leastHead, openedAs }: Recognition,
): Promise<KnownFile | null> {
  const { device, inode } = await content.identity();
  const head = await content.head();
  const isSame = ({ file }: KnownFile): boolean => file.device === device && file.inode === inode;
  const alike = [...known]
    .filter(({ file }) => beginsAs(head, file))
    .sort(
      (a, b) =>
        b.file.headLength - a.file.headLength || Number(isSame(b)) - Number(isSame(a)) || b.readTo - a.readTo,
    );
  for (const each of alike) {
    if (!isSame(each) && (each.file.headLength < leastHead || !(await isTold(each, content, openedAs(each)))))
      continue;
    if (await holdsTail(content, each)) return each;
  }
  return null;
}

/**
 * Whether a file under another inode may be a known one at all. One that nothing is stored of has no tail to compare: it may be any
 * that begins alike, and taking it for that loses nothing, unless the known one is being read elsewhere: then only a copy of that is it.
 */
async function isTold({ file, tail }: KnownFile, content: Content, opened: Content | null): Promise<boolean> {
  if (file.headLength === 0) return false;
  if (tail !== null || file.lastLine !== null || opened === null) return true;
  const [one, other] = [await beginningOf(content), await beginningOf(opened)];
  const length = Math.min(one.length, other.length);
  return length >= file.headLength && one.subarray(0, length).equals(other.subarray(0, length));
}

/** How much of two files is compared, to tell a copy from another that begins alike. */
const beginningBytes = 1_048_576;

async function beginningOf(content: Content): Promise<Buffer> {
  const bytes = Buffer.alloc(beginningBytes);
  return bytes.subarray(0, await content.read(bytes, 0));
}

/** Whether an open file is what is left of a known one: it begins the same, however short that is, and holds what was read last. */
export async function isRestOf(content: Content, known: KnownFile): Promise<boolean> {
  const head = await content.head();
  if (known.file.headLength === 0 || !beginsAs(head, known.file)) return false;
  return holdsTail(content, known);
}

/** What a file must hold at least to be a known one: what was read of it, and the newest line that was found stored. */
export const leastSizeOf = ({ file, readTo }: KnownFile): number =>
  Math.max(readTo, file.lastLine === null ? 0 : file.lastLine + 1);

async function holdsTail(content: Content, known: KnownFile): Promise<boolean> {
  const { readTo, tail } = known;
  const size = await content.size();
  if (size !== null && size < leastSizeOf(known)) return false;
  if (!tail) return true;
  const bytes = new Uint8Array(tail.length);
  const got = await content.read(bytes, readTo - tail.length);
  return got === tail.length && hashOf(bytes) === tail.hash;
}
