import { openContent, type Content } from './content.ts';
import { keyOf, relativesOf, type FoundFile } from './file-patterns.ts';
import { isRestOf, type KnownFile } from './known-files.ts';

/** How long the rest of a file is looked for, ms: a rotation that compresses has its time. */
const searchMs = 60_000;

/** Files whose name leads elsewhere or whose content was cut off: their rest is looked for among the files beside them. */
export interface LostFiles {
  isBegun(): boolean;
  /** Files that were not found at the start. */
  begin(files: readonly KnownFile[]): void;
  /** `unread`: bytes that were seen behind what was read. */
  add(known: KnownFile, path: string, unread: number): void;
  /** Looks once at each relative of each lost file. */
  search(): Promise<void>;
}

interface LostFile {
  readonly known: KnownFile;
  readonly path: string;
  readonly unread: number;
  readonly since: number;
}

export interface LostFilesParts {
  readonly clock: () => number;
  readonly isOpen: (key: string) => boolean;
  /** Whether it is too new to be a whole copy. */
  readonly isBeingWritten: (found: FoundFile) => boolean;
  /** Whether it was found by its name meanwhile. */
  readonly isFound: (known: KnownFile) => boolean;
  /** Which known file it is by all that is known of it. */
  readonly recognise: (content: Content) => Promise<KnownFile | null>;
  readonly adopt: (found: FoundFile, content: Content, known: KnownFile) => Promise<void>;
  readonly giveUp: (known: KnownFile, unread: number) => void;
}

export function createLostFiles(parts: LostFilesParts): LostFiles {
  const { clock, isOpen, isBeingWritten, isFound, adopt, giveUp } = parts;
  let lost: LostFile[] = [];
  let begun = false;

  /** Whether a file is what is left of a lost one, and not rather another that is known. */
  const isRest = async (content: Content, found: FoundFile, known: KnownFile): Promise<boolean> => {
    if (keyOf(await content.identity()) !== keyOf(found)) return false;
    if (!(await content.isWhole()) || !(await isRestOf(content, known))) return false;
    return [null, known].includes(await parts.recognise(content));
  };

  const findRest = async ({ known, path }: LostFile): Promise<boolean> => {
    for (const found of await relativesOf(path)) {
      if (isOpen(keyOf(found))) continue;
      if (keyOf(found) !== keyOf(known.file) && isBeingWritten(found)) continue;
      const content = await openContent(found.path).catch(() => null);
      if (!content) continue;
      let adopted = false;
      try {
        if (!(await isRest(content, found, known).catch(() => false))) continue;
        await adopt(found, content, known);
        adopted = true;
        return true;
      } finally {
        if (!adopted) await content.close();
      }
    }
    return false;
  };

  return {
    isBegun: () => begun,
    begin: (files) => {
      begun = true;
      for (const known of files) lost.push({ known, path: known.file.path, unread: 0, since: clock() });
    },
    add: (known, path, unread) => void lost.push({ known, path, unread, since: clock() }),
    search: async () => {
      for (const each of lost) {
        const found = isFound(each.known) || (await findRest(each));
        if (!found && clock() - each.since < searchMs) continue;
        lost = lost.filter((other) => other !== each);
        if (!found) giveUp(each.known, each.unread);
      }
    },
  };
}
