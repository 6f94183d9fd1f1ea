import type { Party } from '../../shared/party.ts';
import type { Second } from '../aggregate/aggregator.ts';
import type { GeoConfiguration, SourceConfiguration } from '../config/configuration.ts';
import type { Detection, EngineHealth } from '../detect/detection.ts';
import type { ChunkOrigin } from '../ingest/source.ts';

/** The message contract between the main thread and the pipeline worker. Byte buffers are transferred, never copied. */

/** What the worker is started with. */
export interface PipelineSetup {
  readonly sources: readonly Pick<SourceConfiguration, 'id' | 'format' | 'logins' | 'trustedProxies'>[];
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
    }
  /** Past events, oldest first, to rebuild what the engine and the sliding counts knew; nothing of them is stored again. */
  | { readonly kind: 'replay'; readonly events: readonly Record<string, string | number | null>[] }
  | { readonly kind: 'tick'; readonly now: number }
  | { readonly kind: 'stop' };

export type FromPipeline =
  | { readonly kind: 'ready'; readonly longestWindowMs: number }
  | { readonly kind: 'detections'; readonly detections: readonly Detection[] }
  /** Rows for one insert; `chunks` are those with rows in it, `done` those that end in it. Batches come in order. */
  | {
      readonly kind: 'batch';
      readonly tsv: Uint8Array<ArrayBuffer>;
      readonly rows: number;
      readonly done: readonly { readonly id: number; readonly received: number; readonly unparsed: number }[];
    }
  | {
      readonly kind: 'second';
      readonly now: number;
      readonly second: Second;
      readonly engine: EngineHealth;
    }
  | { readonly kind: 'stopped' };
