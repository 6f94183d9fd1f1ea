import { createHash, timingSafeEqual } from 'node:crypto';

/** Longest token that is looked at, characters: as long as a configured one may be. */
const maxTokenLength = 1_024;
const form = new RegExp(`^Bearer ([\\x21-\\x7e]{1,${maxTokenLength}})$`, 'i');

/** Whether an `Authorization` header carries the bearer token with that SHA-256 (lower-case hex); takes as long for a wrong one. */
export function hasBearerToken(authorization: string | undefined, tokenSha256: string): boolean {
  const match = form.exec(authorization ?? '');
  const given = createHash('sha256')
    .update(match?.[1] ?? '')
    .digest();
  return timingSafeEqual(given, Buffer.from(tokenSha256, 'hex')) && match !== null;
}
