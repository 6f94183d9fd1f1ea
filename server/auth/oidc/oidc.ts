import * as client from 'openid-client';
import type { OidcOffer, OidcRefusal } from '../../../shared/api/oidc.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { OidcConfiguration } from '../../config/configuration.ts';
import type { StateDb } from '../../store/state/state-store.ts';
import { addressGroup, createAttemptLimiter } from '../attempt-limiter.ts';
import type { Auth } from '../auth.ts';
import type { ExternalAct, ExternalSignedIn } from '../external-sign-in.ts';
import { createBackChannel, type BackChannel } from './back-channel.ts';
import { personOf, type ClaimRules } from './claims.ts';
import { createProvider, type Provider } from './provider.ts';
import { redeem, redirectUriOf } from './redeem.ts';
import { createSignOut, type SignOut } from './sign-out.ts';
import { createTransactions, type Transactions } from './transaction.ts';

/** Attempts are counted over this long. */
export const oidcWindowMs = 15 * 60_000;
/** Attempts of one address that came to nothing; those that succeed don't count. */
export const maxOidcAttempts = 200;
/** Addresses remembered for this limit. */
export const maxOidcLimitKeys = 20_000;

/** Parameters of the way back: ours to check, and those that are let pass and not read (RFC 6749 4.1.2). */
export const callbackParameters = [
  'code',
  'state',
  'iss',
  'error',
  'error_description',
  'error_uri',
  'session_state',
  'scope',
  'authuser',
  'hd',
  'prompt',
] as const;

export interface OidcRequest {
  readonly cookieHeader: string | undefined;
  readonly address: string;
  readonly userAgent: string;
}

/** The browser leaves for the provider. */
export interface Leaving {
  /** The provider's authorization endpoint, with our question. */
  readonly location: string;
  readonly cookie: string;
}

/** The browser is back, and who it is is known. */
export interface Returned {
  /** Own path. */
  readonly next: string;
  readonly cookies: readonly string[];
  readonly signedIn: ExternalSignedIn;
  readonly subject: string;
}

export interface Refused {
  readonly ok: false;
  readonly code: OidcRefusal;
  readonly message: string;
  /** As the provider named the person; `null` when that is not known or not to be believed. */
  readonly subject: string | null;
  /** Takes the transaction away; `null` when it stays, since the request was not its own. */
  readonly cookie: string | null;
}

/** Hears within its transaction what a sign-in did, and of which subject of the provider: when it rejects, nothing is done. */
export type OidcWitness = (transaction: StateDb, act: ExternalAct, subject: string) => Promise<void>;

/** Signing in by OpenID Connect: the authorization code flow with PKCE (RFC 7636), state and nonce; and out, by either side. */
export interface Oidc extends SignOut, BackChannel {
  readonly offer: OidcOffer;
  /** `next` is where the browser ends: an own path, checked by the caller. */
  readonly begin: (request: OidcRequest & { readonly next: string }) => Promise<Result<Leaving, OidcRefusal>>;
  /** Ends what `begin` began, once, by the parameters that the provider sent the browser back with. */
  readonly finish: (
    request: OidcRequest & { readonly parameters: Readonly<Record<string, string>> },
    witness?: OidcWitness,
  ) => Promise<{ readonly ok: true; readonly value: Returned } | Refused>;
}

export interface OidcParts {
  readonly configuration: OidcConfiguration;
  /** Id of the agency of all, where no claim says it. */
  readonly ownAgency: string;
  readonly auth: Pick<Auth, 'identify' | 'signInExternal' | 'endByProvider'>;
  readonly now: () => number;
  readonly random: (size: number) => Uint8Array;
  readonly secureCookies: boolean;
  readonly providerTimeoutMs?: number;
  /** Hears what went wrong with the provider; no secret is in it. */
  readonly onFault: (detail: string) => void;
}

interface Room extends OidcParts {
  readonly provider: Provider;
  readonly transactions: Transactions;
  readonly limiter: ReturnType<typeof createAttemptLimiter>;
}

/** Asks the provider for nothing before the first sign-in, and never at the start: it may be away. */
export function createOidc(parts: OidcParts): Oidc {
  const { configuration, now, random, secureCookies: secure, onFault } = parts;
  const provider = createProvider({ configuration, now, onFault, timeoutMs: parts.providerTimeoutMs });
  const room: Room = {
    ...parts,
    provider,
    transactions: createTransactions({ now, random, secure }),
    limiter: createAttemptLimiter({
      limit: maxOidcAttempts,
      windowMs: oidcWindowMs,
      maxKeys: maxOidcLimitKeys,
      now,
    }),
  };
  return {
    offer: { enabled: true, label: configuration.label },
    begin: (request) => begin(room, request),
    finish: (request, witness) => finish(room, request, witness),
    ...createSignOut({ configuration, provider, secure }),
    ...createBackChannel({ configuration, provider, auth: parts.auth, now, onFault }),
  };
}

async function begin(
  { configuration, provider, transactions, limiter, auth }: Room,
  { address, cookieHeader, next }: OidcRequest & { readonly next: string },
): Promise<Result<Leaving, OidcRefusal>> {
  if (limiter.take(addressGroup(address)) > 0) return fail('rate-limited', 'too many attempts');
  const found = await provider.discover();
  if (!found.ok) return found;
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const { acr } = configuration.mfa;
  const location = client.buildAuthorizationUrl(found.value, {
    redirect_uri: redirectUriOf(configuration),
    scope: configuration.scopes.join(' '),
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...(acr.length > 0 ? { acr_values: acr.join(' ') } : {}),
  });
  // The way back is cross-site: the strict cookie of the session, which is to end then, is sent now only.
  const oldSessionKey = auth.identify({ cookie: cookieHeader })?.sessionKey ?? null;
  return ok({
    location: location.href,
    cookie: transactions.keep({ state, nonce, verifier, next, oldSessionKey }),
  });
}

const refused = (
  code: OidcRefusal,
  message: string,
  more: Partial<Pick<Refused, 'subject' | 'cookie'>> = {},
): Refused => ({ ok: false, code, message, subject: null, cookie: null, ...more });

async function finish(
  room: Room,
  request: OidcRequest & { readonly parameters: Readonly<Record<string, string>> },
  witness?: OidcWitness,
): ReturnType<Oidc['finish']> {
  const { transactions, limiter, auth } = room;
  const group = addressGroup(request.address);
  const transaction = transactions.find(request.cookieHeader);
  // Of another attempt in this browser, or of an attacker: it must not use up the one that is under way.
  if (transaction === null || request.parameters['state'] !== transaction.state)
    return limiter.take(group) > 0
      ? refused('rate-limited', 'too many attempts')
      : refused('expired', 'no attempt of this browser is under way, or it is another one');
  const cookie = transactions.forgotten;
  if (!transactions.use(transaction)) return refused('expired', 'the attempt is used', { cookie });
  const redeemed = await redeem(room, transaction, request.parameters);
  if (!redeemed.ok) return refused(redeemed.code, redeemed.message, { cookie });
  const { claims, more, provider } = redeemed.value;
  const person = personOf(claims, rulesOf(room), more);
  const subject = claims.sub.slice(0, 255);
  if (!person.ok) return refused(person.code, person.message, { cookie, subject });
  const { address, userAgent } = request;
  const { oldSessionKey, next } = transaction;
  const origin = { address, userAgent, oldSessionKey, provider };
  const result = await auth.signInExternal(person.value, origin, async (db, act) =>
    witness?.(db, act, subject ?? ''),
  );
  if (!result.ok) {
    const code = result.code === 'busy' ? 'limit-reached' : result.code;
    return refused(code, result.message, { cookie, subject });
  }
  limiter.giveBack(group);
  return ok({ next, cookies: [result.value.cookie, cookie], signedIn: result.value, subject });
}

const rulesOf = ({ configuration, ownAgency }: Room): ClaimRules => ({ ...configuration, ownAgency });
