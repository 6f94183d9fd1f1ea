import { emptyEvent } from '../../shared/event/empty-event.ts';
import { fieldNames, type SiagaEvent } from '../../shared/event/fields.ts';
import { createAggregator } from '../aggregate/aggregator.ts';
import type { Detection, DetectionEngine } from '../detect/detection.ts';
import type { AddressLookup } from '../enrich/address-lookup.ts';
import { createEnricher } from '../enrich/enricher.ts';
import { createFindClient, type FindClient } from '../enrich/proxies.ts';
import type { ChunkOrigin } from '../ingest/source.ts';
import { createLineParser, type LineParser } from '../ingest/parsers/line-parser.ts';
import type { LoginRecognition } from '../config/configuration.ts';
import { createBatch } from './batch.ts';
import { eachLine } from './lines.ts';
import type { FromPipeline, PipelineSetup, ToPipeline } from './messages.ts';
import { readLine } from './read-line.ts';

export interface PipelineParts {
  readonly setup: PipelineSetup;
  readonly engine: DetectionEngine;
  readonly lookUp: AddressLookup;
  readonly send: (message: FromPipeline, transfer: ArrayBuffer[]) => void;
}

/** parse → enrich → detect → aggregate for whole chunks. It has no clock: times come with the messages. */
export interface Pipeline {
  chunk(message: Extract<ToPipeline, { kind: 'chunk' }>): void;
  replay(events: Extract<ToPipeline, { kind: 'replay' }>['events']): void;
  tick(now: number): void;
  /** Sends the rows gathered so far, if any. */
  flush(): void;
}

interface SourceState {
  readonly parse: LineParser;
  readonly findClient: FindClient;
  readonly logins: LoginRecognition | null;
  unparsed: number;
}

const clean = /^[^\\\t\r\0]*$/;

export function createPipeline({ setup, engine, lookUp, send }: PipelineParts): Pipeline {
  const sources = new Map(setup.sources.map((source) => [source.id, stateOf(source)]));
  const enrich = createEnricher({ ...setup, lookUp });
  const aggregator = createAggregator();
  const batch = createBatch(send);
  const number = numberFrom(setup.lastSequence);
  let found: Detection[] = [];
  const report = (detection: Detection): void => void found.push(detection);
  const sendFound = (): void => {
    if (found.length > 0) send({ kind: 'detections', detections: found }, []);
    found = [];
  };
  const judge = (event: SiagaEvent): void => {
    engine.push(event, report);
    aggregator.add(event);
  };

  return {
    chunk: ({ id, origin, receivedAt, bytes }) => {
      const source = sources.get(origin.source);
      if (!source) throw new Error(`chunk of an unknown source: ${origin.source}`);
      const unparsedBefore = source.unparsed;
      batch.beginChunk(receivedAt);
      const received = eachLine(bytes, (line, offset, form) => {
        const event = readLine(source.parse, line, form.length);
        if (event['event.dataset'] === 'unparsed') source.unparsed += 1;
        number(event);
        place(event, origin, offset, receivedAt);
        source.findClient(event);
        enrich(event, source.logins);
        judge(event);
        batch.add(event, {
          bytes: form.bytes,
          clean: event['event.dataset'] === 'access' && clean.test(line),
        });
      });
      sendFound();
      batch.endChunk({ id, received, unparsed: source.unparsed - unparsedBefore });
    },
    replay: (events) => {
      for (const stored of events) judge(revive(stored));
      sendFound();
      aggregator.close(0);
    },
    tick: (now) => {
      engine.drain(now, report);
      sendFound();
      send({ kind: 'second', now, second: aggregator.close(now), engine: engine.health() }, []);
    },
    flush: () => batch.flush(),
  };
}

function stateOf({ format, logins, trustedProxies }: PipelineSetup['sources'][number]): SourceState {
  const findClient = createFindClient(trustedProxies);
  return { parse: createLineParser(format), findClient, logins, unparsed: 0 };
}

/** Gives each event the number after the one before. */
function numberFrom(last: number): (event: SiagaEvent) => void {
  let sequence = last;
  return (event) => {
    sequence += 1;
    event['event.sequence'] = sequence;
  };
}

/** Where the line came from and when; without a time of its own it happened when it arrived. */
function place(event: SiagaEvent, { source, file }: ChunkOrigin, offset: number, receivedAt: number): void {
  event['siaga.source'] = source;
  event['event.ingested'] = receivedAt;
  if (event['@timestamp'] === 0) event['@timestamp'] = receivedAt;
  if (!file) return;
  event['log.file.id'] = file.id;
  event['log.offset'] = file.offset + offset;
}

function revive(stored: Record<string, string | number | null>): SiagaEvent {
  const event = emptyEvent() as Record<string, string | number | null>;
  for (const name of fieldNames) {
    const value = stored[name];
    if (value !== undefined) event[name] = value;
  }
  return event as SiagaEvent;
}
