import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { TimedHead } from '../../shared/api/audit.ts';
import type { StateDb } from '../store/state/state-store.ts';
import type { AuditLog } from './audit-log.ts';
import type { KnownHead } from './verify-audit.ts';

/** A head as it is kept and sent; other keys are for whoever adds them. */
export const headSchema = z.object({
  at: z.optional(z.number()),
  seq: z.int().check(z.minimum(0)),
  hash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
});

/** The newest head, beside the store: the end of the log can't be cut off in the store alone. */
export const headFileOf = (dataDir: string): string => join(dataDir, 'audit-head.json');
/** The one that the log was found not to hold at a start; kept, since the next would hide it. */
export const brokenHeadFileOf = (dataDir: string): string => join(dataDir, 'audit-head.broken.json');

/** The heads that the data folder knows of its own log; throws when a file that is there makes no sense. */
export function readHeadFiles(dataDir: string): KnownHead[] {
  return [headFileOf(dataDir), brokenHeadFileOf(dataDir)].flatMap((file) => readHeadFile(file) ?? []);
}

function readHeadFile(file: string): KnownHead | null {
  if (!existsSync(file)) return null;
  try {
    return z.parse(headSchema, JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new Error(`${file}: found no head of an audit log, expected {"seq": …, "hash": …}`);
  }
}

/** Keeps the head in the file. */
export interface HeadKeeper {
  /** Writes the file if there is news; rejects when it can't. */
  keep(): Promise<void>;
}

/**
 * Takes over the head file of the data folder. One that the log doesn't hold is put aside first, so that the writing of new heads
 * takes no proof away; `broken` says so.
 */
export async function openHeadKeeper(
  dataDir: string,
  { db, audit, now }: { readonly db: StateDb; readonly audit: AuditLog; readonly now: () => number },
): Promise<HeadKeeper & { readonly broken: boolean }> {
  const file = headFileOf(dataDir);
  const broken = !(await holds(db, file));
  if (broken && !existsSync(brokenHeadFileOf(dataDir))) renameSync(file, brokenHeadFileOf(dataDir));
  let kept = -1;
  return {
    broken,
    keep: async () => {
      const written = audit.written();
      if (written === kept) return;
      writeWhole(file, `${JSON.stringify({ at: now(), ...(await audit.head()) } satisfies TimedHead)}\n`);
      kept = written;
    },
  };
}

async function holds(db: StateDb, file: string): Promise<boolean> {
  let known: KnownHead | null;
  try {
    known = readHeadFile(file);
  } catch {
    return false;
  }
  if (known === null || known.seq === 0) return true;
  const row = await db.selectFrom('audit').select('hash').where('seq', '=', known.seq).executeTakeFirst();
  return row?.hash === known.hash;
}

/** Readable by its owner only, and never half written. */
function writeWhole(file: string, text: string): void {
  const next = `${file}.next`;
  writeFileSync(next, text, { mode: 0o600, flush: true });
  chmodSync(next, 0o600);
  renameSync(next, file);
}
