import { resolve } from 'node:path';
import type { LoginRecognition, SourceConfiguration } from './configuration.ts';
import { defaultLogins } from './defaults.ts';
import type { FileAccess } from './file-access.ts';
import { loginsSchema, sourceSchemas } from './file-schema.ts';
import { found } from './problem.ts';
import { isMapping, placeIn, readSection, type OpenFile } from './section.ts';
import { tokenFromEnv, tokenFromFile } from './token.ts';
import { watchProblem, type PlacedSource } from './watched-file.ts';

/** What the items of `sources` are read against. */
export interface SourcesContext {
  readonly file: OpenFile;
  /** Folder that relative paths start from. */
  readonly folder: string;
  readonly files: FileAccess;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Believed where a source names none of its own. */
  readonly trustedProxies: readonly string[];
}

type Path = readonly PropertyKey[];
type Read = (context: SourcesContext, value: unknown, path: Path) => SourceConfiguration | null;

const readers: Record<SourceConfiguration['kind'], Read> = { file: readFileSource, http: readHttpSource };

/** Reads one item of `sources`; `null` when it is refused, with its problems reported. */
export function readSource(
  context: SourcesContext,
  value: unknown,
  index: number,
): PlacedSource<SourceConfiguration> | null {
  const { file } = context;
  const path = ['sources', index];
  const report = (at: Path, what: string) => file.problems.report(placeIn(file, at), what);
  if (!isMapping(value)) {
    report(path, `${found(value)}, expected a source`);
    return null;
  }
  const { kind } = value;
  if (kind !== 'file' && kind !== 'http') {
    report([...path, 'kind'], `${found(kind)}, expected file or http`);
    return null;
  }
  const source = readers[kind](context, value, path);
  if (source === null) return null;
  const way = ['path', 'tokenFile', 'tokenEnv'].find((key) => Object.hasOwn(value, key)) ?? 'kind';
  return { source, places: { id: placeIn(file, [...path, 'id']), way: placeIn(file, [...path, way]) } };
}

function readFileSource(context: SourcesContext, value: unknown, path: Path): SourceConfiguration | null {
  const read = readSection(context.file, sourceSchemas.file, value, path);
  const logins = readLogins(context.file, value, path, true);
  if (read === null || logins === 'refused') return null;
  const { id, kind, start, format, expectEvery } = read;
  const full = resolve(context.folder, read.path);
  const problem = watchProblem(context.files, full);
  if (problem !== null) {
    const place = placeIn(context.file, [...path, 'path']);
    context.file.problems.report(place, `${found(read.path)}, expected ${problem}`);
    return null;
  }
  const trustedProxies = read.trustedProxies ?? context.trustedProxies;
  return { id, kind, path: full, start, format, logins, trustedProxies, expectEveryMs: expectEvery };
}

function readHttpSource(context: SourcesContext, value: unknown, path: Path): SourceConfiguration | null {
  const read = readSection(context.file, sourceSchemas.http, value, path);
  const logins = readLogins(context.file, value, path, false);
  if (read === null || logins === 'refused') return null;
  const { id, kind, format, expectEvery, tokenEnv, tokenFile } = read;
  const report = (key: string, what: string) =>
    context.file.problems.report(placeIn(context.file, [...path, key]), what);
  if ((tokenEnv === undefined) === (tokenFile === undefined)) {
    report(
      'tokenEnv',
      `found ${tokenEnv === undefined ? 'no' : 'two'} tokens, expected either tokenEnv or tokenFile`,
    );
    return null;
  }
  const token =
    tokenFile === undefined
      ? tokenFromEnv(context.env, tokenEnv ?? '')
      : tokenFromFile(context.files, resolve(context.folder, tokenFile));
  if (!token.ok) {
    report(tokenFile === undefined ? 'tokenEnv' : 'tokenFile', token.message);
    return null;
  }
  const trustedProxies = read.trustedProxies ?? context.trustedProxies;
  return { id, kind, tokenSha256: token.value, format, logins, trustedProxies, expectEveryMs: expectEvery };
}

function readLogins(
  file: OpenFile,
  source: unknown,
  sourcePath: Path,
  fallback: boolean,
): LoginRecognition | null | 'refused' {
  const given = isMapping(source) && Object.hasOwn(source, 'logins') ? source['logins'] : fallback;
  if (typeof given === 'boolean') return given ? defaultLogins : null;
  const path = [...sourcePath, 'logins'];
  if (!isMapping(given)) {
    file.problems.report(placeIn(file, path), `${found(given)}, expected true, false or a mapping`);
    return 'refused';
  }
  const read = readSection(file, loginsSchema, given, path);
  if (read === null) return 'refused';
  return statusesOverlap(file, read, path) ? 'refused' : read;
}

function statusesOverlap(file: OpenFile, logins: LoginRecognition, path: Path): boolean {
  const results = ['success', 'failure', 'blocked'] as const;
  const resultOf = new Map<number, (typeof results)[number]>();
  let overlap = false;
  for (const result of results)
    for (const status of new Set(logins[result])) {
      const before = resultOf.get(status);
      resultOf.set(status, before ?? result);
      if (before === undefined) continue;
      overlap = true;
      file.problems.report(
        placeIn(file, [...path, result]),
        `${found(status)}, which ${before} has too, expected it in one of them (see the defaults)`,
      );
    }
  return overlap;
}
