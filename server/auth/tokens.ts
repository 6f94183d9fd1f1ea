import * as z from 'zod/mini';
import { wallSettingsSchema, type WallSettings } from '../../shared/api/tokens.ts';
import type { Change } from '../store/state/change.ts';
import { inChunks } from '../store/state/in-chunks.ts';
import type { TokenRow } from '../store/state/schema.ts';
import type { StateDb } from '../store/state/state-store.ts';
import { createNetworks } from './networks.ts';
import type { SessionEnd, SessionListener } from './sessions.ts';
import { sameHash, type TokenKind } from './token-secret.ts';

/** Use is written down at most this often. */
const persistEveryMs = 60_000;
/** Rows of tokens that ended are kept and listed for this long. */
export const keptEndedMs = 30 * 86_400_000;

/** A token in force. */
export interface LiveToken {
  readonly id: string;
  readonly kind: TokenKind;
  name: string;
  readonly agency: string;
  readonly owner: string;
  readonly scopes: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number | null;
  /** Of a wall. */
  settings: WallSettings | null;
  /** Whether a client at that address may use it. */
  isInside: (address: string | undefined) => boolean;
  readonly secretHash: string;
  /** Of a wall whose address was opened: the secret is spent then, and the cookie is what lets in. */
  cookieHash: string | null;
  persistedAt: number;
}

/** All tokens in force in memory, and on disk by their hash; reading never waits. */
export interface Tokens {
  /** The token of that kind with that SHA-256 of its secret, or of its cookie. */
  readonly bySecret: (kind: TokenKind, hash: string) => LiveToken | null;
  readonly byCookie: (hash: string) => LiveToken | null;
  readonly ofOwner: (owner: string) => LiveToken[];
  readonly byId: (id: string) => LiveToken | null;
  /** In force once the change is kept, as with the next two. */
  readonly add: (change: Change, row: TokenRow) => Promise<void>;
  /** Binds a wall to the cookie that its secret was exchanged for; false when that was done before. */
  readonly spend: (change: Change, token: LiveToken, cookieHash: string) => Promise<boolean>;
  /** Sets the name and settings of a wall; false when there is none in force. */
  readonly change: (
    change: Change,
    id: string,
    to: { readonly name: string; readonly settings: WallSettings },
  ) => Promise<boolean>;
  /** False when there is none in force. */
  readonly revoke: (change: Change, id: string) => Promise<boolean>;
  readonly touch: (id: string) => void;
  /** Ends what has expired, and forgets what ended long ago. */
  readonly sweep: () => void;
  readonly onEnded: (listener: SessionListener) => () => void;
  /** Tells the listeners that what came in by it must come in again. */
  readonly announce: (id: string, reason: SessionEnd) => void;
}

export interface TokenParts {
  readonly db: StateDb;
  readonly now: () => number;
  /** Hears of writes that failed and of listeners that threw; the token is ended in memory all the same. */
  readonly onFault: (error: unknown) => void;
}

const scopesSchema = z.array(z.string());

/** The scopes of a row. */
export const scopesOf = (row: Pick<TokenRow, 'scopes'>): string[] =>
  scopesSchema.parse(JSON.parse(row.scopes));

/** The settings of a wall's row. */
export const settingsOf = (row: Pick<TokenRow, 'settings'>): WallSettings =>
  wallSettingsSchema.parse(JSON.parse(row.settings));

function liveOf(row: TokenRow): LiveToken {
  const settings = row.kind === 'wall' ? settingsOf(row) : null;
  return {
    id: row.id,
    kind: row.kind === 'wall' ? 'wall' : 'api',
    name: row.name,
    agency: row.agency,
    owner: row.owner,
    scopes: scopesOf(row),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    settings,
    isInside: createNetworks(settings?.network ?? []),
    secretHash: row.secret_hash,
    cookieHash: row.cookie_hash,
    persistedAt: row.used_at ?? 0,
  };
}

/** Loads the tokens in force. */
export async function createTokens(parts: TokenParts): Promise<Tokens> {
  const { db, now, onFault } = parts;
  const rows = await db
    .selectFrom('tokens')
    .selectAll()
    .where('revoked_at', 'is', null)
    .where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', now())]))
    .execute();
  const shelf = createShelf(rows.map(liveOf));
  const listeners = createListeners(onFault);
  const dropAll = (tokens: readonly LiveToken[], reason: SessionEnd): void => {
    for (const token of tokens) if (shelf.drop(token)) listeners.announce(token.id, reason);
  };
  const isOver = (token: LiveToken): boolean => token.expiresAt !== null && token.expiresAt <= now();
  const inForce = (token: LiveToken | undefined): LiveToken | null => {
    if (!token) return null;
    if (!isOver(token)) return token;
    dropAll([token], 'expired');
    return null;
  };
  return {
    bySecret: (kind, hash) => {
      const token = inForce(shelf.bySecret(hash));
      return token?.kind === kind && sameHash(token.secretHash, hash) ? token : null;
    },
    byCookie: (hash) => {
      const token = inForce(shelf.byCookie(hash));
      return token && sameHash(token.cookieHash ?? '', hash) ? token : null;
    },
    byId: (id) => inForce(shelf.byId(id)),
    ofOwner: (owner) => shelf.all().filter((token) => token.owner === owner && !isOver(token)),
    ...createWrites(parts, shelf, dropAll),
    sweep: () => {
      dropAll(shelf.all().filter(isOver), 'expired');
      forgetEnded(db, now() - keptEndedMs).catch(onFault);
    },
    ...listeners,
  };
}

type Shelf = ReturnType<typeof createShelf>;

function createShelf(tokens: readonly LiveToken[]) {
  const byId = new Map<string, LiveToken>();
  const bySecret = new Map<string, LiveToken>();
  const byCookie = new Map<string, LiveToken>();
  const put = (token: LiveToken): void => {
    byId.set(token.id, token);
    bySecret.set(token.secretHash, token);
    if (token.cookieHash !== null) byCookie.set(token.cookieHash, token);
  };
  for (const token of tokens) put(token);
  return {
    put,
    byId: (id: string) => byId.get(id),
    bySecret: (hash: string) => bySecret.get(hash),
    byCookie: (hash: string) => byCookie.get(hash),
    all: () => [...byId.values()],
    drop: ({ id, secretHash, cookieHash }: LiveToken): boolean => {
      bySecret.delete(secretHash);
      if (cookieHash !== null) byCookie.delete(cookieHash);
      return byId.delete(id);
    },
  };
}

function createListeners(onFault: (error: unknown) => void): Pick<Tokens, 'onEnded' | 'announce'> {
  const listeners = new Set<SessionListener>();
  return {
    announce: (id, reason) => {
      for (const listener of listeners) {
        try {
          listener(id, reason);
        } catch (error) {
          onFault(error);
        }
      }
    },
    onEnded: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function createWrites(
  { db, now, onFault }: TokenParts,
  shelf: Shelf,
  dropAll: (tokens: readonly LiveToken[], reason: SessionEnd) => void,
): Pick<Tokens, 'add' | 'spend' | 'change' | 'revoke' | 'touch'> {
  return {
    add: async (change, row) => {
      await change.db.insertInto('tokens').values(row).execute();
      change.afterwards(() => shelf.put(liveOf(row)));
    },
    spend: async (change, token, cookieHash) => {
      const { id } = token;
      const spent = await change.db
        .updateTable('tokens')
        .set({ cookie_hash: cookieHash, used_at: now() })
        .where('id', '=', id)
        .where('cookie_hash', 'is', null)
        .where('revoked_at', 'is', null)
        .returning('id')
        .executeTakeFirst();
      if (!spent) return false;
      change.afterwards(() => {
        // It may have expired while it was written.
        if (shelf.byId(id) !== token) return;
        token.cookieHash = cookieHash;
        token.persistedAt = now();
        shelf.put(token);
      });
      return true;
    },
    change: createSetting(shelf),
    revoke: async (change, id) => {
      const { numUpdatedRows } = await change.db
        .updateTable('tokens')
        .set({ revoked_at: now() })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      change.afterwards(() => {
        const token = shelf.byId(id);
        if (token) dropAll([token], 'revoked');
      });
      return numUpdatedRows > 0n;
    },
    touch: (id) => {
      const token = shelf.byId(id);
      if (!token || now() - token.persistedAt < persistEveryMs) return;
      token.persistedAt = now();
      db.updateTable('tokens').set({ used_at: now() }).where('id', '=', id).execute().catch(onFault);
    },
  };
}

const createSetting =
  (shelf: Shelf): Tokens['change'] =>
  async (change, id, { name, settings }) => {
    const changed = await change.db
      .updateTable('tokens')
      .set({ name, settings: JSON.stringify(settings) })
      .where('id', '=', id)
      .where('kind', '=', 'wall')
      .where('revoked_at', 'is', null)
      .returning('id')
      .executeTakeFirst();
    const token = shelf.byId(id);
    if (!changed || !token) return false;
    // In place: its screen may be opening its address just now.
    change.afterwards(
      () => void Object.assign(token, { name, settings, isInside: createNetworks(settings.network) }),
    );
    return true;
  };

async function forgetEnded(db: StateDb, before: number): Promise<void> {
  const ended = await db
    .selectFrom('tokens')
    .select('id')
    .where((row) => row.or([row('revoked_at', '<', before), row('expires_at', '<', before)]))
    .execute();
  for (const ids of inChunks(ended.map(({ id }) => id)))
    await db.deleteFrom('tokens').where('id', 'in', ids).execute();
}
