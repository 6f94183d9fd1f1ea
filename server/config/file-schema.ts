import { isIP } from 'node:net';
import * as z from 'zod/mini';
import { defaultSessionLimits } from '../auth/session-limits.ts';
import { logLevels } from '../log.ts';
import { isWebhookUrl, webhookExpected } from '../audit/webhook-address.ts';
import type { ListenAddress, SourceConfiguration } from './configuration.ts';
import { defaultExpectEveryMs, defaultLogins } from './defaults.ts';
import { parseDuration } from './duration.ts';
import { isNetwork, parseListenAddress } from './listen-address.ts';
import { limitsSchema } from './limits-section.ts';
import { maxListed, maxSources } from './limits.ts';
import { sourceFormats } from './source-formats.ts';
import { tokenKeys } from './token-choice.ts';
import { createZone } from './zone.ts';

/**
 * Schemas of the configuration file, by section, so that a fault in one does not hide those of another.
 * A schema's `error` is only what was expected: the reader puts the place and what was found before it.
 */

const minExpectEveryMs = 1_000;
const maxExpectEveryMs = 7 * 86_400_000;

const path = z.string('a path').check(z.minLength(1, 'a path'), z.maxLength(4_096, 'a path'));
const pathsExpected = 'a path, or a list of paths';
const flag = z.boolean('true or false');
const whole = (least: number, most: number, expected: string) =>
  z.int(expected).check(z.minimum(least, expected), z.maximum(most, expected));
const list = <T extends z.core.$ZodType>(item: T, expected: string) =>
  z.array(item, expected).check(z.maxLength(maxListed, `at most ${maxListed} entries`));

/** A port to listen on; 0 lets the system choose. */
export const portSchema = whole(0, 65_535, 'a port from 0 to 65535');

/** An IP address or a host name (RFC 1123). */
export const hostSchema = z
  .string('a host name or an IP address')
  .check(z.refine(isHost, 'a host name or an IP address'));

function isHost(text: string): boolean {
  if (isIP(text) !== 0) return true;
  const labels = text.split('.');
  const named = labels.every((label) => /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i.test(label));
  return named && text.length <= 253 && !labels.every((label) => /^\d+$/.test(label));
}

const scoreExpected = 'a score from 0 to 100';
const score = z.number(scoreExpected).check(z.minimum(0, scoreExpected), z.maximum(100, scoreExpected));

/** How much our own log tells. */
export const logLevelSchema = z.enum(logLevels, `one of ${logLevels.join(', ')}`);

const originExpected = 'an origin like https://siaga.example, without a path';
const originSchema = z.string(originExpected).check(z.refine(isOrigin, originExpected));

function isOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.origin === text;
}

const idExpected =
  '1 to 40 small letters, digits, dots, dashes or underscores, beginning with a letter or digit';
/** Id of a source: part of an address and of every event. */
export const sourceIdSchema = z.string(idExpected).check(z.regex(/^[a-z0-9][a-z0-9._-]{0,39}$/, idExpected));

const everyExpected = 'a duration from 1s to 7d, like 60s or 5m, or never';
const everySchema = z.pipe(
  z.string(everyExpected),
  z.transform((text: string, context): number | null => {
    if (text === 'never') return null;
    const ms = parseDuration(text);
    if (ms !== null && ms >= minExpectEveryMs && ms <= maxExpectEveryMs) return ms;
    context.issues.push({ code: 'custom', message: everyExpected, input: text });
    return z.NEVER;
  }),
);

const statusExpected = 'a status from 100 to 599';
const statuses = (fallback: readonly number[]) =>
  z._default(list(whole(100, 599, statusExpected), 'a list of statuses'), [...fallback]);
const loginPathExpected = 'a path beginning with /, without a query';
const methodExpected = 'a request method like POST';

/** `logins` of a source when it is a mapping. */
export const loginsSchema = z.strictObject(
  {
    method: z._default(
      z.string(methodExpected).check(z.regex(/^[A-Z]{1,20}$/, methodExpected)),
      defaultLogins.method,
    ),
    paths: z._default(
      list(
        z.string(loginPathExpected).check(z.regex(/^\/[^?#\s]{0,500}$/, loginPathExpected)),
        'a list of paths',
      ).check(z.minLength(1, 'at least one path')),
      [...defaultLogins.paths],
    ),
    success: statuses(defaultLogins.success),
    failure: statuses(defaultLogins.failure),
    blocked: statuses(defaultLogins.blocked),
  },
  'a mapping',
);

const formatSchema = z._default(z.enum(sourceFormats, `one of ${sourceFormats.join(', ')}`), 'auto');

const zoneExpected = 'a time zone like Asia/Jakarta or +07:00';
const zone = z.string(zoneExpected).check(z.refine((name) => createZone(name) !== null, zoneExpected));

const proxyExpected = 'an address or a network in CIDR form, like 192.0.2.7 or 192.0.2.0/24';
const proxies = list(
  z.string(proxyExpected).check(z.refine(isNetwork, proxyExpected)),
  'a list of addresses and networks',
);

const geoExpected = 'an .mmdb file or false';
const geoData = z.optional(z.union([z.literal(false), path], geoExpected));

const idleExpected = 'a duration from 1s to 7d, like 1h';
const absoluteExpected = 'a duration from 1s to 30d, like 24h';
const duration = (leastMs: number, mostMs: number, expected: string) =>
  z.pipe(
    z.string(expected),
    z.transform((text: string, context): number => {
      const ms = parseDuration(text);
      if (ms !== null && ms >= leastMs && ms <= mostMs) return ms;
      context.issues.push({ code: 'custom', message: expected, input: text });
      return z.NEVER;
    }),
  );

/** `sessions`: when they end by themselves. */
const sessionsSchema = z.strictObject(
  {
    idle: z._default(duration(1_000, 7 * 86_400_000, idleExpected), defaultSessionLimits.idleMs),
    absolute: z._default(duration(1_000, 30 * 86_400_000, absoluteExpected), defaultSessionLimits.absoluteMs),
  },
  'a mapping',
);

const agencyIdExpected = '2 to 20 capital letters, digits or dashes, beginning with a letter';
const agencySchema = z.strictObject(
  {
    id: z.string(agencyIdExpected).check(z.regex(/^[A-Z][A-Z0-9-]{1,19}$/, agencyIdExpected)),
    name: z.string('a name').check(z.minLength(1, 'a name'), z.maxLength(100, 'at most 100 characters')),
    /** Whether its people may see addresses and account names in clear. */
    personal: z._default(flag, true),
  },
  'a mapping',
);
const agenciesExpected = 'a list of agencies, each with an id of its own';

const common = {
  id: sourceIdSchema,
  format: formatSchema,
  zone: z.optional(zone),
  /** Judged apart, so that its problems name their keys. */
  fields: z.optional(z.unknown()),
  expectEvery: z._default(everySchema, defaultExpectEveryMs),
  trustedProxies: z.optional(proxies),
  /** Judged apart, so that its problems name their keys. */
  logins: z.optional(z.unknown()),
};

const listenExpected = 'an address and a port of this machine, like 127.0.0.1:5514 or [::1]:5514';
const listenSchema = z.pipe(
  z.string(listenExpected),
  z.transform((text: string, context): ListenAddress => {
    const address = parseListenAddress(text);
    if (address !== null) return address;
    context.issues.push({ code: 'custom', message: listenExpected, input: text });
    return z.NEVER;
  }),
);
const networkExpected = 'an address or a network, like 192.0.2.1 or 192.0.2.0/24';

/** `tls` of a source of kind `syslog`. */
export const syslogTlsSchema = z.strictObject(
  { listen: listenSchema, cert: path, key: path, ca: z.optional(path) },
  'a mapping',
);

const versionExpected = '1.2 or 1.3';

/** `tls` of `server`. */
export const serverTlsSchema = z.strictObject(
  { cert: path, key: path, minVersion: z._default(z.literal([1.2, 1.3], versionExpected), 1.2) },
  'a mapping',
);

/** What a source of each kind may say. */
export const sourceSchemas = {
  file: z.strictObject(
    {
      ...common,
      kind: z.literal('file'),
      path: z.union([path, list(path, pathsExpected).check(z.minLength(1, pathsExpected))], pathsExpected),
      start: z._default(z.enum(['beginning', 'end'], 'beginning or end'), 'end'),
    },
    'a mapping',
  ),
  http: z.strictObject(
    {
      ...common,
      kind: z.literal('http'),
      ...tokenKeys,
    },
    'a mapping',
  ),
  syslog: z.strictObject(
    {
      ...common,
      kind: z.literal('syslog'),
      udp: z.optional(listenSchema),
      tcp: z.optional(listenSchema),
      /** Judged apart, as `logins`. */
      tls: z.optional(z.unknown()),
      allow: z.optional(
        list(
          z.string(networkExpected).check(z.refine(isNetwork, networkExpected)),
          'a list of addresses and networks',
        ).check(z.minLength(1, 'at least one address or network')),
      ),
    },
    'a mapping',
  ),
} as const satisfies Record<SourceConfiguration['kind'], unknown>;

/** `heads` of `audit`, judged apart, so that its problems name their keys. */
export const auditHeadsSchema = z.strictObject(
  {
    file: z.optional(path),
    webhook: z.optional(z.string(webhookExpected).check(z.refine(isWebhookUrl, webhookExpected))),
    allowPrivate: z._default(flag, false),
    ...tokenKeys,
  },
  'a mapping',
);

/** The sections of the file but for the items of `sources`. */
export const sectionSchemas = {
  server: z.strictObject(
    {
      host: z.optional(hostSchema),
      port: z.optional(portSchema),
      origins: z._default(list(originSchema, 'a list of origins'), []),
      secureCookies: z.optional(flag),
      /** Judged apart, so that its problems name their keys. */
      tls: z.optional(z.unknown()),
      trustedProxies: z._default(proxies, []),
    },
    'a mapping',
  ),
  limits: limitsSchema,
  data: path,
  sessions: sessionsSchema,
  agencies: list(agencySchema, agenciesExpected).check(
    z.minLength(1, agenciesExpected),
    z.refine((agencies) => new Set(agencies.map(({ id }) => id)).size === agencies.length, agenciesExpected),
  ),
  parties: path,
  accounts: path,
  rules: list(path, 'a list of folders'),
  geo: z.strictObject({ country: geoData, network: geoData }, 'a mapping'),
  trustedProxies: proxies,
  signals: z.strictObject({ alertScore: z.optional(score) }, 'a mapping'),
  metrics: z.strictObject(tokenKeys, 'a mapping'),
  /** Judged apart, since it is held against other sections. */
  oidc: z.unknown(),
  audit: z.strictObject({ heads: z.optional(z.unknown()) }, 'a mapping'),
  logLevel: logLevelSchema,
  sources: z
    .array(z.unknown(), 'a list of sources')
    .check(z.maxLength(maxSources, `at most ${maxSources} sources`)),
} as const;
