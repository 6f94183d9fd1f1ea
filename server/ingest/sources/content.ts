import { open, type FileHandle } from 'node:fs/promises';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { headBytes, readHead } from './file-identity.ts';

/** The bytes of a log file from its beginning on, compressed or not. */
export interface Content {
  /** The first bytes, at most `headBytes`. */
  head(): Promise<Uint8Array>;
  /** Fills `into` from an offset on; resolves with how many bytes are there, 0 at the end. Rejects when the file can't be read. */
  read(into: Uint8Array, offset: number): Promise<number>;
  /** Bytes there are now; `null` for a compressed file that was not read to its end. */
  size(): Promise<number | null>;
  /** False once the file has no name any more. */
  hasName(): Promise<boolean>;
  identity(): Promise<{ device: number; inode: number }>;
  /** Whether a compressed file is there to its end: one that is still being written looks like another. Rejects when it is damaged. */
  isWhole(): Promise<boolean>;
  close(): Promise<void>;
}

export const isCompressed = (path: string): boolean => path.endsWith('.gz');

/** Opens a file; what is compressed with gzip, unless it is said by its name, is read inflated. Rejects with the system's error. */
export async function openContent(path: string, inflated = isCompressed(path)): Promise<Content> {
  const handle = await open(path, 'r');
  return inflated ? compressed(handle) : plain(handle);
}

function plain(handle: FileHandle): Content {
  return {
    head: () => readHead(handle),
    read: async (into, offset) => (await handle.read(into, 0, into.length, offset)).bytesRead,
    size: async () => (await handle.stat()).size,
    hasName: async () => (await handle.stat()).nlink > 0,
    identity: async () => identityOf(handle),
    isWhole: () => Promise.resolve(true),
    close: () => handle.close(),
  };
}

async function identityOf(handle: FileHandle): Promise<{ device: number; inode: number }> {
  const { dev, ino } = await handle.stat();
  return { device: dev, inode: ino };
}

/** A compressed file can only be read onwards: a read that lies behind the last one inflates it from the start again. */
function compressed(handle: FileHandle): Content {
  let stream: Inflating | null = null;
  let size: number | null = null;
  const read = async (into: Uint8Array, offset: number): Promise<number> => {
    if (!stream?.reaches(offset)) {
      stream?.close();
      stream = inflate(handle);
    }
    const got = await stream.take(into, offset);
    if (got === 0) size = stream.at();
    return got;
  };
  return {
    head: async () => {
      const head = new Uint8Array(headBytes);
      const once = inflate(handle);
      try {
        return head.subarray(0, await once.take(head, 0));
      } finally {
        once.close();
      }
    },
    read,
    size: () => Promise.resolve(size),
    hasName: async () => (await handle.stat()).nlink > 0,
    identity: () => identityOf(handle),
    isWhole: () => isWhole(handle),
    close: async () => {
      stream?.close();
      await handle.close();
    },
  };
}

interface Inflating {
  /** Offset of the next byte. */
  at(): number;
  /** Whether an offset lies ahead, or within what was taken last. */
  reaches(offset: number): boolean;
  take(into: Uint8Array, offset: number): Promise<number>;
  close(): void;
}

/** The bytes of the open file, from its start: its name may lead to another by now. A stream of the system would close it. */
async function* piecesOf(handle: FileHandle): AsyncGenerator<Buffer> {
  for (let at = 0; ;) {
    const bytes = Buffer.alloc(65_536);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield bytes.subarray(0, bytesRead);
  }
}

const bytesOf = (handle: FileHandle): Readable => Readable.from(piecesOf(handle));

async function isWhole(handle: FileHandle): Promise<boolean> {
  if ((await handle.stat()).size === 0) return false;
  const nowhere = new Writable({ write: (_bytes, _encoding, done) => done() });
  try {
    await pipeline(bytesOf(handle), createGunzip(), nowhere);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR') return false;
    throw error;
  }
}

function inflate(handle: FileHandle): Inflating {
  const file = bytesOf(handle);
  const gunzip = file.pipe(createGunzip());
  file.on('error', (error) => gunzip.destroy(error));
  const pieces = gunzip[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let kept: Buffer = Buffer.alloc(0);
  let at = 0;
  /** What was taken last: a reader begins anew behind the last whole line of it. */
  let last = { at: 0, bytes: Buffer.alloc(0) };
  const more = async (): Promise<boolean> => {
    const next = await pieces.next();
    if (next.done) return false;
    kept = next.value;
    return true;
  };
  const skipTo = async (offset: number): Promise<boolean> => {
    while (at < offset) {
      if (kept.length === 0 && !(await more())) return false;
      const step = Math.min(kept.length, offset - at);
      kept = kept.subarray(step);
      at += step;
    }
    return true;
  };
  return {
    at: () => at,
    reaches: (offset) => offset >= last.at,
    take: async (into, offset) => {
      if (offset < at) {
        kept = Buffer.concat([last.bytes.subarray(offset - last.at), kept]);
        at = offset;
      }
      if (!(await skipTo(offset))) return 0;
      let filled = 0;
      while (filled < into.length && (kept.length > 0 || (await more()))) {
        const step = Math.min(kept.length, into.length - filled);
        into.set(kept.subarray(0, step), filled);
        kept = kept.subarray(step);
        filled += step;
      }
      last = { at, bytes: Buffer.from(into.subarray(0, filled)) };
      at += filled;
      return filled;
    },
    close: () => {
      file.destroy();
      gunzip.destroy();
    },
  };
}
