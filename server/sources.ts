import { randomUUID } from 'node:crypto';
import type { FileSourceConfiguration, SourceConfiguration } from './config/configuration.ts';
import type { ExpectedSource } from './coverage/ledger.ts';
import { createFileSource } from './ingest/sources/file-source.ts';
import type { FileMemory } from './ingest/sources/followed-file.ts';
import { createHttpSource, type HttpSource } from './ingest/sources/http-source.ts';
import type { HandOver, Source } from './ingest/source.ts';

export interface SourceParts {
  readonly configuration: readonly SourceConfiguration[];
  readonly memory: FileMemory;
  readonly lastStoredOffset: (fileId: string) => Promise<number | null>;
  readonly isStoreFailing: () => boolean;
  readonly log: (message: string) => void;
}

/** All configured sources, made but not started. */
export interface Sources {
  readonly http: readonly HttpSource[];
  readonly expected: readonly ExpectedSource[];
  start(handOver: HandOver): Promise<void>;
  stop(): Promise<void>;
}

function schedule(callback: () => void, afterMs: number): { cancel(): void } {
  const timer = setTimeout(callback, afterMs);
  return { cancel: () => clearTimeout(timer) };
}

export function createSources(parts: SourceParts): Sources {
  const http: HttpSource[] = [];
  const fileSource = ({ id, path, start }: FileSourceConfiguration): Source =>
    createFileSource({ ...parts, source: id, path, start, newId: randomUUID });
  const all = parts.configuration.map((configuration): Source => {
    if (configuration.kind === 'file') return fileSource(configuration);
    const { id, tokenSha256 } = configuration;
    const source = createHttpSource({
      source: id,
      tokenSha256,
      isStoreFailing: parts.isStoreFailing,
      schedule,
    });
    http.push(source);
    return source;
  });
  return {
    http,
    expected: all.map(({ id, kind, fault }, index) => ({
      id,
      kind,
      fault,
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
