import { readCookieId } from './session-cookie.ts';

const cookieNameOf = (secure: boolean): string => (secure ? '__Host-siaga_wall' : 'siaga_wall');
/** Browsers keep no cookie longer than 400 days; a wall in use gets a new term with each look at its own session. */
const keptSeconds = 400 * 86_400;

/** A `Set-Cookie` that makes a browser the screen of a wall. */
export const wallCookie = (id: string, secure: boolean): string =>
  `${cookieNameOf(secure)}=${id}; Max-Age=${keptSeconds}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;

/** Id in a wall's cookie; `null` when there is none, more than one, or one that we never gave out. */
export const readWallId = (header: string | undefined, secure: boolean): string | null =>
  readCookieId(header, cookieNameOf(secure));
