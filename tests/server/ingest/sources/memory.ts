import type { FileMemory, RememberedFile } from '../../../../server/ingest/sources/file-memory.ts';
import type { Chunk, HandOver } from '../../../../server/ingest/source.ts';

/** A file memory for tests; lives as long as the test, so several sources may share it, as restarts do. */
export function createMemory() {
  const files = new Map<string, RememberedFile>();
  const seen = new Map<string, number>();
  const change = (id: string, fields: Partial<RememberedFile>): void => {
    const file = files.get(id);
    if (file) files.set(id, { ...file, ...fields });
  };
  const memory: FileMemory = {
    all: (source) => Promise.resolve([...files.values()].filter((file) => file.source === source)),
    create: (file) => Promise.resolve(void files.set(file.id, file)),
    identify: ({ id, path, device, inode, headHash, headLength }) =>
      Promise.resolve(change(id, { path, device, inode, headHash, headLength })),
    finish: (id) => Promise.resolve(change(id, { finished: true })),
    begin: (source) => {
      const before = seen.get(source) ?? null;
      if (before === null) seen.set(source, Date.now());
      return Promise.resolve(before);
    },
    alive: (source, at) => Promise.resolve(void seen.set(source, at)),
  };
  return {
    ...memory,
    /** Writes down, as the books do, how far a file is durable; what was found stored after a crash. */
    change,
    /** Lets a hand-over keep the books. */
    booked:
      (give: HandOver): HandOver =>
      async (chunk: Chunk) => {
        const size = chunk.bytes.length;
        const receipt = await give(chunk);
        const { file } = chunk.origin;
        if (file)
          change(file.id, {
            offset: chunk.end ?? file.offset + size,
            tail: chunk.tail ?? null,
            lastLine: null,
          });
        return receipt;
      },
  };
}

export type TestMemory = ReturnType<typeof createMemory>;
