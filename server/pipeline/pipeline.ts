import { emptyEvent } from '../../shared/event/empty-event.ts';
import { fieldNames, type SiagaEvent } from '../../shared/event/fields.ts';
import { createAggregator } from '../aggregate/aggregator.ts';
import type { Detection, DetectionEngine } from '../detect/detection.ts';
import type { AddressLookup } from '../enrich/address-lookup.ts';
import { createEnricher, type Enrich } from '../enrich/enricher.ts';
import { createFindClient, type FindClient } from '../enrich/proxies.ts';
import type { ChunkOrigin } from '../ingest/source.ts';
import { createLineParser, type LineParser } from '../ingest/parsers/line-parser.ts';
import type { LoginRecognition } from '../config/configuration.ts';
import { createBatch } from './batch.ts';
import { createChunkCount } from './chunk-count.ts';
import { eachLine } from './lines.ts';
import type { FromPipeline, LineSource, PipelineSetup, ToPipeline } from './messages.ts';
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
  /** Takes chunks of that source as history from now on: stored, and neither judged nor counted into seconds. */
  addHistory(source: LineSource): void;
  replay(events: Extract<ToPipeline, { kind: 'replay' }>['events']): void;
  tick(now: number): void;
  /** Sends the rows gathered so far, if any. */
  flush(): void;
}

interface SourceState {
  readonly parse: LineParser;
  readonly findClient: FindClient;
  readonly logins: LoginRecognition | null;
  /** Of history its own: what is learnt from it never reaches live events. */
  readonly enrich: Enrich;
  readonly isHistory: boolean;
}

/** Events read back whose accounts are told of together; fewer than the accounts that a second may sight. */
const replayedAtOnce = 5_000;

export function createPipeline({ setup, engine, lookUp, send }: PipelineParts): Pipeline {
  const enrich = createEnricher({ ...setup, lookUp });
  const sources = new Map(setup.sources.map((source) => [source.id, stateOf(source, enrich)]));
  const aggregator = createAggregator();
  const batch = createBatch(send);
  const number = numberFrom(setup.lastSequence);
  let found: Detection[] = [];
  const report = (detection: Detection): void => void found.push(detection);
  const sendFound = (): void => {
    if (found.length > 0) send({ kind: 'detections', detections: found }, []);
    found = [];
  };
  const sendAccounts = (): void => send({ kind: 'accounts', heard: aggregator.takeAccounts() }, []);
  const judge = (event: SiagaEvent): void => {
    engine.push(event, report);
    aggregator.add(event);
  };

  return {
    chunk: ({ id, origin, receivedAt, bytes, long }) => {
      const source = sources.get(origin.source);
      if (!source) throw new Error(`chunk of an unknown source: ${origin.source}`);
      const count = createChunkCount();
      batch.beginChunk(receivedAt);
      eachLine(bytes, (line, offset, form) => {
        const event = readLine(source.parse, line, long ? { ...form, ...long } : form, receivedAt);
        const hasOwnTime = event['@timestamp'] !== 0;
        number.next(event);
        place(event, origin, offset, receivedAt);
        count.add(event, hasOwnTime && !source.isHistory);
        source.findClient(event);
        source.enrich(event, source.logins);
        if (source.isHistory) event['siaga.history'] = 'import';
        else judge(event);
        batch.add(event, form.bytes);
      });
      sendFound();
      batch.endChunk(count.done(id, number.last()));
    },
    addHistory: (source) =>
      void sources.set(source.id, historyOf(source, createEnricher({ ...setup, lookUp }))),
    replay: (events) => {
      for (const [index, stored] of events.entries()) {
        judge(revive(stored));
        if ((index + 1) % replayedAtOnce === 0) sendAccounts();
      }
      sendFound();
      sendAccounts();
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

const historyOf = (source: LineSource, enrich: Enrich): SourceState => ({
  ...stateOf(source, enrich),
  isHistory: true,
});

function stateOf(source: LineSource, enrich: Enrich): SourceState {
  const { kind, format, logins, trustedProxies, zone, fields } = source;
  const options = { ...(zone && { zone }), ...(fields && { fields }) };
  const parse =
    kind === 'syslog'
      ? createLineParser('syslog', { ...options, inner: format })
      : createLineParser(format, options);
  return { parse, findClient: createFindClient(trustedProxies), logins, enrich, isHistory: false };
}

/** Gives each event the number after the one before. */
function numberFrom(last: number): { next(event: SiagaEvent): void; last(): number } {
  let sequence = last;
  return {
    next: (event) => {
      sequence += 1;
      event['event.sequence'] = sequence;
    },
    last: () => sequence,
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
