import { resolve } from 'node:path';
import { Reader } from 'maxmind';
import type * as z from 'zod/mini';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { GeoConfiguration, GeoData } from './configuration.ts';
import type { FileAccess } from './file-access.ts';
import type { sectionSchemas } from './file-schema.ts';
import { maxMmdbBytes } from './limits.ts';
import { found } from './problem.ts';
import { placeIn, type OpenFile } from './section.ts';

/** What the section is read with. */
interface GeoContext {
  readonly file: OpenFile;
  readonly files: FileAccess;
  /** Relative paths start here. */
  readonly folder: string;
}

/** The section `geo`: what it doesn't say is the shipped data; a file that is no `.mmdb` is a problem at its key. */
export function readGeo(
  context: GeoContext,
  given: z.output<(typeof sectionSchemas)['geo']> | null,
): GeoConfiguration {
  const data = (key: keyof GeoConfiguration): GeoData => {
    const name = given?.[key];
    if (name === undefined) return { kind: 'shipped' };
    if (name === false) return { kind: 'none' };
    const path = resolve(context.folder, name);
    const problem = mmdbProblem(context.files, path);
    if (!problem.ok)
      context.file.problems.report(placeIn(context.file, ['geo', key]), `${found(name)}: ${problem.message}`);
    return { kind: 'file', path };
  };
  return { country: data('country'), network: data('network') };
}

/** What stands before the metadata, and between the search tree and the data (MaxMind DB, version 2.0). */
const metadataMarker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
const separatorBytes = 16;

/** Opens the file once, as the pipeline will. */
function mmdbProblem(files: FileAccess, path: string): Result<null, 'no-mmdb'> {
  const stats = files.look(path);
  if (stats === null) return fail('no-mmdb', 'found no such file, expected one that exists');
  if (stats.kind === 'folder') return fail('no-mmdb', 'found a folder, expected a file');
  if (stats.size > maxMmdbBytes)
    return fail('no-mmdb', `found ${stats.size} bytes, expected at most ${maxMmdbBytes}`);
  try {
    const { buffer, byteOffset, byteLength } = files.read(path);
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    const { searchTreeSize } = new Reader(bytes).metadata;
    if (searchTreeSize + separatorBytes <= bytes.lastIndexOf(metadataMarker)) return ok(null);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown error';
    return fail('no-mmdb', `could not be opened: ${reason}, expected an .mmdb file`);
  }
  return fail('no-mmdb', 'found a file that is cut short, expected an .mmdb file');
}
