import type { LogEntry } from './api/services.ts';
import type { HandOver } from './ingest/source.ts';

export interface HandOverLogParts {
  readonly log: (entry: LogEntry) => void;
  /** Epoch ms. */
  readonly now: () => number;
}

/** The same hand-over, with each turn of a source told for debugging: how much it was and how long until it was durable, no line of it. */
export const withHandOverLog =
  (handOver: HandOver, { log, now }: HandOverLogParts): HandOver =>
  async (chunk) => {
    const begun = now();
    // The bytes are the pipeline's from here on.
    const bytes = chunk.bytes.length;
    const receipt = await handOver(chunk);
    const { received, stored, unparsed } = receipt;
    const at = chunk.origin.file === null ? '' : ` at ${chunk.origin.file.offset}`;
    log({
      level: 'debug',
      event: 'source:stored',
      detail: `${chunk.origin.source}: ${bytes} bytes${at}, ${received} lines, ${stored} stored, ${unparsed} unparsed, ${Math.max(0, now() - begun)} ms`,
    });
    return receipt;
  };
