import { createHash } from 'node:crypto';

/** Bytes of a session id: 256 bits. */
export const sessionIdBytes = 32;

const plainName = 'siaga_session';

/** Name of the cookie. Behind TLS its prefix keeps a neighbouring host from setting it. */
export const cookieName = (secure: boolean): string => (secure ? `__Host-${plainName}` : plainName);

const attributes = (secure: boolean) => `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;

/** A `Set-Cookie` that gives the browser its session id, to be kept until `maxAgeMs` from now. */
export function sessionCookie(id: string, maxAgeMs: number, secure: boolean): string {
  return `${cookieName(secure)}=${id}; Max-Age=${Math.floor(maxAgeMs / 1_000)}; ${attributes(secure)}`;
}

/** A `Set-Cookie` that takes it away. */
export const endedCookie = (secure: boolean): string =>
  `${cookieName(secure)}=; Max-Age=0; ${attributes(secure)}`;

const idForm = /^[A-Za-z0-9_-]{43}$/;

/** Session id in a `Cookie` header; `null` when there is none, more than one, or one that we never gave out. */
export const readSessionId = (header: string | undefined, secure: boolean): string | null =>
  readCookieId(header, cookieName(secure));

/** The same of a cookie of that name. */
export function readCookieId(header: string | undefined, name: string): string | null {
  if (header === undefined) return null;
  const prefix = `${name}=`;
  const found = header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(prefix));
  const id = found.length === 1 ? found[0]?.slice(prefix.length) : undefined;
  return id !== undefined && idForm.test(id) ? id : null;
}

/** What is stored and looked up for an id; the id itself is in the browser only. */
export const sessionKeyOf = (id: string): string => createHash('sha256').update(id).digest('hex');
