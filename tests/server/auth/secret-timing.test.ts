import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBearerToken } from '../../../server/auth/bearer-token.ts';
import { hashOfSecret, sameHash } from '../../../server/auth/token-secret.ts';
import { isTokenOf } from '../../../server/ingest/http/ingest-token.ts';
import { addUser, openAuth, type AuthDesk } from './support.ts';

const tries = 20_000;
/** Beyond it the means of two measurements differ for a reason (Welch's t, as dudect has it). */
const leaksFrom = 4.5;
/** A machine that does something else meanwhile shows a difference once, a leak shows it each time. */
const rounds = 3;

/** Welch's t of two samples, without their slowest tenth, which belongs to the machine. */
function welch(a: Float64Array, b: Float64Array): number {
  const all = Float64Array.from([...a, ...b]).sort();
  const most = all[Math.floor(all.length * 0.9)] ?? 0;
  const [left, right] = [a, b].map((sample) => {
    const kept = sample.filter((value) => value <= most);
    const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
    const variance = kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (kept.length - 1);
    return { mean, error: variance / kept.length };
  });
  if (!left || !right) throw new Error('nothing was measured');
  return (left.mean - right.mean) / Math.sqrt(left.error + right.error);
}

/** How differently long two guesses take, measured in turn and in an order nobody can foresee. */
function difference(judge: (guess: string) => unknown, guesses: readonly [string, string]): number {
  const took = [new Float64Array(tries), new Float64Array(tries)] as const;
  const filled = [0, 0];
  const order = randomBytes(2 * tries);
  for (let n = 0; n < 2_000; n += 1) judge(guesses[n % 2] ?? '');
  for (let n = 0; filled[0] !== tries || filled[1] !== tries; n += 1) {
    const coin = (order[n % order.length] ?? 0) & 1;
    const which = filled[coin] === tries ? 1 - coin : coin;
    const guess = guesses[which] ?? '';
    const begun = performance.now();
    judge(guess);
    const end = performance.now();
    took[which === 0 ? 0 : 1][filled[which] ?? 0] = end - begun;
    filled[which] = (filled[which] ?? 0) + 1;
  }
  return Math.abs(welch(...took));
}

/** The smallest difference of the rounds, which ends as soon as one shows none. */
function leastDifference(judge: (guess: string) => unknown, guesses: readonly [string, string]): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds && least >= leaksFrom; round += 1)
    least = Math.min(least, difference(judge, guesses));
  return least;
}

/** Another digit, which a hash in hex may have too. */
const other = (char: string): string => (char === '0' ? '1' : '0');
/** Wrong at the first character, and wrong at the last alone. */
const guessesOf = (secret: string, from = 0): [string, string] => [
  secret.slice(0, from) + other(secret.charAt(from)) + secret.slice(from + 1),
  secret.slice(0, -1) + other(secret.slice(-1)),
];

const secret = randomBytes(32).toString('base64url');
const sha256 = createHash('sha256').update(secret).digest('hex');

let desk: AuthDesk;
let cookie: string;
beforeAll(async () => {
  desk = await openAuth();
  cookie = await addUser(desk.auth, 'vera', 'viewer');
});
afterAll(() => desk.store.close());

describe('S-28: how long it takes to refuse a secret', () => {
  it('tells where it is wrong when it is compared character by character: what this test would see', () => {
    const long = randomBytes(768).toString('base64url');
    const byCharacter = (guess: string): boolean => {
      for (let n = 0; n < long.length; n += 1) if (guess.charCodeAt(n) !== long.charCodeAt(n)) return false;
      return true;
    };
    expect(leastDifference(byCharacter, guessesOf(long))).toBeGreaterThan(leaksFrom);
  });

  it('tells nothing of the token of a source', () => {
    const judge = (guess: string) => isTokenOf(`Bearer ${guess}`, sha256);
    expect(judge(secret)).toBe(true);
    expect(leastDifference(judge, guessesOf(secret))).toBeLessThan(leaksFrom);
  });

  it('tells nothing of the token of those who scrape', () => {
    const judge = (guess: string) => hasBearerToken(`Bearer ${guess}`, sha256);
    expect(judge(secret)).toBe(true);
    expect(leastDifference(judge, guessesOf(secret))).toBeLessThan(leaksFrom);
  });

  it('tells nothing of the token of a program or a wall, whose hashes are compared', () => {
    const kept = hashOfSecret(secret);
    expect(sameHash(hashOfSecret(secret), kept)).toBe(true);
    // Of the hashes, too: one that is wrong in its first digit, and one in its last.
    expect(leastDifference((guess) => sameHash(guess, kept), guessesOf(kept))).toBeLessThan(leaksFrom);
    expect(leastDifference((guess) => sameHash(hashOfSecret(guess), kept), guessesOf(secret))).toBeLessThan(
      leaksFrom,
    );
  });

  it('tells nothing of the id of a session, which is looked up by its hash', () => {
    const judge = (guess: string) => desk.auth.identify({ cookie: guess });
    expect(judge(cookie)?.name).toBe('vera');
    const from = cookie.indexOf('=') + 1;
    expect(guessesOf(cookie, from).map(judge)).toEqual([null, null]);
    expect(leastDifference(judge, guessesOf(cookie, from))).toBeLessThan(leaksFrom);
  });
});
