import type { FileMemory, RememberedFile } from '../../../../server/ingest/sources/followed-file.ts';

/** A file memory for tests; lives as long as the test, so several sources may share it, as restarts do. */
export function createMemory(): FileMemory {
  const files = new Map<string, RememberedFile>();
  return {
    all: (source) => Promise.resolve([...files.values()].filter((file) => file.source === source)),
    create: (file) => Promise.resolve(void files.set(file.id, file)),
    save: (...changed) => Promise.resolve(changed.forEach((file) => files.set(file.id, file))),
  };
}
