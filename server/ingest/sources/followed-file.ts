import { open, type FileHandle } from 'node:fs/promises';
import { canGrow, identify, isSameFile, type FileIdentity } from './file-identity.ts';
import { skipLine } from './read-lines.ts';

/** A followed file as it is remembered: `offset` is where its reading began or what is known to be durable. */
export interface RememberedFile extends FileIdentity {
  readonly id: string;
  readonly source: string;
  readonly path: string;
  readonly offset: number;
}

/** What a followed file needs to be found again; served by the state store. */
export interface FileMemory {
  all(source: string): Promise<RememberedFile[]>;
  create(file: RememberedFile): Promise<void>;
  save(...files: RememberedFile[]): Promise<void>;
}

export interface FollowParts {
  readonly source: string;
  readonly path: string;
  readonly start: 'beginning' | 'end';
  readonly memory: FileMemory;
  /** Byte offset of the newest line of this file that is stored; `null` when none is. */
  readonly lastStoredOffset: (fileId: string) => Promise<number | null>;
  readonly newId: () => string;
}

/** An open file and where to read next. */
export interface FollowedFile {
  readonly handle: FileHandle;
  remembered: RememberedFile;
  offset: number;
}

/**
 * Opens the file and finds the place to go on: behind its newest stored line, whatever was acknowledged before a crash.
 * The first file ever of a source begins where `start` says, a later one at its beginning. Rejects with the system's error when it can't be opened.
 */
export async function follow(parts: FollowParts, firstEver: boolean): Promise<FollowedFile> {
  const handle = await open(parts.path, 'r');
  try {
    const { size, ...identity } = await identify(handle);
    const known = (await parts.memory.all(parts.source)).sort((a, b) => b.headLength - a.headLength);
    for (const candidate of known) {
      if (!(await isSameFile(handle, candidate))) continue;
      const file = await resume(parts, handle, candidate);
      if (file.offset <= size) return file;
    }
    const offset = firstEver && known.length === 0 && parts.start === 'end' ? size : 0;
    const remembered = { id: parts.newId(), source: parts.source, path: parts.path, offset, ...identity };
    await parts.memory.create(remembered);
    return { handle, remembered, offset };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function resume(parts: FollowParts, handle: FileHandle, known: RememberedFile): Promise<FollowedFile> {
  const stored = await parts.lastStoredOffset(known.id);
  const behindStored = stored === null ? null : await skipLine(handle, stored);
  return { handle, remembered: known, offset: Math.max(known.offset, behindStored ?? 0) };
}

/** Takes a longer head once the file has one, so that it is told apart more surely. */
export async function rememberMore(
  file: FollowedFile,
  memory: FileMemory,
  durableOffset: number,
): Promise<void> {
  const { size } = await file.handle.stat();
  const identity = canGrow(file.remembered, size) ? await identify(file.handle) : file.remembered;
  const { headHash, headLength } = identity;
  file.remembered = { ...file.remembered, headHash, headLength, offset: durableOffset };
  await memory.save(file.remembered);
}
