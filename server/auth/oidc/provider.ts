import * as client from 'openid-client';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { OidcConfiguration } from '../../config/configuration.ts';
import { isPrivateAddress } from '../../config/oidc-section.ts';

/** The provider must answer each request within this long. */
export const providerTimeoutMs = 10_000;
/** Bytes of one answer. */
export const maxAnswerBytes = 1_048_576;
/** What the provider says of itself is asked for again after this long; its keys are looked after by the library. */
export const rediscoverAfterMs = 3_600_000;
/** After a failure nothing is asked for this long, doubled with each, */
export const firstBackOffMs = 1_000;
/** and at most this. */
export const maxBackOffMs = 60_000;
/** By how much its clock may differ, seconds. */
const clockToleranceS = 30;

/** The provider, which may be away at any time. */
export interface Provider {
  /** What it says of itself, asked for when it is needed first and kept; fails at once while a failure is recent. */
  readonly discover: () => Promise<Result<client.Configuration, 'unreachable'>>;
}

export interface ProviderParts {
  readonly configuration: Pick<OidcConfiguration, 'issuer' | 'clientId' | 'clientSecret'>;
  readonly now: () => number;
  readonly timeoutMs?: number | undefined;
  /** Hears why it could not be reached; no secret is in it. */
  readonly onFault: (detail: string) => void;
}

interface Known {
  readonly configuration: client.Configuration;
  readonly at: number;
}

/** Nothing is asked before the first sign-in. */
export function createProvider(parts: ProviderParts): Provider {
  const { now, onFault } = parts;
  let known: Known | null = null;
  let failures = 0;
  let quietUntil = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | null = null;

  const ask = async (): Promise<void> => {
    try {
      known = { configuration: await discover(parts), at: now() };
      failures = 0;
    } catch (error) {
      onFault(faultText(error));
      quietUntil = now() + Math.min(maxBackOffMs, firstBackOffMs * 2 ** Math.min(failures, 10));
      failures += 1;
    }
  };
  return {
    async discover() {
      const isFresh = known !== null && now() - known.at < rediscoverAfterMs;
      if (!isFresh && now() >= quietUntil) {
        asking ??= ask().finally(() => (asking = null));
        await asking;
      }
      return known === null ? fail('unreachable', 'the provider does not answer') : ok(known.configuration);
    },
  };
}

async function discover({ configuration, timeoutMs = providerTimeoutMs }: ProviderParts) {
  const { issuer, clientId, clientSecret } = configuration;
  const url = new URL(issuer);
  const isLocal = url.protocol === 'http:';
  const found = await client.discovery(
    url,
    clientId,
    { client_secret: clientSecret, [client.clockTolerance]: clockToleranceS },
    bySupportedMethod(clientSecret),
    {
      timeout: timeoutMs / 1_000,
      [client.customFetch]: fetchBounded,
      execute: [client.enableNonRepudiationChecks, ...(isLocal ? [client.allowInsecureRequests] : [])],
    },
  );
  const metadata = found.serverMetadata();
  // The library excepts some providers from this, whose issuer differs by tenant.
  if (new URL(metadata.issuer).href !== url.href) throw new Error('the provider names another issuer');
  for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const) {
    const address = metadata[name];
    if (address === undefined || !URL.canParse(address) || !isSafe(new URL(address), isLocal))
      throw new Error(`the provider names no safe ${name}`);
  }
  return found;
}

const isSafe = (address: URL, isLocal: boolean): boolean =>
  address.protocol === 'https:' || (isLocal && isPrivateAddress(address));

type OptionalEndpoint = 'userinfo_endpoint' | 'end_session_endpoint';

/** Whether the provider has that endpoint at an address where nobody on the way reads what is sent. */
export function hasEndpoint(configuration: client.Configuration, name: OptionalEndpoint): boolean {
  const metadata = configuration.serverMetadata();
  const address = metadata[name];
  const isLocal = new URL(metadata.issuer).protocol === 'http:';
  return address !== undefined && URL.canParse(address) && isSafe(new URL(address), isLocal);
}

/** As OpenID Connect Discovery 3 has it: `client_secret_basic` unless the provider lists only others. */
function bySupportedMethod(secret: string): client.ClientAuth {
  const basic = client.ClientSecretBasic(secret);
  const post = client.ClientSecretPost(secret);
  return (as, metadata, body, headers) => {
    const supported = as.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return (supported.includes('client_secret_basic') ? basic : post)(as, metadata, body, headers);
  };
}

/** Never more than `maxAnswerBytes`, whatever the provider sends; redirects are not followed. */
export const fetchBounded = async (url: string, options: object): Promise<Response> => {
  const response = await fetch(url, options);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) throw new Error('the provider answers with too much');
    chunks.push(chunk);
  }
  const { status, statusText, headers } = response;
  // These statuses may have no body, not even an empty one.
  const body = [204, 205, 304].includes(status) ? null : Buffer.concat(chunks);
  return new Response(body, { status, statusText, headers });
};

/** What went wrong, from the outermost error in, without what the provider sent. */
export function faultText(error: unknown): string {
  const texts: string[] = [];
  for (let at = error; at instanceof Error && texts.length < 5; at = at.cause) {
    const code = 'code' in at && typeof at.code === 'string' ? ` (${at.code})` : '';
    texts.push(`${at.message}${code}`.slice(0, 200));
  }
  return texts.length === 0 ? 'unknown error' : texts.join(': ');
}
