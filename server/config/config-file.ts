import { defaultAgencies, type Agency } from '../../shared/authority.ts';
import { defaultSessionLimits, type SessionLimits } from '../auth/session-limits.ts';
import { dirname, resolve } from 'node:path';
import type * as z from 'zod/mini';
import type { GeoConfiguration, OidcConfiguration, ServerTls, SourceConfiguration } from './configuration.ts';
import type { HeadTarget } from '../audit/head-export.ts';
import { readAuditHeads } from './audit-section.ts';
import { readText, type FileAccess } from './file-access.ts';
import { sectionSchemas } from './file-schema.ts';
import { readGeo } from './geo-section.ts';
import { maxConfigBytes } from './limits.ts';
import { parseYaml } from './located-yaml.ts';
import { readOidc } from './oidc-section.ts';
import { found, unknownWord, type Place, type Problems } from './problem.ts';
import { isMapping, placeIn, readSection, type OpenFile } from './section.ts';
import { readServerTls } from './server-section.ts';
import { readSource } from './sources-section.ts';
import { readToken } from './token-choice.ts';
import type { PlacedSource } from './watched-file.ts';

type Sections = typeof sectionSchemas;

/** What a configuration file says; what it doesn't say, or says wrongly, is `null` or empty. Paths are absolute. */
export interface FileSettings {
  readonly server: z.output<Sections['server']> | null;
  /** Certificate and key of the server, and where they are. */
  readonly tls: ServerTls | null;
  readonly limits: z.output<Sections['limits']> | null;
  readonly signals: z.output<Sections['signals']> | null;
  /** SHA-256 of the token of those who scrape. */
  readonly metricsTokenSha256: string | null;
  readonly auditHeads: HeadTarget | null;
  readonly logLevel: z.output<Sections['logLevel']> | null;
  readonly dataDir: string | null;
  /** The register's path as written and in full. */
  readonly parties: { readonly name: string; readonly path: string } | null;
  /** The same of the register of accounts. */
  readonly accounts: { readonly name: string; readonly path: string } | null;
  readonly geo: GeoConfiguration;
  /** For each source that names none of its own. */
  readonly trustedProxies: readonly string[];
  readonly sessions: SessionLimits;
  readonly agencies: readonly Agency[];
  readonly oidc: OidcConfiguration | null;
  readonly ruleDirs: readonly string[];
  readonly sources: readonly PlacedSource<SourceConfiguration>[];
  /** Access logs whose logins are recognised only because nothing was said. */
  readonly loginsByDefault: readonly string[];
  /** Whether the key is there with something in it, even if wrong. */
  says(key: keyof Sections): boolean;
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
  const section = <T>(key: keyof Sections, schema: z.ZodMiniType<T>) =>
    Object.hasOwn(root, key) ? readSection(file, schema, root[key], [key]) : null;
  const full = (path: string) => resolve(context.folder, path);
  const data = section('data', sectionSchemas.data);
  const parties = section('parties', sectionSchemas.parties);
  const accounts = section('accounts', sectionSchemas.accounts);
  const trustedProxies = section('trustedProxies', sectionSchemas.trustedProxies) ?? [];
  const metrics = section('metrics', sectionSchemas.metrics);
  const items = section('sources', sectionSchemas.sources) ?? [];
  const server = section('server', sectionSchemas.server);
  const agencies = section('agencies', sectionSchemas.agencies) ?? defaultAgencies;
  return {
    server,
    tls: readServerTls({ ...context, file }, server?.tls),
    limits: section('limits', sectionSchemas.limits),
    signals: section('signals', sectionSchemas.signals),
    sessions: limitsOf(section('sessions', sectionSchemas.sessions)),
    agencies,
    oidc: readOidc({ ...context, file, server, agencies }, root),
    metricsTokenSha256: metrics === null ? null : readToken({ ...context, file }, metrics, ['metrics']),
    auditHeads: readAuditHeads({ ...context, file }, section('audit', sectionSchemas.audit)),
    logLevel: section('logLevel', sectionSchemas.logLevel),
    dataDir: data === null ? null : full(data),
    parties: parties === null ? null : { name: parties, path: full(parties) },
    accounts: accounts === null ? null : { name: accounts, path: full(accounts) },
    geo: readGeo({ ...context, file }, section('geo', sectionSchemas.geo)),
    trustedProxies,
    ruleDirs: ruleFolders(
      file,
      context.files,
      (section('rules', sectionSchemas.rules) ?? []).map((name) => ({ name, path: full(name) })),
    ),
    sources: items.flatMap(
      (item, index) => readSource({ ...context, file, trustedProxies }, item, index) ?? [],
    ),
    loginsByDefault: items.flatMap(idOfDefaultLogins),
    says: (key) => Object.hasOwn(root, key) && !(Array.isArray(root[key]) && root[key].length === 0),
    placeOf: (path) => placeIn(file, path),
  };
}

const limitsOf = (sessions: z.output<Sections['sessions']> | null): SessionLimits =>
  sessions === null ? defaultSessionLimits : { idleMs: sessions.idle, absoluteMs: sessions.absolute };

function ruleFolders(
  file: OpenFile,
  files: FileAccess,
  rules: readonly { readonly name: string; readonly path: string }[],
): string[] {
  for (const [index, { name, path }] of rules.entries())
    if (files.look(path)?.kind !== 'folder')
      file.problems.report(placeIn(file, ['rules', index]), `${found(name)}, expected a folder that exists`);
  return rules.map(({ path }) => path);
}

function idOfDefaultLogins(item: unknown): string[] {
  const isAccessLog = isMapping(item) && (item['kind'] === 'file' || item['kind'] === 'syslog');
  if (!isAccessLog || Object.hasOwn(item, 'logins')) return [];
  return typeof item['id'] === 'string' && item['format'] !== 'ecs-json' ? [item['id']] : [];
}
