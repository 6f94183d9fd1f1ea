import { resolve } from 'node:path';
import type { LoginRecognition, SourceConfiguration } from './configuration.ts';
import { defaultLogins } from './defaults.ts';
import { loginsSchema, sourceSchemas } from './file-schema.ts';
import { found } from './problem.ts';
import { isMapping, placeIn, readSection, type OpenFile } from './section.ts';
import { readToken, type TokenContext } from './token-choice.ts';
import { watchProblem, type PlacedSource } from './watched-file.ts';

type Path = readonly PropertyKey[];
type Read = (context: TokenContext, value: unknown, path: Path) => SourceConfiguration | null;

const readers: Record<SourceConfiguration['kind'], Read> = { file: readFileSource, http: readHttpSource };

/** Reads one item of `sources`; `null` when it is refused, with its problems reported. */
export function readSource(
  context: TokenContext,
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

function readFileSource(context: TokenContext, value: unknown, path: Path): SourceConfiguration | null {
  const read = readSection(context.file, sourceSchemas.file, value, path);
  const logins = readLogins(context.file, value, path, true);
  if (read === null || logins === 'refused') return null;
  const { id, kind, start, format, expectEvery } = read;
  const given = typeof read.path === 'string' ? [read.path] : read.path;
  const paths = given.map((each) => resolve(context.folder, each));
  const problems = paths.map((each) => watchProblem(context.files, each));
  problems.forEach((problem, index) => {
    if (problem === null) return;
    const place = placeIn(
      context.file,
      typeof read.path === 'string' ? [...path, 'path'] : [...path, 'path', index],
    );
    context.file.problems.report(place, `${found(given[index])}, expected ${problem}`);
  });
  if (problems.some((problem) => problem !== null)) return null;
  return { id, kind, paths, start, format, logins, expectEveryMs: expectEvery };
}

function readHttpSource(context: TokenContext, value: unknown, path: Path): SourceConfiguration | null {
  const read = readSection(context.file, sourceSchemas.http, value, path);
  const logins = readLogins(context.file, value, path, false);
  if (read === null || logins === 'refused') return null;
  const { id, kind, format, expectEvery } = read;
  const tokenSha256 = readToken(context, read, path);
  if (tokenSha256 === null) return null;
  return { id, kind, tokenSha256, format, logins, expectEveryMs: expectEvery };
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
