import type { Witness } from '../store/state/change.ts';
import type { Identity } from './identity.ts';
import type { Room } from './room.ts';

/** What a session is to the provider that began it. */
export interface ProviderSession {
  /** Its id there (claim `sid`); empty where the provider tells none. */
  readonly id: string;
  /** Shown to the provider when the session ends; `null` when it was too long to be kept. */
  readonly idToken: string | null;
}

/** The user whose sessions a provider ended, and how many there were. */
export interface EndedByProvider {
  readonly name: string;
  readonly agency: string;
  readonly ended: number;
}

/** Sessions as the provider that began them knows them. */
export interface ProviderSessions {
  /** `null` for a session that no provider began. To be asked before the session ends: what is kept dies with it. */
  readonly providerSessionOf: (identity: Identity) => Promise<ProviderSession | null>;
  /**
   * Ends what a provider began for the user of `externalId`: the session of that id there, and those whose id it never told; without
   * an id all. `null` when nobody is bound by that `externalId`. Sessions by password stay.
   */
  readonly endByProvider: (
    externalId: string,
    id: string | null,
    witness?: Witness<EndedByProvider>,
  ) => Promise<EndedByProvider | null>;
}

/** Over the live sessions of `room`. */
export function createProviderSessions({
  db,
  sessions,
  tokenSeal,
  change: makeChange,
}: Room): ProviderSessions {
  return {
    async providerSessionOf({ sessionKey, name }) {
      const row = await db
        .selectFrom('sessions')
        .select(['factor', 'provider_session', 'id_token'])
        .where('key', '=', sessionKey)
        .executeTakeFirst();
      if (row?.factor !== 'oidc') return null;
      return {
        id: row.provider_session,
        idToken: row.id_token === null ? null : tokenSeal.open(row.id_token, name),
      };
    },
    // In turn with sign-ins, so that none that is under way escapes.
    endByProvider: (externalId, id, witness) =>
      makeChange(async (change) => {
        const user = await change.db
          .selectFrom('users')
          .select(['name', 'agency'])
          .where('external_id', '=', externalId)
          .executeTakeFirst();
        if (!user) return null;
        const keys = sessions.providedTo(user.name, id);
        for (const key of keys) await sessions.end(change, key, 'signed-out');
        const done = { ...user, ended: keys.length };
        await witness?.(change.db, done);
        return done;
      }),
  };
}
