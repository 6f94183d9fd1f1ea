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
const rounds = 5;

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

/** How differently long guesses of two kinds take, measured in pairs, in either order by chance: what slows the machine slows both. */
function difference(judge: (guess: string) => unknown, guess: Guess): number {
  const took = [new Float64Array(tries), new Float64Array(tries)] as const;
  const chance = randomBytes(tries);
  const measure = (kind: 0 | 1, pair: number): void => {
    const guessed = guess[kind]();
    const begun = performance.now();
    judge(guessed);
    took[kind][pair] = performance.now() - begun;
  };
  for (let warm = 0; warm < 2_000; warm += 1) measure(warm % 2 === 0 ? 0 : 1, warm);
  for (let pair = 0; pair < tries; pair += 1) {
    const first = (chance[pair] ?? 0) % 2 === 0 ? 0 : 1;
    measure(first, pair);
    measure(first === 0 ? 1 : 0, pair);
  }
  return Math.abs(welch(...took));
}

/** The smallest difference of the rounds, which ends as soon as one shows none. */
function leastDifference(judge: (guess: string) => unknown, guess: Guess): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds && least >= leaksFrom; round += 1)
    least = Math.min(least, difference(judge, guess));
  return least;
}

/** Makes a guess that is wrong at its beginning, and one that is wrong at its end alone. */
type Guess = readonly [wrongFirst: () => string, wrongLast: () => string];

/** So many characters are wrong; each guess is a new one, since where a text lies in memory and in a table takes its own time. */
const wrongLength = 6;
function guessOf(secret: string, from = 0): Guess {
  const bytes = Buffer.from(secret);
  const wrongAt = (place: number) => (): string => {
    const guess = Buffer.from(bytes);
    // Digits that a hash in hex may have too.
    guess.write(randomBytes(wrongLength / 2).toString('hex'), place);
    return guess.toString('latin1');
  };
  return [wrongAt(from), wrongAt(bytes.length - wrongLength)];
}

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
    expect(leastDifference(byCharacter, guessOf(long))).toBeGreaterThan(leaksFrom);
  });

  it('tells nothing of the token of a source', () => {
    const judge = (guess: string) => isTokenOf(`Bearer ${guess}`, sha256);
    expect(judge(secret)).toBe(true);
    expect(leastDifference(judge, guessOf(secret))).toBeLessThan(leaksFrom);
  });

  it('tells nothing of the token of those who scrape', () => {
    const judge = (guess: string) => hasBearerToken(`Bearer ${guess}`, sha256);
    expect(judge(secret)).toBe(true);
    expect(leastDifference(judge, guessOf(secret))).toBeLessThan(leaksFrom);
  });

  it('tells nothing of the token of a program or a wall, whose hashes are compared', () => {
    const kept = hashOfSecret(secret);
    expect(sameHash(hashOfSecret(secret), kept)).toBe(true);
    // Of the hashes, too: one that is wrong in its first digit, and one in its last.
    expect(leastDifference((guess) => sameHash(guess, kept), guessOf(kept))).toBeLessThan(leaksFrom);
    expect(leastDifference((guess) => sameHash(hashOfSecret(guess), kept), guessOf(secret))).toBeLessThan(
      leaksFrom,
    );
  });

  it('tells nothing of the id of a session, which is looked up by its hash', () => {
    const judge = (guess: string) => desk.auth.identify({ cookie: guess });
    expect(judge(cookie)?.name).toBe('vera');
    const from = cookie.indexOf('=') + 1;
    expect(guessOf(cookie, from).map((guess) => judge(guess()))).toEqual([null, null]);
    expect(leastDifference(judge, guessOf(cookie, from))).toBeLessThan(leaksFrom);
  });
});
