import type { SiagaEvent } from '../../../shared/event/fields.ts';
import type { Detection, DetectionEngine } from '../../detect/detection.ts';
import type { AddressLookup } from '../../enrich/address-lookup.ts';
import { createEnricher } from '../../enrich/enricher.ts';
import { createFindClient } from '../../enrich/proxies.ts';
import { createLineParser } from '../../ingest/parsers/line-parser.ts';
import { eachLine } from '../../pipeline/lines.ts';
import { readLine } from '../../pipeline/read-line.ts';
import { maxPieceBytes, reasonOf, wholeLines, type LogFile } from '../log-files.ts';
import { createDetectionLog } from './detection-log.ts';
import { createEventClock } from './event-clock.ts';
import { mergeByTime, type NextBatch } from './event-merge.ts';
import type { FileSettings, ScanSettings } from './scan-settings.ts';

export interface ScanParts {
  readonly files: readonly LogFile[];
  readonly settings: ScanSettings;
  readonly engine: DetectionEngine;
  readonly lookUp: AddressLookup;
  /** Time of lines without one where no line has one; epoch ms. */
  readonly now: number;
  readonly onRead: (bytes: number) => void;
  /** Detections that are complete. */
  readonly onEnded: (detections: readonly Detection[]) => Promise<void>;
  /** A file could not be read to its end; the others go on. */
  readonly onFailure: (file: LogFile, reason: string) => Promise<void>;
}

export interface ScanSummary {
  readonly lines: number;
  /** Lines that no parser understood. */
  readonly rejected: number;
  readonly detections: number;
}

interface Read {
  readonly event: SiagaEvent;
  readonly judge: Judge;
}

/** One file needs no merging and is read in large pieces; of many each is held in small ones. */
const mergedPieceBytes = 65_536;

/**
 * Judges the lines of all files in order of event time, as if they came in now: an event arrived when it happened, or when the
 * newest before it did, if that is later. So history gives the detections that a live run of it would have given.
 */
export async function scan(parts: ScanParts): Promise<ScanSummary> {
  const { engine, files, settings } = parts;
  const enrich = createEnricher({ parties: settings.parties, accounts: [], lookUp: parts.lookUp });
  const clock = createEventClock(parts.now);
  const log = createDetectionLog(engine.longestWindowMs, () => clock.newest);
  const counts = { lines: 0, rejected: 0, detections: 0 };
  const hand = async (detections: readonly Detection[]): Promise<void> => {
    counts.detections += detections.length;
    if (detections.length > 0) await parts.onEnded(detections);
  };
  const settle = async (): Promise<void> => {
    engine.drain(clock.newest, log.take);
    await hand(log.ended());
  };
  const judgeFor = ({ logins, trustedProxies }: FileSettings): Judge => {
    const findClient = createFindClient(trustedProxies);
    const judge: Judge = (event) => {
      findClient(event);
      enrich(event, logins);
      engine.push(event, log.take);
    };
    return (event) => {
      counts.lines += 1;
      if (event['event.dataset'] === 'unparsed') counts.rejected += 1;
      event['event.sequence'] = counts.lines;
      clock.stamp(event, judge);
    };
  };
  await readAll(files, parts, judgeFor, settle);
  clock.finish();
  await settle();
  await hand(log.rest());
  return counts;
}

type Judge = (event: SiagaEvent) => void;

/** Hands each event to its file's judge, in order of time, and pauses now and then for `settle`. */
async function readAll(
  files: readonly LogFile[],
  parts: ScanParts,
  judgeFor: (settings: FileSettings) => Judge,
  settle: () => Promise<void>,
): Promise<void> {
  const judgeOf = (file: LogFile): Judge => judgeFor(parts.settings.of(file.name));
  const [only, ...more] = files;
  if (only !== undefined && more.length === 0) {
    const judge = judgeOf(only);
    for await (const read of pieces(only, parts, maxPieceBytes)) {
      read(judge);
      await settle();
    }
    return;
  }
  await mergeByTime(
    files.map((file) => batches(file, parts, judgeOf(file))),
    ({ event }) => event['@timestamp'],
    ({ event, judge }) => judge(event),
    settle,
  );
}

type ReadPiece = (take: (event: SiagaEvent) => void) => void;

/** The file's pieces, each as what gives its events. */
async function* pieces(file: LogFile, parts: ScanParts, pieceBytes: number): AsyncGenerator<ReadPiece> {
  const { format, ...options } = parts.settings.of(file.name);
  const parse = createLineParser(format, options);
  try {
    for await (const piece of wholeLines(file, { pieceBytes, onRead: parts.onRead }))
      yield (take) => {
        eachLine(piece, (line, _offset, form) => {
          const event = readLine(parse, line, form, parts.now);
          event['siaga.source'] = file.name;
          take(event);
        });
      };
  } catch (error) {
    await parts.onFailure(file, reasonOf(error));
  }
}

function batches(file: LogFile, parts: ScanParts, judge: Judge): NextBatch<Read> {
  const source = pieces(file, parts, mergedPieceBytes);
  return async () => {
    const { done, value: read } = await source.next();
    if (done) return null;
    const batch: Read[] = [];
    read((event) => batch.push({ event, judge }));
    return batch;
  };
}
