import { open } from 'node:fs/promises';
import { join } from 'node:path';

/** Where binary rows wait for the engine: in this process it takes rows as text only, and reads that at a third of the speed. */
export interface RowFile {
  /** By what the engine finds the file, whatever characters its folder's name has. */
  readonly path: string;
  /** Makes this the whole of the file; one at a time. Rejects when the disk is full. */
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Opens the file in a folder. What it holds is worth nothing after a crash: then it is written anew. */
export async function openRowFile(folder: string): Promise<RowFile> {
  const file = await open(join(folder, 'insert.rows'), 'w+', 0o600);
  return {
    path: `/dev/fd/${file.fd}`,
    write: async (bytes) => {
      for (let at = 0; at < bytes.length;)
        at += (await file.write(bytes, at, bytes.length - at, at)).bytesWritten;
      // Cut behind the rows, never before them: a file that is emptied and filled is brought to the disk by its system each time.
      await file.truncate(bytes.length);
    },
    close: () => file.close(),
  };
}
