import { createRemoteJWKSet, customFetch, jwtVerify, type JWTPayload } from 'jose';
import * as z from 'zod/mini';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { OidcConfiguration } from '../../config/configuration.ts';
import { addressGroup, createAttemptLimiter } from '../attempt-limiter.ts';
import type { Auth } from '../auth.ts';
import type { Witness } from '../../store/state/change.ts';
import type { EndedByProvider } from '../provider-sessions.ts';
import { fetchBounded, faultText, providerTimeoutMs, type Provider } from './provider.ts';

/** Where the provider says that a session of it has ended; to be registered there as back-channel logout URI. */
export const backChannelPath = '/api/oidc/back-channel';

/** A logout token is taken for this long, seconds, give or take the clocks. */
const maxTokenAgeS = 120;
const clockToleranceS = 30;
/** Logout tokens that couldn't be believed, of one address in 15 minutes. */
export const maxBadLogoutTokens = 50;
const badTokenWindowMs = 15 * 60_000;
const maxLimitKeys = 20_000;
/** Taken tokens that are remembered until they are too old anyway. */
export const maxTakenLogoutTokens = 10_000;

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';
const shape = z.object({
  jti: z.string().check(z.minLength(1), z.maxLength(255)),
  events: z.looseObject({ [logoutEvent]: z.looseObject({}) }),
  sub: z.string().check(z.regex(/^[\x20-\x7e]{1,255}$/)),
  sid: z.optional(z.string().check(z.minLength(1), z.maxLength(255))),
  nonce: z.optional(z.never()),
});

/** Being told by the provider that a session has ended: OpenID Connect Back-Channel Logout 1.0. */
export interface BackChannel {
  /** Ends what the logout token names, before it answers; `null` when that is nobody of ours. */
  readonly endByToken: (
    token: string,
    address: string,
    witness?: Witness<EndedByProvider>,
  ) => Promise<Result<EndedByProvider | null, 'invalid' | 'rate-limited' | 'busy'>>;
}

interface BackChannelParts {
  readonly configuration: Pick<OidcConfiguration, 'clientId'>;
  readonly provider: Provider;
  readonly auth: Pick<Auth, 'endByProvider'>;
  readonly now: () => number;
  readonly onFault: (detail: string) => void;
}

/** Anybody may call it, so the signature decides; bad tokens are limited by address, and keys are fetched at most twice a minute. */
export function createBackChannel(parts: BackChannelParts): BackChannel {
  const { provider, auth, now, onFault } = parts;
  const limiter = createAttemptLimiter({
    limit: maxBadLogoutTokens,
    windowMs: badTokenWindowMs,
    maxKeys: maxLimitKeys,
    now,
  });
  const taken = createTaken(now);
  const keys = createKeys();
  return {
    async endByToken(token, address, witness) {
      const group = addressGroup(address);
      if (limiter.take(group) > 0) return fail('rate-limited', 'too many logout tokens that are none');
      const found = await provider.discover();
      if (!found.ok) {
        limiter.giveBack(group);
        return fail('busy', 'the provider does not answer');
      }
      const { issuer, jwks_uri: jwksUri = '' } = found.value.serverMetadata();
      const read = await readToken(token, keys(jwksUri), { ...parts, issuer });
      if (!read.ok) {
        onFault(`logout token: ${read.message}`);
        return fail('invalid', 'no logout token that can be believed');
      }
      if (!taken.add(read.value.jti)) return fail('invalid', 'this logout token was taken already');
      limiter.giveBack(group);
      const { sub, sid = null } = read.value;
      return ok(await auth.endByProvider(`${issuer} ${sub}`, sid, witness));
    },
  };
}

async function readToken(
  token: string,
  key: ReturnType<typeof createRemoteJWKSet>,
  {
    configuration: { clientId },
    issuer,
  }: Pick<BackChannelParts, 'configuration'> & { readonly issuer: string },
): Promise<Result<z.infer<typeof shape>, 'invalid'>> {
  let payload: JWTPayload;
  try {
    // With a set of the provider's public keys neither `none` nor an HMAC by the client's secret is taken.
    ({ payload } = await jwtVerify(token, key, {
      issuer,
      audience: clientId,
      maxTokenAge: maxTokenAgeS,
      clockTolerance: clockToleranceS,
    }));
  } catch (error) {
    return fail('invalid', faultText(error));
  }
  const parsed = shape.safeParse(payload);
  return parsed.success ? ok(parsed.data) : fail('invalid', 'not the claims of a logout token');
}

/** The provider's keys, fetched when a token names one that isn't known. */
function createKeys() {
  let known: { uri: string; keys: ReturnType<typeof createRemoteJWKSet> } | null = null;
  return (uri: string) => {
    if (known?.uri !== uri) {
      const options = { timeoutDuration: providerTimeoutMs, [customFetch]: fetchBounded };
      known = { uri, keys: createRemoteJWKSet(new URL(uri), options) };
    }
    return known.keys;
  };
}

/** Tokens are taken once: a copy that somebody kept ends no later session. */
function createTaken(now: () => number) {
  const taken = new Map<string, number>();
  return {
    add(jti: string): boolean {
      if (taken.has(jti)) return false;
      for (const [old, end] of taken) {
        if (end > now() && taken.size < maxTakenLogoutTokens) break;
        taken.delete(old);
      }
      taken.set(jti, now() + (maxTokenAgeS + 2 * clockToleranceS) * 1_000);
      return true;
    },
  };
}
