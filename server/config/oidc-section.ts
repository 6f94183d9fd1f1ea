import * as z from 'zod/mini';
import type { Agency } from '../../shared/authority.ts';
import { roles } from '../../shared/role.ts';
import type { OidcConfiguration } from './configuration.ts';
import { maxListed } from './limits.ts';
import { found } from './problem.ts';
import { readSecret } from './secret.ts';
import { placeIn, readSection } from './section.ts';
import type { TokenContext } from './token-choice.ts';

const issuerExpected = 'an issuer like https://sso.example/realms/kpu; http on the loopback only';
const idExpected = '1 to 200 letters, digits or signs, without spaces';
const labelExpected = '1 to 40 characters';
const variableExpected = 'the name of an environment variable, like SIAGA_OIDC_SECRET';
const pathExpected = 'a path';
const scopeExpected = 'a name of a scope, like profile';
const claimExpected = 'the name of a claim, like groups or realm_access.roles';
const valueExpected = '1 to 200 characters, in quotes when it is a number';
const roleExpected = `one of ${roles.join(', ')}`;
const signOutExpected = 'here, provider or provider-and-back';
const rolesExpected = 'a mapping of claim values to roles, at least one';

const text = (expected: string, pattern: RegExp) => z.string(expected).check(z.regex(pattern, expected));
const claim = text(claimExpected, /^[\x21-\x7e]{1,200}$/);
const value = text(valueExpected, /^[^\p{Cc}\p{Cf}]{1,200}$/u);
const values = z
  .array(value, 'a list of values')
  .check(z.maxLength(maxListed, `at most ${maxListed} entries`));
const isMappable = (mapping: Record<string, unknown>) => {
  const count = Object.keys(mapping).length;
  return count > 0 && count <= maxListed;
};

const oidcSchema = z.strictObject(
  {
    issuer: z.string(issuerExpected).check(z.refine(isIssuer, issuerExpected)),
    clientId: text(idExpected, /^[\x21-\x7e]{1,200}$/),
    clientSecretEnv: z.optional(text(variableExpected, /^[A-Za-z_]\w{0,99}$/)),
    clientSecretFile: z.optional(text(pathExpected, /^.{1,4096}$/s)),
    label: text(labelExpected, /^[^\p{Cc}\p{Cf}]{1,40}$/u),
    redirectOrigin: z.string('an origin'),
    scopes: z._default(
      z
        .array(text(scopeExpected, /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/), 'a list of scopes')
        .check(z.maxLength(20, 'at most 20 scopes')),
      ['openid', 'profile'],
    ),
    claims: z.strictObject(
      { name: z._default(claim, 'preferred_username'), role: claim, agency: z.optional(claim) },
      'a mapping',
    ),
    roles: z
      .record(z.string(), z.enum(roles, roleExpected), rolesExpected)
      .check(z.refine(isMappable, rolesExpected)),
    agencies: z.optional(
      z.record(z.string(), z.string('the id of an agency'), 'a mapping of claim values to agencies'),
    ),
    signOut: z._default(z.enum(['here', 'provider', 'provider-and-back'], signOutExpected), 'provider'),
    requireMfa: z._default(z.boolean('true or false'), true),
    mfa: z._default(
      z.strictObject({ amr: z._default(values, []), acr: z._default(values, []) }, 'a mapping'),
      {
        amr: ['mfa'],
        acr: [],
      },
    ),
  },
  'a mapping',
);

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether what is sent to that address can be read by nobody on the way: TLS, or this machine only. */
export const isPrivateAddress = (url: URL): boolean =>
  url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHosts.has(url.hostname));

function isIssuer(issuer: string): boolean {
  const url = URL.canParse(issuer) ? new URL(issuer) : null;
  if (url === null || !isPrivateAddress(url) || issuer.length > 500) return false;
  return url.search === '' && url.hash === '' && url.username === '' && url.password === '';
}

/** What the section is held against. */
export interface OidcContext extends TokenContext {
  /** Of the same file; only they can be come back to. */
  readonly server: { readonly origins: readonly string[] } | null;
  readonly agencies: readonly Agency[];
}

/** Reads the section `oidc` of a file; `null` without one, and when it is refused, with its problems reported. */
export function readOidc(
  context: OidcContext,
  root: Readonly<Record<string, unknown>>,
): OidcConfiguration | null {
  if (!Object.hasOwn(root, 'oidc')) return null;
  const read = readSection(context.file, oidcSchema, root['oidc'], ['oidc']);
  if (read === null) return null;
  const clientSecret = secretOf(context, read);
  const redirectOrigin = redirectOriginOf(context, read.redirectOrigin);
  const agencies = agenciesOf(context, read.agencies);
  if (read.requireMfa && read.mfa.amr.length + read.mfa.acr.length === 0)
    return report(context, ['mfa'], 'found no value, expected at least one of amr or acr');
  if (clientSecret === null || redirectOrigin === null || agencies === null) return null;
  const { issuer, clientId, label, claims, signOut, requireMfa, mfa } = read;
  return {
    issuer,
    clientId,
    clientSecret,
    label,
    redirectOrigin,
    scopes: [...new Set(['openid', ...read.scopes])],
    claims: { ...claims, agency: claims.agency ?? null },
    roles: new Map(Object.entries(read.roles)),
    agencies,
    signOut,
    requireMfa,
    mfa,
  };
}

function report({ file }: OidcContext, path: readonly string[], what: string): null {
  file.problems.report(placeIn(file, ['oidc', ...path]), what);
  return null;
}

type Read = z.output<typeof oidcSchema>;

function secretOf(context: OidcContext, { clientSecretEnv, clientSecretFile }: Read): string | null {
  if ((clientSecretEnv === undefined) === (clientSecretFile === undefined)) {
    const count = clientSecretEnv === undefined ? 'no' : 'two';
    const what = `found ${count} secrets, expected either clientSecretEnv or clientSecretFile`;
    return report(context, ['clientSecretEnv'], what);
  }
  const isFile = clientSecretFile !== undefined;
  const secret = readSecret(
    context,
    isFile ? { path: clientSecretFile } : { variable: clientSecretEnv ?? '' },
  );
  return secret.ok
    ? secret.value
    : report(context, [isFile ? 'clientSecretFile' : 'clientSecretEnv'], secret.message);
}

function redirectOriginOf(context: OidcContext, origin: string): string | null {
  if (!context.server?.origins.includes(origin))
    return report(context, ['redirectOrigin'], `${found(origin)}, expected one of server.origins`);
  if (isPrivateAddress(new URL(origin))) return origin;
  return report(context, ['redirectOrigin'], `${found(origin)}, expected https; http on the loopback only`);
}

/** Claim values to ids; without a mapping each agency goes by its own id. */
function agenciesOf(context: OidcContext, given: Read['agencies']): ReadonlyMap<string, string> | null {
  const ids = context.agencies.map(({ id }) => id);
  const mapping = Object.entries(given ?? Object.fromEntries(ids.map((id) => [id, id])));
  const unknown = mapping.filter(([, id]) => !ids.includes(id));
  for (const [claimed, id] of unknown)
    report(context, ['agencies', claimed], `${found(id)}, expected one of ${ids.join(', ')}`);
  return unknown.length > 0 ? null : new Map(mapping);
}
