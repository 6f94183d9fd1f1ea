import { oidcRefusals, type OidcRefusal } from '../../shared/api/oidc.ts';

/** Where the browser goes to sign in elsewhere and come back to this address. */
export const leaveAddress = ({ pathname, search }: Pick<Location, 'pathname' | 'search'>): string =>
  `/api/oidc/begin?${new URLSearchParams({ next: `${pathname}${search}` })}`;

/** Whether the address of the page says that the session at the provider has ended, too. */
export const isSignedOutThere = (search: string): boolean =>
  new URLSearchParams(search).get('oidc') === 'signed-out';

/** Why signing in elsewhere came to nothing, as the address of the page says; `null` when it doesn't. */
export function refusalIn(search: string): OidcRefusal | null {
  const query = new URLSearchParams(search);
  if (query.get('oidc') !== 'refused') return null;
  const why = query.get('why');
  return oidcRefusals.find((known) => known === why) ?? null;
}
