import { dirname, resolve } from 'node:path';
import type { SourceConfiguration } from './configuration.ts';
import { readText, type FileAccess } from './file-access.ts';
import { sectionSchemas } from './file-schema.ts';
import { maxConfigBytes } from './limits.ts';
import { parseYaml } from './located-yaml.ts';
import { found, unknownWord, type Place, type Problems } from './problem.ts';
import { isMapping, placeIn, readSection, type OpenFile } from './section.ts';
import { readSource } from './sources-section.ts';
import type { PlacedSource } from './watched-file.ts';

/** What a configuration file says; what it doesn't say, or says wrongly, is `null` or empty. Paths are absolute. */
export interface FileSettings {
  readonly host: string | null;
  readonly port: number | null;
  readonly origins: readonly string[];
  readonly secureCookies: boolean | null;
  readonly dataDir: string | null;
  /** The register's path as written and in full. */
  readonly parties: { readonly name: string; readonly path: string; readonly place: Place } | null;
  readonly ruleDirs: readonly string[];
  readonly alertScore: number | null;
  readonly sources: readonly PlacedSource<SourceConfiguration>[];
  /** Whether these keys are there with something in them, even if wrong. */
  readonly hasParties: boolean;
  readonly hasSources: boolean;
  /** Access logs whose logins are recognised only because nothing was said. */
  readonly loginsByDefault: readonly string[];
  /** Where a key of the file stands or would stand. */
  placeOf(path: readonly PropertyKey[]): Place;
}

/** What a file is read with. */
export interface FileContext {
  /** As the operator named it. */
  readonly name: string;
  readonly cwd: string;
  readonly files: FileAccess;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly problems: Problems;
}

/** Reads a configuration file; `null` when it is no mapping at all. Every problem in it is reported. */
export function readConfigFile(context: FileContext): FileSettings | null {
  const { name, problems } = context;
  const path = resolve(context.cwd, name);
  const text = readText(context.files, path, maxConfigBytes);
  if (!text.ok) {
    problems.report({ file: name, line: null, path: [] }, text.message);
    return null;
  }
  const yaml = parseYaml(text.value);
  if (!('value' in yaml)) {
    for (const { line, what } of yaml) problems.report({ file: name, line, path: [] }, what);
    return null;
  }
  const file: OpenFile = { name, yaml, problems };
  if (!isMapping(yaml.value)) {
    problems.report(placeIn(file, []), `${found(yaml.value)}, expected a mapping of settings`);
    return null;
  }
  return readSettings(file, yaml.value, { ...context, folder: dirname(path) });
}

function readSettings(
  file: OpenFile,
  root: Record<string, unknown>,
  context: FileContext & { readonly folder: string },
): FileSettings {
  const known = Object.keys(sectionSchemas);
  for (const key of Object.keys(root))
    if (!known.includes(key)) file.problems.report(placeIn(file, [key]), unknownWord('key', key, known));
  const has = (key: keyof typeof sectionSchemas) => Object.hasOwn(root, key);
  const full = (path: string) => resolve(context.folder, path);
  const server = has('server') ? readSection(file, sectionSchemas.server, root['server'], ['server']) : null;
  const data = has('data') ? readSection(file, sectionSchemas.data, root['data'], ['data']) : null;
  const parties = has('parties')
    ? readSection(file, sectionSchemas.parties, root['parties'], ['parties'])
    : null;
  const rules = has('rules') ? (readSection(file, sectionSchemas.rules, root['rules'], ['rules']) ?? []) : [];
  const signals = has('signals')
    ? readSection(file, sectionSchemas.signals, root['signals'], ['signals'])
    : null;
  const items = has('sources')
    ? (readSection(file, sectionSchemas.sources, root['sources'], ['sources']) ?? [])
    : [];
  rules.forEach((rule, index) => {
    if (context.files.look(full(rule))?.kind !== 'folder')
      file.problems.report(placeIn(file, ['rules', index]), `${found(rule)}, expected a folder that exists`);
  });
  return {
    host: server?.host ?? null,
    port: server?.port ?? null,
    origins: server?.origins ?? [],
    secureCookies: server?.secureCookies ?? null,
    dataDir: data === null ? null : full(data),
    parties:
      parties === null ? null : { name: parties, path: full(parties), place: placeIn(file, ['parties']) },
    ruleDirs: rules.map(full),
    alertScore: signals?.alertScore ?? null,
    sources: items.flatMap((item, index) => readSource({ ...context, file }, item, index) ?? []),
    hasParties: has('parties'),
    hasSources: has('sources') && !(Array.isArray(root['sources']) && root['sources'].length === 0),
    loginsByDefault: items.flatMap(idOfDefaultLogins),
    placeOf: (path) => placeIn(file, path),
  };
}

function idOfDefaultLogins(item: unknown): string[] {
  if (!isMapping(item) || item['kind'] !== 'file' || Object.hasOwn(item, 'logins')) return [];
  return typeof item['id'] === 'string' && item['format'] !== 'ecs-json' ? [item['id']] : [];
}
