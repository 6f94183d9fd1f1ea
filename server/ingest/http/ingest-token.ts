import { createHash, timingSafeEqual } from 'node:crypto';

const longestTokenLength = 1_024;
const longestHeaderLength = 2_048;
const printable = /^[\x21-\x7e]+$/;

/**
 * Whether an `Authorization` header holds the token of that SHA-256, lower-case hex: `Bearer TOKEN`, or, in base64,
 * `ApiKey id:TOKEN` and `Basic user:TOKEN`, where id and user may be anything. Takes the same time for any token.
 */
export function isTokenOf(authorization: string | undefined, tokenSha256: string): boolean {
  const given = tokenIn(authorization ?? '');
  const hash = createHash('sha256')
    .update(given ?? '')
    .digest();
  return timingSafeEqual(hash, Buffer.from(tokenSha256, 'hex')) && given !== null;
}

function tokenIn(header: string): string | null {
  if (header.length > longestHeaderLength) return null;
  const match = /^(Bearer|ApiKey|Basic) +(\S+)$/i.exec(header);
  if (!match) return null;
  const [, scheme = '', credentials = ''] = match;
  const token = scheme.toLowerCase() === 'bearer' ? credentials : afterColon(credentials);
  return token !== null && token.length <= longestTokenLength && printable.test(token) ? token : null;
}

function afterColon(base64: string): string | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null;
  const text = Buffer.from(base64, 'base64').toString('latin1');
  const colon = text.indexOf(':');
  return colon < 0 ? null : text.slice(colon + 1);
}
