import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { fail, ok, type Result } from '../../shared/result.ts';

/**
 * Argon2id as the OWASP password storage cheat sheet asks for at least: 19 MiB, 2 passes, 1 lane.
 * Argon2id is the default of `@node-rs/argon2`, whose `Algorithm` enum can't be imported by isolated modules.
 */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Hashes at work at once, off the event loop; each takes 19 MiB and a thread. */
export const maxHashing = 2;
/** Hashes that wait for their turn; beyond them a caller is told to come back. */
export const maxHashingQueue = 32;

export interface Passwords {
  /** A PHC string of the password; `busy` when too many are waiting. */
  hash(password: string): Promise<Result<string, 'busy'>>;
  /** Whether the password is the hashed one; for `null` it takes as long and is false. */
  verify(password: string, hashed: string | null): Promise<Result<boolean, 'busy'>>;
}

/** Hashing that never blocks the event loop and never takes more than `maxHashing` threads. */
export async function createPasswords(): Promise<Passwords> {
  const dummy = await hash(randomBytes(32), cost);
  const gate = createGate();
  return {
    hash: (password) => gate(() => hash(password, cost)),
    verify: (password, hashed) =>
      gate(async () => {
        const matches = await verify(hashed ?? dummy, password);
        return matches && hashed !== null;
      }),
  };
}

function createGate() {
  let running = 0;
  const waiting: (() => void)[] = [];
  const enter = () =>
    running < maxHashing
      ? ((running += 1), Promise.resolve())
      : new Promise<void>((resolve) => waiting.push(resolve));
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  };
  return async <T>(task: () => Promise<T>): Promise<Result<T, 'busy'>> => {
    if (waiting.length >= maxHashingQueue) return fail('busy', 'too many sign-ins at once');
    await enter();
    try {
      return ok(await task());
    } finally {
      leave();
    }
  };
}

/** No letter or digit that can be taken for another; 32 of them, so that a byte maps without bias. */
const readable = '23456789abcdefghijkmnpqrstuvwxyz';

/** Random readable characters, 5 bits each, in groups joined by dashes. */
export function readableText(
  random: (size: number) => Uint8Array,
  groups: number,
  groupLength: number,
): string {
  const letters = Array.from(random(groups * groupLength), (byte) => readable[byte % readable.length]);
  return Array.from({ length: groups }, (_group, index) =>
    letters.slice(index * groupLength, (index + 1) * groupLength).join(''),
  ).join('-');
}

/** A password to be used once: four groups of six readable characters, 120 bits. */
export const oneTimePassword = (random: (size: number) => Uint8Array): string => readableText(random, 4, 6);

/** Whether a text has the form of a one-time password. */
export const isOneTimePassword = (text: string): boolean =>
  new RegExp(`^[${readable}]{6}(?:-[${readable}]{6}){3}$`).test(text);
