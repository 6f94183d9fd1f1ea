import { createHash, timingSafeEqual } from 'node:crypto';

/** Random bytes of a secret: 256 bits. */
const secretBytes = 32;
const idBytes = 12;

/** Kinds of tokens, and what their secrets begin with, so that a leaked one is known for what it is. */
const prefixes = { api: 'siaga_api_', wall: 'siaga_wall_' } as const;
export type TokenKind = keyof typeof prefixes;

type Random = (size: number) => Uint8Array;

/** A new secret of its kind; it is told once and kept as its hash only. */
export const newSecret = (kind: TokenKind, random: Random): string =>
  prefixes[kind] + Buffer.from(random(secretBytes)).toString('base64url');

/** A new id for an address or a list: random, and no secret. */
export const newTokenId = (random: Random): string => Buffer.from(random(idBytes)).toString('hex');

/** What is kept of a secret: lower-case hex SHA-256. */
export const hashOfSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Whether two such hashes are the same, in the same time wherever they differ. */
export function sameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a, 'hex'), Buffer.from(b, 'hex')];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Whether a text has the form of a secret of that kind, whole. */
export const isSecretOf = (kind: TokenKind, text: string): boolean =>
  text.startsWith(prefixes[kind]) && /^[A-Za-z0-9_-]{43}$/.test(text.slice(prefixes[kind].length));

/**
 * What of an `Authorization` header claims to be one of our API tokens, `null` when nothing does. A bearer token of somebody
 * else, such as a proxy's, is none of ours.
 */
export const claimedToken = (authorization: string | undefined): string | null =>
  /^Bearer +(siaga_\S{0,200})$/i.exec(authorization ?? '')?.[1] ?? null;
