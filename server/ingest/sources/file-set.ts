import type { SourceHealth } from '../../../shared/live/frame.ts';
import { isPattern } from '../../config/path-pattern.ts';
import type { HandOver } from '../source.ts';
import { isCompressed, openContent, type Content } from './content.ts';
import { beginsAs, hashOf, headBytes } from './file-identity.ts';
import { filesOf, isRotationOf, keyOf, rotationsOf, type FoundFile } from './file-patterns.ts';
import type { FileSourceParts } from './file-source.ts';
import { followFile, resume, type FollowedFile } from './followed-file.ts';
import { knownFrom, leastSizeOf, recognise, type KnownFile } from './known-files.ts';
import { createLostFiles, type LostFiles } from './lost-files.ts';
import { firstText, lastLineEnd } from './read-lines.ts';

/** Files open at once; further ones wait until one of these is quiet. */
export const maxOpenFiles = 64;
/** A file that no name of ours leads to is closed after this quiet; what would write to it still has long let go of it. */
const leftQuietMs = 600_000;
/** A copy, or a file without any name, is closed after this quiet, ms. */
const finiteQuietMs = 5_000;
/** Where a pattern covers rotations too, files of a program may begin alike as long as they are shorter. */
const shortHeadBytes = 64;
/** By so much a file system's times may be behind the clock: they are those of the kernel's last tick. */
const fileClockMs = 20;
/** How often it is written down that all files are known, ms. */
const aliveEveryMs = 5_000;
/** A copy is taken for whole after this quiet, ms; one that is shorter than what is known of a file that begins alike, later. */
const copyQuietMs = 2_000;
const shortCopyQuietMs = 10_000;
/** A compressed file may be unfinished for so long after its last change, ms. */
const unfinishedMs = 60_000;
/** A quiet file is closed when others wait for its place, ms. */
const idleQuietMs = 2_000;

/** All files of one source: which there are, which are open, and what is known of each. */
export interface FileSet {
  open(): Promise<void>;
  nameMayHaveChanged(): void;
  isScanDue(): boolean;
  /** Looks for files to open, and closes those that are read to their end and left. */
  scan(handOver: HandOver): Promise<void>;
  /** One turn of each open file. */
  readOn(): Promise<{ read: boolean; replaced: boolean; waiting: Promise<unknown> | null }>;
  fault(): SourceHealth['fault'];
  behind(): number | null;
  close(): Promise<void>;
}

interface State {
  readonly parts: FileSourceParts;
  readonly known: Map<string, KnownFile>;
  readonly files: Map<string, FollowedFile>;
  /** How files looked that need not be opened again while they look the same. */
  readonly done: Map<string, string>;
  /** Files that can't be read now, and why. */
  readonly complaints: Map<string, string>;
  handOver: HandOver;
  /** Names that the source says, and those that its patterns lead to now. */
  names: ReadonlySet<string>;
  /** Until when all files were known, epoch ms; `null` until the first scan of the first start ever is over. */
  aliveAt: number | null;
  /** Epoch ms at which that was written down. */
  aliveNoted: number;
  fault: SourceHealth['fault'];
  /** Files that wait for the place of another. */
  readonly unopened: Set<string>;
  /** Files that are ours and could not be opened yet, whatever they are called by then. */
  readonly awaited: Set<string>;
}

const lookOf = ({ size, mtimeMs }: FoundFile): string => `${size}:${mtimeMs}`;

export function createFileSet(parts: FileSourceParts): FileSet {
  const state: State = {
    parts,
    known: new Map(),
    files: new Map(),
    done: new Map(),
    complaints: new Map(),
    handOver: () => Promise.reject(new Error('not started')),
    names: new Set(),
    aliveAt: null,
    aliveNoted: 0,
    fault: null,
    unopened: new Set(),
    awaited: new Set(),
  };
  const lost = createLostFiles({
    clock: parts.clock,
    isOpen: (key) => state.files.has(key),
    isBeingWritten: (found) => quietOf(parts, found) < copyQuietMs,
    isFound: (known) => known.file.finished || isOpen(state, known),
    recognise: (content) => whichOf(state, content, 1),
    adopt: (found, content, known) => adopt(state, { found, content, known }),
    giveUp: (known, unread) => giveUp(state, known, unread),
  });
  let scanDue = true;
  return {
    open: async () => {
      state.aliveAt = await parts.memory.begin(parts.source);
      for (const file of await parts.memory.all(parts.source)) state.known.set(file.id, knownFrom(file));
    },
    nameMayHaveChanged: () => void (scanDue = true),
    isScanDue: () => scanDue,
    scan: async (handOver) => {
      scanDue = false;
      state.handOver = handOver;
      await scanAll(state, lost);
    },
    readOn: async () => {
      const outcome = await turnAll(state, lost);
      if (outcome.replaced) scanDue = true;
      return outcome;
    },
    fault: () => state.fault,
    behind: () => behindOf(state),
    close: async () => {
      for (const file of state.files.values()) {
        await file.settled();
        await file.content.close();
      }
      state.files.clear();
    },
  };
}

const openedAs = ({ files }: State, known: KnownFile): Content | null =>
  [...files.values()].find((file) => file.known === known)?.content ?? null;

const isOpen = (state: State, known: KnownFile): boolean => openedAs(state, known) !== null;

const whichOf = (state: State, content: Content, leastHead: number): Promise<KnownFile | null> =>
  recognise(content, state.known.values(), { leastHead, openedAs: (known) => openedAs(state, known) });

async function scanAll(state: State, lost: LostFiles): Promise<void> {
  const { parts } = state;
  const startedAt = parts.now() - fileClockMs;
  state.unopened.clear();
  const found = await filesOf(parts.paths);
  state.names = new Set([...parts.paths, ...found.map(({ path }) => path)]);
  const rotations = await rotationsOf([...state.names]);
  if (rotations.settled) forgetGone(state, [...found, ...rotations.files]);
  // Rotations first: what is known of a file is found where it went before its successor is looked at.
  await openFound(state, rotations.files, true);
  await openFound(state, found, false);
  // Renamed, copied, compressed or deleted while we were away.
  const isMissing = (known: KnownFile): boolean =>
    !known.file.finished && !isOpen(state, known) && !state.unopened.has(keyOf(known.file));
  if (!lost.isBegun()) lost.begin([...state.known.values()].filter(isMissing));
  await lost.search();
  await closeQuiet(state, found);
  if (rotations.settled) await noteAlive(state, startedAt);
  state.fault = faultOf(state, found);
}

async function turnAll(state: State, lost: LostFiles): ReturnType<FileSet['readOn']> {
  let read = false;
  let replaced = false;
  const waiting: Promise<unknown>[] = [];
  for (const [key, file] of Array.from(state.files)) {
    const turn = await turnOf(state, key, file);
    if (turn === 'read') read = true;
    const busy = turn === 'busy' ? file.underWay() : null;
    if (busy) waiting.push(busy);
    if (turn !== 'replaced') continue;
    replaced = true;
    lost.add(file.known, file.path, Math.max(0, file.size - file.known.readTo));
    await beginAnew(state, key, file);
  }
  return { read, replaced, waiting: waiting.length > 0 ? Promise.race(waiting) : null };
}

async function turnOf(state: State, key: string, file: FollowedFile): ReturnType<FollowedFile['turn']> {
  try {
    const turn = await file.turn();
    state.complaints.delete(key);
    return turn;
  } catch (error) {
    complain(state, key, `${file.path}: ${String(error)}`);
    // A compressed file may still be being written: it is opened again once it looks different, others with the next scan.
    if (isCompressed(file.path)) state.done.set(key, file.look);
    await retire(state, key, file);
    return 'nothing';
  }
}

function complain(state: State, key: string, complaint: string): void {
  if (state.complaints.get(key) !== complaint) state.parts.log(`source ${state.parts.source}: ${complaint}`);
  state.complaints.set(key, complaint);
  state.fault = 'unreadable';
}

function forgetGone({ complaints, done, awaited }: State, there: readonly FoundFile[]): void {
  const keys = new Set(there.map(keyOf));
  for (const key of complaints.keys()) if (!keys.has(key)) complaints.delete(key);
  for (const key of done.keys()) if (!keys.has(key)) done.delete(key);
  for (const key of awaited) if (!keys.has(key)) awaited.delete(key);
}

async function openFound(state: State, found: readonly FoundFile[], isRotation: boolean): Promise<void> {
  for (const file of found) {
    const key = keyOf(file);
    const open = state.files.get(key);
    if (open) Object.assign(open, { path: file.path, look: lookOf(file) });
    if (open || state.done.get(key) === lookOf(file)) continue;
    if (!isRotation) state.awaited.add(key);
    if (state.files.size < maxOpenFiles || (await makeRoom(state))) await openOne(state, file, isRotation);
    else state.unopened.add(key);
  }
}

async function openOne(state: State, found: FoundFile, isRotation: boolean): Promise<void> {
  const key = keyOf(found);
  let content: Content | null = null;
  try {
    content = await openContent(found.path);
    // The name was given to another file since it was looked up: the next look finds both.
    if (keyOf(await content.identity()) !== key) return await content.close();
    const isRead = await wasRead(state, found, content);
    if (!isRead && !(await isReadyToRead(state, found, content))) {
      // By the next look it was there before, and would be taken for another's.
      if (!wasThere(found, state.aliveAt)) state.awaited.add(key);
      return await content.close();
    }
    const known = isRead ? null : await knownOf(state, found, { content, isRotation });
    state.awaited.delete(key);
    if (known && !isOpen(state, known) && (await hasMore(content, known)))
      return await adopt(state, { found, content, known });
    state.complaints.delete(key);
    state.done.set(key, lookOf(found));
  } catch (error) {
    complain(state, key, `${found.path} can't be read: ${String(error)}`);
    if (isCompressed(found.path)) state.done.set(key, lookOf(found));
  }
  await content?.close();
}

interface Opened {
  readonly content: Content;
  readonly isRotation: boolean;
}

/** Which file it is, one never seen before included; `null` when it is not ours to read. */
async function knownOf(
  state: State,
  found: FoundFile,
  { content, isRotation }: Opened,
): Promise<KnownFile | null> {
  const key = keyOf(found);
  const recognised = await whichOf(state, content, leastHeadOf(state, found, isRotation));
  // What looks like a rotation, was there before we looked last, and is none of ours, may be another log.
  const isForeign = !recognised && isRotation && !state.awaited.has(key) && wasThere(found, state.aliveAt);
  return isForeign ? null : (recognised ?? (await makeKnown(state, found, content)));
}

/** Whether it is a compressed file that was read to its end: it doesn't grow, so it need not be inflated again. */
async function wasRead({ known }: State, found: FoundFile, content: Content): Promise<boolean> {
  if (!isCompressed(found.path)) return false;
  const same = [...known.values()].filter(
    ({ file }) => file.finished && file.device === found.device && file.inode === found.inode,
  );
  if (same.length === 0) return false;
  const head = await content.head().catch(() => new Uint8Array());
  return same.some(({ file }) => file.headLength > 0 && beginsAs(head, file));
}

/** False while a compressed file, or a copy, is being written; throws when a compressed one has stayed unfinished. */
async function isReadyToRead(state: State, found: FoundFile, content: Content): Promise<boolean> {
  const { parts, names } = state;
  if (!isCompressed(found.path))
    return !isRotationOf(found.path, names) || !(await isBeingCopied(state, found, content));
  if (await content.isWhole()) return true;
  if (quietOf(parts, found) >= (parts.unfinishedMs ?? unfinishedMs))
    throw new Error('unexpected end of file');
  return false;
}

const quietOf = ({ now }: FileSourceParts, { mtimeMs }: FoundFile): number => Math.abs(now() - mtimeMs);

/** Whether a file may be a copy that is still being written: then it holds less than what it is known by. */
async function isBeingCopied({ parts, known }: State, found: FoundFile, content: Content): Promise<boolean> {
  const quiet = quietOf(parts, found);
  if (quiet >= shortCopyQuietMs) return false;
  const head = await content.head();
  const alike = [...known.values()].filter(({ file }) => file.headLength > 0 && beginsAs(head, file));
  if (alike.some(({ file }) => keyOf(file) === keyOf(found))) return false;
  if (quiet < copyQuietMs) return true;
  const size = await content.size();
  return alike.some((each) => size !== null && size < leastSizeOf(each));
}

/** How much of its beginning a copy must have in common with a known file: the less its name says, the more. */
function leastHeadOf({ names }: State, { path }: FoundFile, isRotation: boolean): number {
  if (isRotation) return 1;
  return isRotationOf(path, names) ? shortHeadBytes : headBytes;
}

const wasThere = ({ bornMs, mtimeMs }: FoundFile, at: number | null): boolean =>
  at === null || Math.min(bornMs, mtimeMs) <= at;

/** Whether there is something to read: also a file that was taken for finished may have grown since, and its copy holds all of it. */
async function hasMore(content: Content, { file, readTo }: KnownFile): Promise<boolean> {
  if (!file.finished) return true;
  // A compressed file of which nothing is read was there before a source that begins at the end.
  if (readTo === 0 && (await content.size()) === null) return false;
  return (await content.read(new Uint8Array(1), readTo)) > 0;
}

/** A file never seen before; at the first start ever it is read from its end where the source says so. */
async function makeKnown(
  { parts, known, aliveAt }: State,
  found: FoundFile,
  content: Content,
): Promise<KnownFile> {
  const fromEnd = aliveAt === null && parts.start === 'end';
  const { device, inode } = await content.identity();
  const head = await content.head();
  const size = await content.size();
  const offset = fromEnd ? (size === null ? 0 : await lastLineEnd(content, size)) : await firstText(content);
  const file = {
    id: parts.newId(),
    source: parts.source,
    path: found.path,
    device,
    inode,
    headHash: hashOf(head),
    headLength: head.length,
    offset,
    tail: null,
    lastLine: null,
    finished: fromEnd && size === null,
  };
  await parts.memory.create(file);
  const made = knownFrom(file);
  known.set(file.id, made);
  return made;
}

interface Adoption {
  readonly found: FoundFile;
  readonly content: Content;
  readonly known: KnownFile;
}

/** Begins to read a file that is known by now, under whatever name and inode it is found. */
async function adopt(state: State, { found, content, known }: Adoption): Promise<void> {
  const { path } = found;
  const { device, inode } = await content.identity();
  const isCopy = known.file.inode !== inode || known.file.device !== device;
  known.file = { ...known.file, finished: false };
  if (isCopy || known.file.path !== path) {
    known.file = { ...known.file, path, device, inode };
    await state.parts.memory.identify(known.file);
  }
  if (known.readTo === known.file.offset) await resume(content, known);
  const { source, memory, clock } = state.parts;
  const look = lookOf(found);
  const { handOver } = state;
  const file = followFile({ source, content, known, path, look, finite: isCopy, memory, clock, handOver });
  state.files.set(keyOf({ device, inode }), file);
}

/** What stands under an open file is another content now: it is a file of its own, read from its beginning. */
async function beginAnew(state: State, key: string, file: FollowedFile): Promise<void> {
  state.files.delete(key);
  // What was passed over as a copy of it may be all that is left of it.
  state.done.clear();
  const { content, path } = file;
  try {
    const found = { path, ...(await content.identity()), size: 0, mtimeMs: 0, bornMs: 0 };
    await adopt(state, { found, content, known: await makeKnown(state, found, content) });
  } catch (error) {
    await content.close();
    throw error;
  }
}

async function noteAlive(state: State, at: number): Promise<void> {
  const { parts, complaints, unopened, awaited } = state;
  // What could not be opened yet is not known, and may come back as a rotation.
  if (state.aliveAt !== null && complaints.size + unopened.size + awaited.size > 0) return;
  state.aliveAt = at;
  if (at - state.aliveNoted < aliveEveryMs) return;
  state.aliveNoted = at;
  await parts.memory.alive(parts.source, at);
}

function giveUp(state: State, known: KnownFile, unread: number): void {
  state.known.delete(known.file.id);
  if (unread === 0) return;
  const reason = `${unread} bytes of a file were cut off before they could be read, and no copy of it was found`;
  state.parts.log(`source ${state.parts.source}: ${known.file.path}: ${reason}`);
  state.parts.reject({ source: state.parts.source, lines: 0, reason, sample: known.file.path });
}

async function closeQuiet(state: State, found: readonly FoundFile[]): Promise<void> {
  const named = new Set(found.map(keyOf));
  for (const [key, file] of Array.from(state.files)) {
    file.left = !named.has(key);
    if (!(await isOver(state, file)) || file.underWay()) continue;
    await file.finish();
    await file.settled();
    await retire(state, key, file);
    state.done.set(key, file.look);
    file.known.file = { ...file.known.file, finished: true };
    await state.parts.memory.finish(file.known.file.id);
  }
}

/** Whether nothing more will be written to a file that is read to its end. */
async function isOver(
  { parts }: State,
  { content, path, left, finite, quietSince }: FollowedFile,
): Promise<boolean> {
  const quietMs = parts.clock() - quietSince;
  if (isCompressed(path)) return quietMs > 0 && (await content.size()) !== null;
  if (left && quietMs >= (parts.leftQuietMs ?? leftQuietMs)) return true;
  if (quietMs < finiteQuietMs) return false;
  return left && (finite || !(await content.hasName()));
}

async function retire(state: State, key: string, file: FollowedFile): Promise<void> {
  state.files.delete(key);
  await file.content.close();
}

/** Closes the file that is quiet longest; it is opened again once it looks different. */
async function makeRoom(state: State): Promise<boolean> {
  const quiet = [...state.files].filter(
    ([, file]) => !file.underWay() && state.parts.clock() - file.quietSince >= idleQuietMs,
  );
  const [key, file] = quiet.sort(([, a], [, b]) => a.quietSince - b.quietSince)[0] ?? [];
  if (key === undefined || !file) return false;
  await retire(state, key, file);
  return true;
}

function faultOf({ parts, complaints, unopened }: State, found: readonly FoundFile[]): SourceHealth['fault'] {
  const named = new Set(found.map(({ path }) => path));
  if (found.length === 0 || parts.paths.some((path) => !isPattern(path) && !named.has(path)))
    return 'missing';
  if (complaints.size > 0) return 'unreadable';
  return unopened.size > 0 ? 'overloaded' : null;
}

function behindOf({ files }: State): number {
  let bytes = 0;
  for (const { size, known } of files.values()) bytes += Math.max(0, size - known.readTo);
  return bytes;
}
