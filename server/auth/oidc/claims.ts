import { fail, ok, type Result } from '../../../shared/result.ts';
import { userNameSchema } from '../../../shared/api/schemas.ts';
import { rolesWithSecondFactor } from '../../../shared/authority.ts';
import { roles, type Role } from '../../../shared/role.ts';
import type { OidcConfiguration } from '../../config/configuration.ts';
import type { ExternalPerson } from '../external-sign-in.ts';

/** Claims of an ID token whose signature, issuer, audience, times and nonce are checked already, or of userinfo of the same subject. */
export type Claims = Readonly<Record<string, unknown>>;

export type ClaimRules = Pick<OidcConfiguration, 'claims' | 'roles' | 'agencies' | 'requireMfa' | 'mfa'> & {
  /** Id of the agency of all, where no claim says it. */
  readonly ownAgency: string;
};

export type ClaimCode = 'invalid-answer' | 'second-factor' | 'no-role' | 'no-agency' | 'bad-name';

/** Values of one claim that are looked at. */
const maxClaimValues = 1_000;

/** Whether a claim that the configuration names is not in the ID token. */
export const isShortOf = (claims: Claims, { claims: { name, role, agency } }: Pick<ClaimRules, 'claims'>) =>
  [name, role, ...(agency === null ? [] : [agency])].some((claim) => valueAt(claims, claim) === undefined);

/**
 * Who the claims describe, by the rules of the configuration. Of several roles the highest counts; agencies must agree. A lead or
 * an admin must have proven a second factor, and with `requireMfa` everybody. `more` counts where the ID token is silent, but
 * never for the second factor, which was proven at this sign-in or wasn't.
 */
export function personOf(
  claims: Claims,
  rules: ClaimRules,
  more: Claims = {},
): Result<ExternalPerson, ClaimCode> {
  const subject = subjectOf(claims);
  const textsOf: TextsOf = (name) => textsAt(valueAt(claims, name) === undefined ? more : claims, name);
  if (subject === null) return fail('invalid-answer', 'the provider names no subject');
  const role = roleOf(textsOf, rules);
  if (role === null) return fail('no-role', 'no value of the claim for the role is mapped');
  const agency = agencyOf(textsOf, rules);
  if (agency === null) return fail('no-agency', 'not one agency by its claim');
  if ((rules.requireMfa || rolesWithSecondFactor.has(role)) && !isProven(claims, rules))
    return fail('second-factor', 'no proof of a second factor by amr or acr');
  const name = userNameSchema.safeParse(textsOf(rules.claims.name)[0]?.toLowerCase());
  if (!name.success) return fail('bad-name', 'the claim for the name is no name of a user');
  return ok({ externalId: subject, name: name.data, role, agency });
}

/** Issuer and subject, which name a person for good; OpenID Connect Core 2: at most 255 characters of ASCII. */
function subjectOf({ iss, sub }: Claims): string | null {
  if (typeof iss !== 'string' || typeof sub !== 'string' || !/^[\x20-\x7e]{1,255}$/.test(sub)) return null;
  return `${iss} ${sub}`;
}

type TextsOf = (name: string) => string[];

function roleOf(textsOf: TextsOf, rules: ClaimRules): Role | null {
  const mapped = textsOf(rules.claims.role).map((value) => rules.roles.get(value));
  return roles.findLast((role) => mapped.includes(role)) ?? null;
}

function agencyOf(textsOf: TextsOf, { claims: { agency }, agencies, ownAgency }: ClaimRules): string | null {
  if (agency === null) return ownAgency;
  const mapped = new Set(textsOf(agency).flatMap((value) => agencies.get(value) ?? []));
  return mapped.size === 1 ? ([...mapped][0] ?? null) : null;
}

const isProven = (claims: Claims, { mfa }: ClaimRules): boolean =>
  textsAt(claims, 'amr').some((value) => mfa.amr.includes(value)) ||
  textsAt(claims, 'acr').some((value) => mfa.acr.includes(value));

/** A name that is no claim is a path with dots into objects. */
const valueAt = (claims: Claims, name: string): unknown =>
  Object.hasOwn(claims, name) ? claims[name] : name.split('.').reduce<unknown>(within, claims);

/** Texts of a claim: its own, or those of its list. */
function textsAt(claims: Claims, name: string): string[] {
  const value = valueAt(claims, name);
  const list: unknown[] = Array.isArray(value) ? value.slice(0, maxClaimValues) : [value];
  return list.filter((item) => typeof item === 'string');
}

function within(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}
