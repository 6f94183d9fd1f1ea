import * as client from 'openid-client';
import type { OidcRefusal } from '../../../shared/api/oidc.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { OidcConfiguration } from '../../config/configuration.ts';
import type { ProviderSession } from '../provider-sessions.ts';
import { isShortOf, type Claims } from './claims.ts';
import { faultText, hasEndpoint, type Provider } from './provider.ts';
import type { Transaction } from './transaction.ts';

/** Longest ID token that is kept for signing out, characters; it must fit into an address. */
export const maxIdTokenHint = 6_000;
/** Longest name of a session at the provider. */
const maxSid = 255;

/** Where the provider sends the browser back to, exact; it must be registered there. */
export const callbackPath = '/api/oidc/callback';

/** The same as an address. */
export const redirectUriOf = ({ redirectOrigin }: OidcConfiguration): string =>
  `${redirectOrigin}${callbackPath}`;

/** What the provider says of who has signed in there. */
export interface Redeemed {
  /** Of the ID token. */
  readonly claims: client.IDToken;
  /** Of userinfo, asked for only where the ID token lacks a claim that the configuration names. */
  readonly more: Claims;
  readonly provider: ProviderSession;
}

interface Parts {
  readonly configuration: OidcConfiguration;
  readonly provider: Provider;
  readonly onFault: (detail: string) => void;
}

/** The code exchanged for an ID token, which the library checks: signature, issuer, audience, times, nonce, and `iss` of the answer. */
export async function redeem(
  { configuration, provider, onFault }: Parts,
  { state, nonce, verifier }: Transaction,
  parameters: Readonly<Record<string, string>>,
): Promise<Result<Redeemed, OidcRefusal>> {
  const found = await provider.discover();
  if (!found.ok) return found;
  const answer = new URL(redirectUriOf(configuration));
  answer.search = new URLSearchParams(parameters).toString();
  try {
    const tokens = await client.authorizationCodeGrant(found.value, answer, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (!claims) return fail('invalid-answer', 'no ID token');
    const isShort = isShortOf(claims, configuration) && hasEndpoint(found.value, 'userinfo_endpoint');
    // The library refuses an answer about another subject (OpenID Connect Core 5.3.2).
    const more = isShort ? await client.fetchUserInfo(found.value, tokens.access_token, claims.sub) : {};
    return ok({ claims, more, provider: sessionOf(claims, tokens.id_token) });
  } catch (error) {
    onFault(faultText(error));
    return fail(codeOf(error), 'the sign-in could not be completed');
  }
}

function sessionOf({ sid }: client.IDToken, idToken = ''): ProviderSession {
  return {
    id: typeof sid === 'string' && sid.length <= maxSid ? sid : '',
    idToken: idToken.length <= maxIdTokenHint ? idToken : null,
  };
}

const unreachableCodes = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM']);

function codeOf(error: unknown): OidcRefusal {
  if (error instanceof client.AuthorizationResponseError)
    return error.error === 'temporarily_unavailable' || error.error === 'server_error'
      ? 'unreachable'
      : 'denied';
  // `fetch` rejects with a TypeError when there is no connection.
  const root = error instanceof client.ClientError && error.code === undefined ? error.cause : error;
  const isLost = root instanceof TypeError && root.message === 'fetch failed';
  const isUnanswered = error instanceof client.ClientError && unreachableCodes.has(error.code ?? '');
  return isLost || isUnanswered ? 'unreachable' : 'invalid-answer';
}
