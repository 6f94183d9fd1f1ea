import { resolve } from 'node:path';
import type * as z from 'zod/mini';
import type { ServerTls } from './configuration.ts';
import type { FileAccess } from './file-access.ts';
import { serverTlsSchema } from './file-schema.ts';
import { readKeyPair } from './pem.ts';
import { placeIn, readSection, type OpenFile } from './section.ts';

interface TlsContext {
  readonly file: OpenFile;
  /** Folder that relative paths start from. */
  readonly folder: string;
  readonly files: FileAccess;
}

/** Reads `server.tls`; `null` without one, or when it is refused, with the problem reported. */
export function readServerTls(context: TlsContext, value: unknown): ServerTls | null {
  if (value === undefined) return null;
  const path = ['server', 'tls'];
  const given: z.output<typeof serverTlsSchema> | null = readSection(
    context.file,
    serverTlsSchema,
    value,
    path,
  );
  if (given === null) return null;
  const paths = { cert: resolve(context.folder, given.cert), key: resolve(context.folder, given.key) };
  const pair = readKeyPair(context.files, paths);
  if (pair.ok)
    return { paths, pair: pair.value, minVersion: given.minVersion === 1.3 ? 'TLSv1.3' : 'TLSv1.2' };
  context.file.problems.report(placeIn(context.file, [...path, pair.of ?? 'cert']), pair.message);
  return null;
}
