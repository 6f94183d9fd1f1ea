import { fail, ok, type Result } from '../../../shared/result.ts';
import { batchFileId } from '../../store/state/batches.ts';
import type { BatchRow } from '../../store/state/schema.ts';
import type { BatchMark, ChunkOrigin, ChunkReceipt } from '../source.ts';

/** A batch as its sender gave it: lines, and under which id they may come again. */
export interface SentBatch {
  readonly id: string;
  /** SHA-256 of the body, hex. */
  readonly digest: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What of a batch is to be stored now. */
export interface BatchRest {
  readonly origin: ChunkOrigin;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly batch: BatchMark;
}

/** Sees to it that a batch is stored once, however often and however close together it is sent. */
export interface BatchDesk {
  /**
   * Hands to `store` what of the batch is not stored yet, and answers as the first time when all is. `conflict`: the id came
   * before with another content.
   */
  take(
    sent: SentBatch,
    store: (rest: BatchRest) => Promise<ChunkReceipt>,
  ): Promise<Result<ChunkReceipt, 'conflict'>>;
}

export interface BatchDeskParts {
  readonly source: string;
  readonly find: (source: string, id: string) => Promise<BatchRow | null>;
  /** Lines came again that are stored already. */
  readonly repeat: (lines: number) => void;
  readonly log: (message: string) => void;
}

const lineFeed = 10;

export function createBatchDesk({ source, find, repeat, log }: BatchDeskParts): BatchDesk {
  const underWay = new Map<string, { digest: string; begun: Promise<Begun> }>();

  const conflict = ({ id, digest }: SentBatch, before: string): Result<never, 'conflict'> => {
    log(`source ${source}: batch ${JSON.stringify(id)} came with content ${digest}, before with ${before}`);
    return fail('conflict', 'this id came before with another content; expected a new id for new lines');
  };
  const again = (receipt: ChunkReceipt): Result<ChunkReceipt, never> => {
    repeat(receipt.received);
    return ok(receipt);
  };

  return {
    take: async (sent, store) => {
      const other = underWay.get(sent.id);
      if (other) {
        if (other.digest !== sent.digest) return conflict(sent, other.digest);
        const { before, receipt } = await other.begun;
        return before === null ? again(receipt) : conflict(sent, before);
      }
      const begun = begin(source, sent, find, store);
      begun.catch(() => undefined);
      underWay.set(sent.id, { digest: sent.digest, begun });
      try {
        const outcome = await begun;
        if (outcome.before !== null) return conflict(sent, outcome.before);
        return outcome.again ? again(outcome.receipt) : ok(outcome.receipt);
      } finally {
        underWay.delete(sent.id);
      }
    },
  };
}

interface Begun {
  readonly receipt: ChunkReceipt;
  /** Digest of what came before under this id, when it is another. */
  readonly before: string | null;
  readonly again: boolean;
}

const nothing: ChunkReceipt = { received: 0, stored: 0, unparsed: 0, rejected: [], unparsedLines: [] };

async function begin(
  source: string,
  sent: SentBatch,
  find: BatchDeskParts['find'],
  store: (rest: BatchRest) => Promise<ChunkReceipt>,
): Promise<Begun> {
  const known = await find(source, sent.id);
  // From what was found stored after a crash only the digest's first half is known.
  if (known && !sent.digest.startsWith(known.digest))
    return { receipt: nothing, before: known.digest, again: false };
  const before = known ? (JSON.parse(known.receipt) as ChunkReceipt) : nothing;
  if (known && known.last_line === null) return { receipt: before, before: null, again: true };
  const offset =
    known?.last_line === undefined || known.last_line === null ? 0 : behindLine(sent.bytes, known.last_line);
  const { id, digest } = sent;
  const receipt = await store({
    origin: { source, file: { id: batchFileId(source, id, digest), offset } },
    bytes: sent.bytes.slice(offset),
    batch: { id, digest, before: { received: before.received, unparsed: before.unparsed } },
  });
  return { receipt: whole(before, receipt), before: null, again: false };
}

/** The answer to a batch whose first lines were stored before a crash. */
function whole(before: ChunkReceipt, rest: ChunkReceipt): ChunkReceipt {
  return {
    received: before.received + rest.received,
    stored: before.stored + rest.stored,
    unparsed: before.unparsed + rest.unparsed,
    rejected: rest.rejected,
    unparsedLines: rest.unparsedLines.map(({ line, reason }) => ({ line: line + before.received, reason })),
  };
}

function behindLine(bytes: Uint8Array, lineStart: number): number {
  const end = bytes.indexOf(lineFeed, lineStart);
  return end < 0 ? bytes.length : end + 1;
}
