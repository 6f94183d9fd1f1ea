import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';
import { headSchema } from './head-file.ts';
import type { KnownHead } from './verify-audit.ts';

/** Heads of a file that are held against the log: those of more than a century, told each hour. */
export const maxHeadsRead = 1_000_000;
/** Longest line of such a file, characters. */
const maxHeadLine = 2_000;

/** The heads in a file as the export writes it, one JSON object a line; throws at the first line that is none. */
export async function readHeads(file: string): Promise<KnownHead[]> {
  const heads: KnownHead[] = [];
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file, 'utf8') })) {
    number += 1;
    if (line.trim() === '') continue;
    if (heads.length >= maxHeadsRead) throw new Error(`${file}: found more than ${maxHeadsRead} heads`);
    heads.push(headOf(line, `${file}:${number}`));
  }
  return heads;
}

function headOf(line: string, place: string): KnownHead {
  try {
    if (line.length > maxHeadLine) throw new Error('too long');
    const { seq, hash } = z.parse(headSchema, JSON.parse(line));
    return { seq, hash };
  } catch {
    throw new Error(`${place}: found no head, expected {"seq": …, "hash": …}`);
  }
}
