import type { SessionEntry } from '../../shared/api/sessions.ts';
import { endedCookie } from './session-cookie.ts';
import type { Identity } from './identity.ts';
import type { Room } from './room.ts';
import type { SessionFacts } from './sessions.ts';

/** What a session is called outside: the first 16 hex digits of its hash, which open nothing. */
const publicIdLength = 16;

/** Looking at sessions and ending them; open screens of an ended one lose their data at once. */
export interface SessionDesk {
  /** The user's sessions, the one used last first; `current` is the one of `identity`. */
  readonly sessionsOf: (name: string, identity: Identity) => SessionEntry[];
  /** Ends one of the user's; `false` when there is none of that id. */
  readonly endSession: (name: string, id: string) => Promise<boolean>;
  /** Ends all of the user's but `exceptKey`; how many there were. */
  readonly endSessions: (name: string, exceptKey?: string) => Promise<number>;
  /** The `Set-Cookie` for who ended the own one. */
  readonly endedCookie: () => string;
}

/** Over the live sessions of `room`. */
export function createSessionDesk({ sessions, secure }: Room): SessionDesk {
  const end = async (found: readonly SessionFacts[]): Promise<number> => {
    for (const { key } of found) await sessions.end(key, 'revoked');
    return found.length;
  };
  return {
    sessionsOf: (name, { sessionKey }) =>
      sessions.listOf(name).map(({ key, ...facts }) => ({
        id: publicIdOf(key),
        ...facts,
        current: key === sessionKey,
      })),
    endSession: async (name, id) =>
      (await end(sessions.listOf(name).filter(({ key }) => publicIdOf(key) === id))) > 0,
    endSessions: (name, exceptKey) => end(sessions.listOf(name).filter(({ key }) => key !== exceptKey)),
    endedCookie: () => endedCookie(secure),
  };
}

/** The public id of a session of that key. */
export const publicIdOf = (sessionKey: string): string => sessionKey.slice(0, publicIdLength);
