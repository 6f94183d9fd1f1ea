import type { SiagaEvent } from '../../shared/event/fields.ts';
import { maxUnparsedListed, type LineComplaint } from '../ingest/source.ts';
import type { ChunkDone } from './messages.ts';

/** A line is late when its own time lies this much before its arrival, ms; rules still count it within their own bound. */
export const lateAfterMs = 120_000;

/** Counts what the lines of one chunk come to. */
export interface ChunkCount {
  add(event: SiagaEvent, hasOwnTime: boolean): void;
  done(id: number, sequence: number): ChunkDone;
}

export function createChunkCount(): ChunkCount {
  let received = 0;
  let unparsed = 0;
  let late = 0;
  let newest = -Infinity;
  const unparsedLines: LineComplaint[] = [];
  return {
    add: (event, hasOwnTime) => {
      received += 1;
      if (event['event.dataset'] === 'unparsed') {
        unparsed += 1;
        if (unparsedLines.length < maxUnparsedListed)
          unparsedLines.push({ line: received, reason: event['error.message'] ?? '' });
      }
      if (!hasOwnTime) return;
      const time = event['@timestamp'];
      if (time > newest) newest = time;
      if (event['event.ingested'] - time > lateAfterMs) late += 1;
    },
    done: (id, sequence) => ({
      id,
      received,
      unparsed,
      late,
      newest: newest === -Infinity ? null : newest,
      sequence,
      unparsedLines,
    }),
  };
}
