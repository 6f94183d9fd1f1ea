import { randomUUID } from 'node:crypto';
import type { FileSourceConfiguration, SourceConfiguration } from './config/configuration.ts';
import type { ExpectedSource } from './coverage/ledger.ts';
import { createFileSource } from './ingest/sources/file-source.ts';
import type { FileMemory } from './ingest/sources/file-memory.ts';
import { createHttpSource, type HttpSource, type HttpSourceParts } from './ingest/sources/http-source.ts';
import type { HandOver, Rejection, Source } from './ingest/source.ts';

export interface SourceParts {
  readonly configuration: readonly SourceConfiguration[];
  readonly memory: FileMemory;
  readonly isStoreFailing: () => boolean;
  readonly committed: HttpSourceParts['committed'];
  readonly findBatch: HttpSourceParts['findBatch'];
  readonly repeat: (source: string, lines: number) => void;
  readonly reject: (source: string, rejection: Rejection) => void;
  /** Epoch ms. */
  readonly now: () => number;
  readonly log: (message: string) => void;
}

/** All configured sources, made but not started. */
export interface Sources {
  readonly http: readonly HttpSource[];
  readonly expected: readonly ExpectedSource[];
  start(handOver: HandOver): Promise<void>;
  stop(): Promise<void>;
}

export function schedule(callback: () => void, afterMs: number): { cancel(): void } {
  const timer = setTimeout(callback, afterMs);
  return { cancel: () => clearTimeout(timer) };
}

export function createSources(parts: SourceParts): Sources {
  const http: HttpSource[] = [];
  const clock = (): number => performance.now();
  const fileSource = ({ id, paths, start }: FileSourceConfiguration): Source => {
    const reject = (rejection: Rejection): void => parts.reject(id, rejection);
    const { memory, now, log } = parts;
    return createFileSource({ source: id, paths, start, memory, newId: randomUUID, clock, now, log, reject });
  };
  const all = parts.configuration.map((configuration): Source => {
    if (configuration.kind === 'file') return fileSource(configuration);
    const { id, tokenSha256 } = configuration;
    const source = createHttpSource({
      source: id,
      tokenSha256,
      isStoreFailing: parts.isStoreFailing,
      committed: parts.committed,
      findBatch: parts.findBatch,
      repeat: (lines) => parts.repeat(id, lines),
      log: parts.log,
      schedule,
    });
    http.push(source);
    return source;
  });
  return {
    http,
    expected: all.map(({ id, kind, fault, behind }, index) => ({
      id,
      kind,
      fault,
      behind: behind ?? (() => null),
      expectEveryMs: parts.configuration[index]?.expectEveryMs ?? null,
    })),
    start: async (handOver) => {
      for (const source of all) await source.start(handOver);
    },
    stop: async () => {
      await Promise.all(all.map((source) => source.stop()));
    },
  };
}
