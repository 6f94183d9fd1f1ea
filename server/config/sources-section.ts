import { resolve } from 'node:path';
import type { SourceConfiguration } from './configuration.ts';
import { sourceSchemas } from './file-schema.ts';
import { readLineSettings } from './line-settings.ts';
import { readLogins } from './logins-section.ts';
import { found } from './problem.ts';
import { isMapping, placeIn, readSection } from './section.ts';
import { readSyslogSource } from './syslog-section.ts';
import { readToken, type TokenContext } from './token-choice.ts';
import { watchProblem, type PlacedSource } from './watched-file.ts';

/** What the items of `sources` are read against. */
export interface SourcesContext extends TokenContext {
  /** Believed where a source names none of its own. */
  readonly trustedProxies: readonly string[];
}

type Path = readonly PropertyKey[];
type Read = (context: SourcesContext, value: unknown, path: Path) => SourceConfiguration | null;
type Kind = SourceConfiguration['kind'];

const readers: Record<Kind, Read> = { file: readFileSource, http: readHttpSource, syslog: readSyslogSource };
const isKind = (kind: unknown): kind is Kind => typeof kind === 'string' && Object.hasOwn(readers, kind);
/** Keys that say how the lines come in, by which two sources are told apart. */
const wayKeys = ['path', 'tokenFile', 'tokenEnv', 'udp', 'tcp', 'tls'];

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
  if (!isKind(kind)) {
    report([...path, 'kind'], `${found(kind)}, expected file, http or syslog`);
    return null;
  }
  const source = readers[kind](context, value, path);
  if (source === null) return null;
  const way = wayKeys.find((key) => Object.hasOwn(value, key)) ?? 'kind';
  return { source, places: { id: placeIn(file, [...path, 'id']), way: placeIn(file, [...path, way]) } };
}

function readFileSource(context: SourcesContext, value: unknown, path: Path): SourceConfiguration | null {
  const read = readSection(context.file, sourceSchemas.file, value, path);
  const logins = readLogins(context.file, value, path, true);
  const lines = readLineSettings(context.file, value, path);
  if (read === null || logins === 'refused' || lines === 'refused') return null;
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
  const trustedProxies = read.trustedProxies ?? context.trustedProxies;
  return { id, kind, paths, start, format, ...lines, logins, trustedProxies, expectEveryMs: expectEvery };
}

function readHttpSource(context: SourcesContext, value: unknown, path: Path): SourceConfiguration | null {
  const read = readSection(context.file, sourceSchemas.http, value, path);
  const logins = readLogins(context.file, value, path, false);
  const lines = readLineSettings(context.file, value, path);
  if (read === null || logins === 'refused' || lines === 'refused') return null;
  const { id, kind, format, expectEvery } = read;
  const tokenSha256 = readToken(context, read, path);
  if (tokenSha256 === null) return null;
  const trustedProxies = read.trustedProxies ?? context.trustedProxies;
  return { id, kind, tokenSha256, format, ...lines, logins, trustedProxies, expectEveryMs: expectEvery };
}
