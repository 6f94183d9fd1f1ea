/** Longest address that signing in may end at, characters. */
export const maxNextLength = 2_000;

/**
 * Whether a text is the address of one of these screens, path and query, and can be nothing else: no other host however a browser
 * reads it (`//`, `\`, control characters), no dot segments, no fragment.
 */
export function isScreenPath(text: string, screens: readonly string[]): boolean {
  if (text.length > maxNextLength || !/^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/.test(text)) return false;
  const here = 'http://siaga.invalid';
  if (!URL.canParse(text, here)) return false;
  const { origin, pathname, search } = new URL(text, here);
  if (origin !== here || `${pathname}${search}` !== text) return false;
  return screens.some((screen) =>
    screen.endsWith('/*rest') ? pathname.startsWith(screen.slice(0, -5)) : pathname === screen,
  );
}
