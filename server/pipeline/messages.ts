import type { Party } from '../../shared/party.ts';
import type { AccountsHeard } from '../aggregate/account-sightings.ts';
import type { Second } from '../aggregate/aggregator.ts';
import type { GeoConfiguration, SourceConfiguration } from '../config/configuration.ts';
import type { Detection, EngineHealth } from '../detect/detection.ts';
import type { EventBatch } from '../store/events/event-store.ts';
import type { ChunkOrigin, LineComplaint, LongLine } from '../ingest/source.ts';

/** The message contract between the main thread and the pipeline worker. Byte buffers are transferred, never copied. */

/** What the worker needs of a source. */
export type LineSource = Pick<
  SourceConfiguration,
  'id' | 'kind' | 'format' | 'zone' | 'fields' | 'logins' | 'trustedProxies'
>;

/** What the worker is started with. */
export interface PipelineSetup {
  readonly sources: readonly LineSource[];
  readonly parties: readonly Party[];
  readonly geo: GeoConfiguration;
  readonly ruleDirs: readonly string[];
  readonly signalAlertScore: number;
  /** Account name to party id, as learnt before. */
  readonly accounts: readonly (readonly [string, string])[];
  /** The newest `event.sequence` stored. */
  readonly lastSequence: number;
}

export type ToPipeline =
  | {
      readonly kind: 'chunk';
      readonly id: number;
      readonly origin: ChunkOrigin;
      readonly receivedAt: number;
      readonly bytes: Uint8Array<ArrayBuffer>;
      /** Set when `bytes` is the head of one long line. */
      readonly long: LongLine | null;
    }
  /** Chunks of this source, which follow, are history. */
  | { readonly kind: 'history'; readonly source: LineSource }
  /** Past events, oldest first, to rebuild what the engine and the sliding counts knew; nothing of them is stored again. */
  | { readonly kind: 'replay'; readonly events: readonly Record<string, string | number | null>[] }
  | { readonly kind: 'tick'; readonly now: number }
  | { readonly kind: 'stop' };

/** What a chunk came to. */
export interface ChunkDone {
  readonly id: number;
  readonly received: number;
  readonly unparsed: number;
  /** Lines whose own time lies more than `lateAfterMs` before their arrival. */
  readonly late: number;
  /** Newest time of its own that a line has, epoch ms; `null` when none has one. */
  readonly newest: number | null;
  /** `event.sequence` of its last line; of the line before when it has none. */
  readonly sequence: number;
  readonly unparsedLines: readonly LineComplaint[];
}

export type FromPipeline =
  | { readonly kind: 'ready'; readonly longestWindowMs: number }
  /** Accounts in events that were read back; those of running seconds come with the second. */
  | { readonly kind: 'accounts'; readonly heard: AccountsHeard }
  | { readonly kind: 'detections'; readonly detections: readonly Detection[] }
  /** Rows for one insert; `chunks` are those with rows in it, `done` those that end in it. Batches come in order. */
  | {
      readonly kind: 'batch';
      readonly batch: EventBatch;
      readonly done: readonly ChunkDone[];
    }
  | {
      readonly kind: 'second';
      readonly now: number;
      readonly second: Second;
      readonly engine: EngineHealth;
    }
  | { readonly kind: 'stopped' };
