import { constants, createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { UsageProblem } from './arguments.ts';
import type { CommandIo } from './command.ts';

/** A file of lines that can be read now, or standard input. */
export interface LogFile {
  /** As the caller named it; `-` is standard input. */
  readonly name: string;
  /** Bytes on disk; 0 when nobody can say. */
  readonly size: number;
  /** Its bytes as they are on disk, in pieces of about `pieceBytes`. */
  open(pieceBytes: number): AsyncIterable<Uint8Array>;
}

/** Longest piece without a line end that is waited for; a longer line is read in pieces. */
export const maxPieceBytes = 1_048_576;
/** Files that one call reads. */
export const maxFiles = 500;

/**
 * Looks at the files before anything is read of them; throws `UsageProblem` that names each one that is missing, a folder or
 * unreadable.
 */
export async function findLogFiles(names: readonly string[], io: CommandIo): Promise<LogFile[]> {
  if (names.length === 0)
    throw new UsageProblem('found no FILE, expected at least one (- is standard input)');
  if (names.length > maxFiles)
    throw new UsageProblem(`found ${names.length} files, expected at most ${maxFiles}`);
  if (names.filter((name) => name === '-').length > 1)
    throw new UsageProblem('-: found 2 times, expected once');
  const looks = await Promise.all(names.map((name) => look(name, io)));
  const problems = looks.filter((found) => typeof found === 'string');
  if (problems.length > 0) throw new UsageProblem(...problems);
  return looks.filter((found) => typeof found !== 'string');
}

const stdin = (io: CommandIo): LogFile => ({
  name: '-',
  size: 0,
  open: () => io.stdin as AsyncIterable<Uint8Array>,
});

async function look(name: string, io: CommandIo): Promise<LogFile | string> {
  if (name === '-') return stdin(io);
  const path = resolve(io.cwd, name);
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) return `${name}: found a folder, expected a file`;
    await access(path, constants.R_OK);
    const open = (pieceBytes: number) => createReadStream(path, { highWaterMark: pieceBytes });
    return { name, size: stats.size, open };
  } catch (error) {
    return `${name}: ${reasonOf(error)}`;
  }
}

/** Why a file can't be read, in a few words. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'found no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read';
  return error instanceof Error ? error.message : String(error);
}

export interface ReadOptions {
  readonly pieceBytes: number;
  /** Told of each piece: bytes as they are on disk. */
  readonly onRead: (bytes: number) => void;
}

/** The file's lines in pieces that end with whole lines; what is compressed by gzip, by its first bytes, is inflated. */
export async function* wholeLines(file: LogFile, options: ReadOptions): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array(0);
  for await (const piece of inflated(counted(file, options), options.pieceBytes)) {
    const end = piece.lastIndexOf(10) + 1;
    const waits = rest.length + (end === 0 ? piece.length : end);
    const lines =
      end === 0 && waits < maxPieceBytes ? null : joined(rest, end === 0 ? piece : piece.subarray(0, end));
    if (lines === null) rest = joined(rest, piece);
    else {
      yield lines;
      rest = end === 0 ? new Uint8Array(0) : piece.subarray(end);
    }
  }
  if (rest.length > 0) yield rest;
}

const joined = (a: Uint8Array, b: Uint8Array): Uint8Array => (a.length === 0 ? b : Buffer.concat([a, b]));

async function* counted(file: LogFile, { pieceBytes, onRead }: ReadOptions): AsyncGenerator<Uint8Array> {
  for await (const piece of file.open(pieceBytes)) {
    onRead(piece.length);
    yield piece;
  }
}

async function* inflated(pieces: AsyncGenerator<Uint8Array>, pieceBytes: number): AsyncGenerator<Uint8Array> {
  const first = await pieces.next();
  if (first.done) return;
  async function* all(): AsyncGenerator<Uint8Array> {
    yield first.value as Uint8Array;
    yield* pieces;
  }
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) yield* all();
  else {
    const gunzip = createGunzip({ chunkSize: pieceBytes });
    // A failure on either side reaches the reader as an error of what it reads.
    pipeline(Readable.from(all()), gunzip, () => undefined);
    yield* gunzip as AsyncIterable<Uint8Array>;
  }
}
