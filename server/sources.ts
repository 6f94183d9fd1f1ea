import { randomUUID } from 'node:crypto';
import type {
  FileSourceConfiguration,
  HttpSourceConfiguration,
  SourceConfiguration,
  SyslogSourceConfiguration,
} from './config/configuration.ts';
import type { ExpectedSource } from './coverage/ledger.ts';
import { createFileSource } from './ingest/sources/file-source.ts';
import type { FileMemory } from './ingest/sources/file-memory.ts';
import { createHttpSource, type HttpSource, type HttpSourceParts } from './ingest/sources/http-source.ts';
import { syslogLimits } from './ingest/sources/syslog-limits.ts';
import { createSyslogSource } from './ingest/sources/syslog-source.ts';
import type { HandOver, Reject, Source } from './ingest/source.ts';

export interface SourceParts {
  readonly configuration: readonly SourceConfiguration[];
  readonly memory: FileMemory;
  readonly isStoreFailing: () => boolean;
  readonly onStoreFailing: HttpSourceParts['onStoreFailing'];
  readonly committed: HttpSourceParts['committed'];
  readonly findBatch: HttpSourceParts['findBatch'];
  readonly repeat: (source: string, lines: number) => void;
  /** Counts lines that a source could not take. */
  readonly reject: Reject;
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

export function every(callback: () => void, ms: number): { cancel(): void } {
  const timer = setInterval(callback, ms);
  return { cancel: () => clearInterval(timer) };
}

export function createSources(parts: SourceParts): Sources {
  const http: HttpSource[] = [];
  const clock = (): number => performance.now();
  const fileSource = ({ id, paths, start }: FileSourceConfiguration): Source => {
    const { memory, now, log, reject } = parts;
    return createFileSource({ source: id, paths, start, memory, newId: randomUUID, clock, now, log, reject });
  };
  const httpSource = ({ id, tokenSha256 }: HttpSourceConfiguration): Source => {
    const { isStoreFailing, onStoreFailing, committed, findBatch, log } = parts;
    const repeat = (lines: number): void => parts.repeat(id, lines);
    const source = createHttpSource({
      source: id,
      tokenSha256,
      isStoreFailing,
      onStoreFailing,
      committed,
      findBatch,
      repeat,
      log,
      schedule,
    });
    http.push(source);
    return source;
  };
  const syslogSource = (configuration: SyslogSourceConfiguration): Source =>
    createSyslogSource({
      ...parts,
      ...configuration,
      source: configuration.id,
      limits: syslogLimits,
      newId: randomUUID,
      schedule,
      every,
    });
  const all = parts.configuration.map((configuration): Source => {
    if (configuration.kind === 'file') return fileSource(configuration);
    return configuration.kind === 'http' ? httpSource(configuration) : syslogSource(configuration);
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
