import type { SessionEntry } from '../../shared/api/sessions.ts';
import type { Witness } from '../store/state/change.ts';
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
  readonly endSession: (name: string, id: string, witness?: Witness<void>) => Promise<boolean>;
  /** Ends all of the user's but `except.key`; how many there were. */
  readonly endSessions: (
    name: string,
    except: { readonly key: string | null },
    witness?: Witness<number>,
  ) => Promise<number>;
  /** The `Set-Cookie` for who ended the own one. */
  readonly endedCookie: () => string;
}

/** Over the live sessions of `room`. */
export function createSessionDesk({ sessions, secure, change }: Room): SessionDesk {
  const end = (name: string, isMeant: (facts: SessionFacts) => boolean, witness?: Witness<number>) =>
    change(async (ending) => {
      const found = sessions.listOf(name).filter(isMeant);
      for (const { key } of found) await sessions.end(ending, key, 'revoked');
      await witness?.(ending.db, found.length);
      return found.length;
    });
  return {
    sessionsOf: (name, { sessionKey }) =>
      sessions.listOf(name).map(({ key, ...facts }) => ({
        id: publicIdOf(key),
        ...facts,
        current: key === sessionKey,
      })),
    endSession: async (name, id, witness) => {
      const isMeant = ({ key }: SessionFacts) => publicIdOf(key) === id;
      const noted: Witness<number> = async (db, ended) => (ended > 0 ? witness?.(db) : undefined);
      return (await end(name, isMeant, noted)) > 0;
    },
    endSessions: (name, except, witness) => end(name, ({ key }) => key !== except.key, witness),
    endedCookie: () => endedCookie(secure),
  };
}

/** The public id of a session of that key. */
export const publicIdOf = (sessionKey: string): string => sessionKey.slice(0, publicIdLength);
