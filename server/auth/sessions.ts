import type { sessionEndedReasons } from '../../shared/live/protocol.ts';
import type { Role } from '../../shared/role.ts';
import type { Change } from '../store/state/change.ts';
import { inChunks } from '../store/state/in-chunks.ts';
import type { StateDb } from '../store/state/state-store.ts';
import { dueOf, grantsIn, type AuthRules, type Due, type Identity } from './identity.ts';
import type { SessionLimits } from './session-limits.ts';
import { readSessionId, sessionIdBytes, sessionKeyOf } from './session-cookie.ts';

/** Sessions of one user at once; one more ends the one unused longest. */
export const maxSessionsPerUser = 20;
/** Use is written down at most this often, so a restart forgets at most this much of it. */
const persistEveryMs = 60_000;
/** Characters kept of what a browser calls itself. */
const maxUserAgent = 300;

export type SessionEnd = (typeof sessionEndedReasons)[number];

interface LiveSession {
  readonly key: string;
  readonly name: string;
  readonly role: Role;
  readonly agency: string;
  readonly due: Due | null;
  readonly createdAt: number;
  readonly origin: SessionOrigin;
  /** What the provider that began it calls it; empty where none did, or told none. */
  readonly providerSession: string;
  lastUsedAt: number;
  persistedAt: number;
}

export type SessionListener = (sessionKey: string, reason: SessionEnd) => void;

export type SessionUser = Pick<Identity, 'name' | 'role' | 'agency' | 'due'>;

/** What a session came by; shown to its user. */
export interface SessionOrigin {
  readonly address: string;
  readonly userAgent: string;
  readonly factor: SessionFactor;
}

/** The strongest of what the user proved; `''` in sessions that are older than this was noted. */
export type SessionFactor = 'password' | 'totp' | 'recovery' | 'oidc' | '';

/** What is kept for the provider that began a session. */
export interface ProviderMark {
  readonly id: string;
  /** Sealed. */
  readonly idToken: string | null;
}

const noProvider: ProviderMark = { id: '', idToken: null };

/** A session as it is told to those who may see it. */
export interface SessionFacts extends SessionOrigin {
  /** The whole hash, never told to a browser. */
  readonly key: string;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly expiresAt: number;
}

/** All live sessions in memory, and on disk by their hash; reading never waits. */
export interface Sessions {
  readonly resolve: (cookieHeader: string | undefined) => Identity | null;
  readonly touch: (sessionKey: string) => void;
  readonly isLive: (sessionKey: string) => boolean;
  /** Begins a session with the change; its id is told here only. */
  readonly begin: (
    change: Change,
    user: SessionUser,
    origin: SessionOrigin,
    provider?: ProviderMark,
  ) => Promise<{ id: string; identity: Identity }>;
  /** Ends it with the change: who waits for the change knows that nobody is let in any more. */
  readonly end: (change: Change, sessionKey: string, reason: SessionEnd) => Promise<void>;
  readonly endAllOf: (change: Change, name: string, reason: SessionEnd) => Promise<void>;
  /** The user's sessions, the one used last first. */
  readonly listOf: (name: string) => readonly SessionFacts[];
  /** Keys of the user's sessions that a provider began: of that id there or of none; of all with `null`. */
  readonly providedTo: (name: string, id: string | null) => readonly string[];
  /** Ends what has expired. */
  readonly sweep: () => void;
  readonly onEnded: (listener: SessionListener) => () => void;
}

export interface SessionParts {
  readonly db: StateDb;
  readonly now: () => number;
  readonly random: (size: number) => Uint8Array;
  readonly secure: boolean;
  readonly rules: AuthRules;
  readonly limits: SessionLimits;
  /** Hears of writes that failed and of listeners that threw; the session is ended in memory all the same. */
  readonly onFault: (error: unknown) => void;
}

const expiryOf = (session: LiveSession, { absoluteMs, idleMs }: SessionLimits) =>
  Math.min(session.createdAt + absoluteMs, session.lastUsedAt + idleMs);

const identityOf = (
  session: LiveSession,
  { rules, limits }: Pick<SessionParts, 'rules' | 'limits'>,
): Identity => ({
  kind: 'user',
  sessionKey: session.key,
  name: session.name,
  role: session.role,
  agency: session.agency,
  grants: grantsIn(session.role, session.agency, rules),
  due: session.due,
  expiresAt: expiryOf(session, limits),
});

const factsOf = (session: LiveSession, limits: SessionLimits): SessionFacts => ({
  key: session.key,
  createdAt: session.createdAt,
  lastUsedAt: session.lastUsedAt,
  expiresAt: expiryOf(session, limits),
  ...session.origin,
});

/** Loads the live sessions of users that are not disabled. */
export async function createSessions(parts: SessionParts): Promise<Sessions> {
  const live = await loadSessions(parts);
  const ending = createEnding(parts, live);
  return {
    ...createUse(parts, live, ending.expire),
    isLive: (sessionKey) => live.has(sessionKey),
    begin: (change, user, origin, provider = noProvider) =>
      begin({ ...parts, db: change.db }, live, { user, origin, provider }, { change, end: ending.end }),
    end: (change, sessionKey, reason) => ending.end(change, [sessionKey], reason),
    endAllOf: (change, name, reason) =>
      ending.end(
        change,
        keysOf(live, (session) => session.name === name),
        reason,
      ),
    sweep: () => ending.expire(keysOf(live, (session) => expiryOf(session, parts.limits) <= parts.now())),
    providedTo: (name, id) =>
      keysOf(
        live,
        ({ name: user, origin, providerSession }) =>
          user === name && origin.factor === 'oidc' && (id === null || ['', id].includes(providerSession)),
      ),
    listOf: (name) =>
      [...live.values()]
        .filter((session) => session.name === name && expiryOf(session, parts.limits) > parts.now())
        .toSorted((a, b) => b.lastUsedAt - a.lastUsedAt)
        .map((session) => factsOf(session, parts.limits)),
    onEnded: ending.onEnded,
  };
}

type LiveSessions = Map<string, LiveSession>;
type End = (change: Change, keys: readonly string[], reason: SessionEnd) => Promise<void>;

const keysOf = (live: LiveSessions, matches: (session: LiveSession) => boolean) =>
  [...live.values()].filter(matches).map(({ key }) => key);

function createEnding({ db, onFault }: SessionParts, live: LiveSessions) {
  const listeners = new Set<SessionListener>();
  const drop = (key: string, reason: SessionEnd): void => {
    if (!live.delete(key)) return;
    for (const listener of listeners) {
      try {
        listener(key, reason);
      } catch (error) {
        onFault(error);
      }
    }
  };
  const dropAll = (keys: readonly string[], reason: SessionEnd): void => {
    for (const key of keys) drop(key, reason);
  };
  const erase = async (from: StateDb, keys: readonly string[]): Promise<void> => {
    for (const chunk of inChunks(keys)) await from.deleteFrom('sessions').where('key', 'in', chunk).execute();
  };
  const end: End = async (change, keys, reason) => {
    await erase(change.db, keys);
    change.afterwards(() => dropAll(keys, reason));
  };
  return {
    end,
    expire: (keys: readonly string[]): void => {
      // Memory first: from here on nobody is let in, whatever the disk does.
      dropAll(keys, 'expired');
      erase(db, keys).catch(onFault);
    },
    onEnded: (listener: SessionListener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function createUse(
  { db, now, secure, rules, limits, onFault }: SessionParts,
  live: LiveSessions,
  expire: (keys: readonly string[]) => void,
): Pick<Sessions, 'resolve' | 'touch'> {
  return {
    resolve: (cookieHeader) => {
      const id = readSessionId(cookieHeader, secure);
      const session = id === null ? undefined : live.get(sessionKeyOf(id));
      if (!session) return null;
      if (expiryOf(session, limits) > now()) return identityOf(session, { rules, limits });
      expire([session.key]);
      return null;
    },
    touch: (sessionKey) => {
      const session = live.get(sessionKey);
      if (!session) return;
      session.lastUsedAt = Math.max(session.lastUsedAt, now());
      if (session.lastUsedAt - session.persistedAt < persistEveryMs) return;
      session.persistedAt = session.lastUsedAt;
      db.updateTable('sessions')
        .set({ last_used_at: session.lastUsedAt })
        .where('key', '=', sessionKey)
        .execute()
        .catch(onFault);
    },
  };
}

async function begin(
  { db, now, random, rules, limits }: SessionParts,
  live: LiveSessions,
  { user, origin: from, provider }: { user: SessionUser; origin: SessionOrigin; provider: ProviderMark },
  { change, end }: { change: Change; end: End },
): Promise<{ id: string; identity: Identity }> {
  const id = Buffer.from(random(sessionIdBytes)).toString('base64url');
  const at = now();
  const key = sessionKeyOf(id);
  const origin = { ...from, userAgent: from.userAgent.slice(0, maxUserAgent) };
  await db
    .insertInto('sessions')
    .values({
      key,
      user_name: user.name,
      created_at: at,
      last_used_at: at,
      address: origin.address,
      user_agent: origin.userAgent,
      factor: origin.factor,
      provider_session: provider.id,
      id_token: provider.idToken,
    })
    .execute();
  const unusedLongest = [...live.values()]
    .filter((session) => session.name === user.name)
    .toSorted((a, b) => b.lastUsedAt - a.lastUsedAt)
    .slice(maxSessionsPerUser - 1);
  const session = {
    ...user,
    key,
    origin,
    providerSession: provider.id,
    createdAt: at,
    lastUsedAt: at,
    persistedAt: at,
  };
  change.afterwards(() => void live.set(key, session));
  await end(
    change,
    unusedLongest.map((other) => other.key),
    'revoked',
  );
  return { id, identity: identityOf(session, { rules, limits }) };
}

async function loadSessions({ db, rules }: SessionParts): Promise<Map<string, LiveSession>> {
  const rows = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.name', 'sessions.user_name')
    .select(['key', 'users.name', 'role', 'agency', 'must_change_password', 'totp_since', 'external_id'])
    .select(['sessions.created_at', 'last_used_at', 'address', 'user_agent', 'factor'])
    .select('provider_session')
    .where('disabled', '=', 0)
    .execute();
  return new Map(
    rows.map((row) => [
      row.key,
      {
        key: row.key,
        name: row.name,
        role: row.role as Role,
        agency: row.agency,
        due: dueOf(row, rules),
        createdAt: row.created_at,
        origin: {
          address: row.address,
          userAgent: row.user_agent,
          factor: row.factor as SessionFactor,
        },
        providerSession: row.provider_session,
        lastUsedAt: row.last_used_at,
        persistedAt: row.last_used_at,
      },
    ]),
  );
}
