import { open } from 'node:fs/promises';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Control } from '../control/control.ts';
import { openContent, type Content } from '../ingest/sources/content.ts';
import { beginsAs, hashOf, headBytes } from '../ingest/sources/file-identity.ts';
import type { RememberedFile } from '../ingest/sources/file-memory.ts';
import { resume } from '../ingest/sources/followed-file.ts';
import type { ImportDone, ImportPiece, ImportSettings } from '../ingest/sources/import-desk.ts';
import { knownFrom, recognise } from '../ingest/sources/known-files.ts';
import { createLineReader } from '../ingest/sources/read-lines.ts';

/** How long another import into the same source is waited for, ms: one that was killed is still being settled. */
const waitForOthersMs = 15_000;
const retryAfterMs = 250;

export interface ImportCall extends ImportSettings {
  /** Absolute. */
  readonly path: string;
  readonly control: Control;
  /** Bytes of the file that are behind, inflated. */
  readonly onProgress: (bytes: number) => void;
}

/** What a file's import came to; `null` for an empty file. */
export type Imported = Result<ImportDone | null>;

/** Imports what of the file is not stored yet; rejects when it can't be read to its end, or the server is gone. */
export async function importFile(call: ImportCall): Promise<Imported> {
  const content = await openContent(call.path, await isGzip(call.path));
  try {
    const head = await content.head();
    if (head.length === 0) return ok(null);
    for (let waited = 0; ; waited += retryAfterMs) {
      const done = await attempt(call, content, head);
      const isPassing = !done.ok && (done.code === 'busy' || done.code === 'stale');
      if (!isPassing || waited >= waitForOthersMs) return done;
      await new Promise((resolve) => void setTimeout(resolve, retryAfterMs));
    }
  } finally {
    await content.close();
  }
}

async function attempt(
  { path, control, source, format, zone, onProgress }: ImportCall,
  content: Content,
  head: Uint8Array,
): Promise<Imported> {
  const looked = await control.call('import:known', { source, head: Buffer.from(head).toString('base64') });
  if (!looked.ok) return looked;
  const same = await whichOf(content, head, looked.value.files);
  if (!same.ok) return same;
  const known = same.value === null ? null : knownFrom(same.value);
  if (known) await resume(content, known);
  const from = known?.readTo ?? 0;
  onProgress(from);
  let at = from;
  return control.importFile(
    {
      source,
      format,
      zone,
      ticket: looked.value.ticket,
      file: {
        id: same.value?.id ?? null,
        path,
        ...(await content.identity()),
        headHash: hashOf(head),
        headLength: head.length,
      },
      from,
    },
    piecesFrom(content, from),
    ({ end }) => {
      onProgress(end - at);
      at = end;
    },
  );
}

/**
 * Which imported file this is, whatever its name and whether it is compressed; `null` for a new one. A file that begins like one
 * that was imported and doesn't hold what was read last of it is refused: most likely it is an older copy, whose lines are stored.
 */
export async function whichOf(
  content: Content,
  head: Uint8Array,
  files: readonly RememberedFile[],
): Promise<Result<RememberedFile | null>> {
  const same = await recognise(content, files.map(knownFrom), { leastHead: 1, openedAs: () => null });
  if (same !== null) return ok(same.file);
  const alike = files.find((file) => file.headLength === headBytes && beginsAs(head, file));
  if (!alike) return ok(null);
  // Broken off before anything was entered, or behind one endless line: its beginning is all there is to go by.
  if (alike.tail === null) return ok(alike);
  return fail(
    'alike',
    `begins as ${alike.path} did, of which ${alike.offset} bytes are imported, but does not hold the last of them: an older copy, or a file that was changed; if it is another log, import it under another --source`,
  );
}

/** The file's pieces from an offset to its end; a last line without a line feed is a line. */
async function* piecesFrom(content: Content, from: number): AsyncGenerator<ImportPiece> {
  const reader = createLineReader(content, from);
  for (;;) {
    const piece = (await reader.next()) ?? (await reader.rest());
    if (piece === null) return;
    yield { ...piece, offset: reader.offset() };
    reader.taken(piece);
  }
}

/** Whether the file begins as gzip does, whatever its name. */
async function isGzip(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(2);
    await file.read(bytes, 0, 2, 0);
    return bytes[0] === 0x1f && bytes[1] === 0x8b;
  } finally {
    await file.close();
  }
}

/** Bytes that the file holds, inflated; of gzip as its last four bytes say (RFC 1952), which is right for one member below 4 GiB. */
export async function sizeInflated(path: string): Promise<number> {
  const isCompressed = await isGzip(path);
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (!isCompressed || size < 18) return size;
    const bytes = Buffer.alloc(4);
    await file.read(bytes, 0, 4, size - 4);
    return bytes.readUInt32LE();
  } finally {
    await file.close();
  }
}
