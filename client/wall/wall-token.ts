const form = /^#token=(siaga_wall_[A-Za-z0-9_-]{1,100})$/;

/**
 * The token in the fragment of a wall's address, which is taken out of the address bar and its entry of the history at once;
 * `null` when there is none. A fragment is sent to no server and stands in no referrer.
 */
export function takeWallToken(
  from: Pick<Location, 'pathname' | 'search' | 'hash'>,
  past: History,
): string | null {
  if (from.pathname !== '/wall') return null;
  const token = form.exec(from.hash)?.[1] ?? null;
  if (from.hash.startsWith('#token=')) past.replaceState(null, '', from.pathname + from.search);
  return token;
}
