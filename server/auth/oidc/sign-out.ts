import { timingSafeEqual } from 'node:crypto';
import * as client from 'openid-client';
import type { OidcConfiguration } from '../../config/configuration.ts';
import type { ProviderSession } from '../provider-sessions.ts';
import { readCookieId } from '../session-cookie.ts';
import { hasEndpoint, type Provider } from './provider.ts';

/** Signing out waits at most this long for a provider that isn't known yet; then it ends here only. */
export const signOutWaitMs = 3_000;
/** The way back from signing out at the provider counts as ours for this long. */
export const signOutReturnMs = 10 * 60_000;

/** Where the provider may send the browser back to; with `signOut: provider-and-back` it must be registered there. */
export const signedOutPath = '/api/oidc/signed-out';

/** The browser is to go on to the provider, which ends its own session. */
export interface SigningOut {
  /** The provider's end session endpoint, with what it must know. */
  readonly location: string;
  /** Keeps the state for the way back; `null` when there is none. */
  readonly cookie: string | null;
}

/** Signing out there too: OpenID Connect RP-Initiated Logout 1.0. */
export interface SignOut {
  /** `null`: not configured, the provider has no such endpoint, or it doesn't answer. What is ours has ended already. */
  readonly signOutThere: (session: ProviderSession) => Promise<SigningOut | null>;
  /** Whether the browser comes back from signing out by us; the `Set-Cookie` forgets it. */
  readonly signedOutThere: (
    cookieHeader: string | undefined,
    state: string,
  ) => { readonly isOurs: boolean; readonly cookie: string };
}

interface SignOutParts {
  readonly configuration: Pick<OidcConfiguration, 'signOut' | 'redirectOrigin' | 'clientId'>;
  readonly provider: Provider;
  readonly secure: boolean;
  readonly waitMs?: number;
}

/** Nothing is kept here: the state is in the browser, for ten minutes. */
export function createSignOut({
  configuration,
  provider,
  secure,
  waitMs = signOutWaitMs,
}: SignOutParts): SignOut {
  const { signOut, redirectOrigin, clientId } = configuration;
  const name = secure ? '__Host-siaga_oidc_out' : 'siaga_oidc_out';
  // Lax: the way back is a navigation from another site.
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  return {
    async signOutThere({ idToken }) {
      if (signOut === 'here') return null;
      const found = await within(waitMs, provider.discover());
      if (!found?.ok || !hasEndpoint(found.value, 'end_session_endpoint')) return null;
      const state = signOut === 'provider-and-back' ? client.randomState() : null;
      const { href } = client.buildEndSessionUrl(found.value, {
        client_id: clientId,
        ...(idToken === null ? {} : { id_token_hint: idToken }),
        ...(state === null ? {} : { post_logout_redirect_uri: `${redirectOrigin}${signedOutPath}`, state }),
      });
      const cookie =
        state === null ? null : `${name}=${state}; Max-Age=${signOutReturnMs / 1_000}; ${attributes}`;
      return { location: href, cookie };
    },
    signedOutThere(cookieHeader, state) {
      const kept = Buffer.from(readCookieId(cookieHeader, name) ?? '');
      const told = Buffer.from(state);
      const isOurs = kept.length > 0 && kept.length === told.length && timingSafeEqual(kept, told);
      return { isOurs, cookie: `${name}=; Max-Age=0; ${attributes}` };
    },
  };
}

/** `null` when it takes longer. */
async function within<T>(waitMs: number, task: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), waitMs);
  });
  return Promise.race([task, late]).finally(() => clearTimeout(timer));
}
