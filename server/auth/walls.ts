import { grantsOfWall, type Grants } from '../../shared/authority.ts';
import type { ChangeWall, CreateWall, Wall, WallSession, WallSettings } from '../../shared/api/tokens.ts';
import { maxWallLifeMs } from '../../shared/api/tokens.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { makeChange, type Witness } from '../store/state/change.ts';
import { createInTurn } from '../store/state/in-turn.ts';
import type { TokenRow } from '../store/state/schema.ts';
import type { StateDb } from '../store/state/state-store.ts';
import { addressGroup, createAttemptLimiter } from './attempt-limiter.ts';
import type { AuthRules, Identity, IdentityHeaders } from './identity.ts';
import { attemptWindowMs, maxLimitKeys } from './begin-session.ts';
import { maxAttemptsOfAddress } from './sign-in.ts';
import { hashOfSecret, isSecretOf, newSecret, newTokenId } from './token-secret.ts';
import { settingsOf, type LiveToken, type Tokens } from './tokens.ts';
import { areSame, settingsWith } from './wall-changes.ts';
import { readWallId, wallCookie } from './wall-cookie.ts';
import { readMakers } from './wall-makers.ts';

/** Walls in force at once, in all. */
export const maxWalls = 200;
/** Walls that are listed, the newest. */
const maxListed = 500;
const cookieBytes = 32;
/** Unknown tokens that are told for the log in 15 minutes. */
const maxTold = 200;

export type WallCode = 'invalid' | 'limit-reached';
export type OpenCode = 'wrong-credentials' | 'rate-limited';

/** Which wall an address is of. */
export interface OpenedWall {
  readonly id: string;
  readonly name: string;
  readonly agency: string;
}

/** `secret` is told here only. */
export interface NewWall {
  readonly wall: Wall;
  readonly secret: string;
}

/** What became of an attempt to open a wall's address, for the audit log; the client is told less. */
/** A wall before and after a change. */
export interface ChangedWall {
  readonly before: Wall;
  readonly wall: Wall;
}

export interface Opening {
  readonly result: Result<{ session: WallSession; cookie: string }, OpenCode>;
  /** The wall that the token is of, when there is one in force. */
  readonly wall: OpenedWall | null;
  readonly reason: 'opened' | 'unknown' | 'spent' | 'network' | 'maker-gone' | 'rate-limited';
  /** False for what strangers could fill the log with. */
  readonly isNews: boolean;
}

/** Screens that show the wall without a user. */
export interface Walls {
  readonly create: (
    maker: Identity,
    wish: CreateWall,
    witness?: Witness<NewWall>,
  ) => Promise<Result<NewWall, WallCode>>;
  /** Those of one agency, or with `null` of all; newest first, ended ones for 30 days. */
  readonly list: (agency: string | null) => Promise<Wall[]>;
  /**
   * The wall before and after; `null` when none of that agency and id is in force. Its sockets end when it is set otherwise:
   * those that still may come in again, to a new snapshot.
   */
  readonly change: (
    id: string,
    agency: string | null,
    changes: ChangeWall,
    witness?: Witness<ChangedWall>,
  ) => Promise<ChangedWall | null>;
  /** The wall as it was; `null` when none of that agency and id is in force. */
  readonly revoke: (id: string, agency: string | null, witness?: Witness<Wall>) => Promise<Wall | null>;
  /**
   * Exchanges a wall's token for its cookie, once, and only while its maker, who may have kept it, is in charge of the wall;
   * whatever is wrong, the answer is the same and as late.
   */
  readonly open: (token: string, address: string, witness?: Witness<OpenedWall>) => Promise<Opening>;
  readonly identify: (headers: IdentityHeaders) => Identity | null;
  /** What a wall is set to, and its cookie for another term; `null` once it has ended. */
  readonly sessionOf: (
    identity: Identity,
    cookieHeader: string | undefined,
  ) => { session: WallSession; cookie: string } | null;
}

export interface WallParts {
  readonly db: StateDb;
  readonly now: () => number;
  readonly random: (size: number) => Uint8Array;
  readonly secure: boolean;
  readonly tokens: Tokens;
  readonly rules: AuthRules;
}

const toWall = (row: TokenRow, now: number, maker: Wall['maker']): Wall => ({
  id: row.id,
  name: row.name,
  agency: row.agency,
  owner: row.owner,
  maker,
  settings: settingsOf(row),
  state: stateOf(row, now),
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  usedAt: row.used_at,
});

function stateOf(row: TokenRow, now: number): Wall['state'] {
  if (row.revoked_at !== null || (row.expires_at !== null && row.expires_at <= now)) return 'ended';
  return row.cookie_hash === null ? 'waiting' : 'on';
}

/** What a wall grants at its level of detail. */
export function grantsOfDetail(detail: WallSettings['detail']): Grants {
  const { 'alerts:read': alerts, ...others } = grantsOfWall;
  return detail === 'figures' || !alerts ? others : { ...others, 'alerts:read': alerts };
}

/** The networks of a wall are not told to its screen, which has no use for them. */
function sessionOf(token: LiveToken, all: WallSettings): WallSession {
  const { network: _, ...settings } = all;
  const { name, expiresAt } = token;
  return { name, settings, grants: grantsOfDetail(settings.detail), expiresAt };
}

export function createWalls(parts: WallParts): Walls {
  const { db, now, secure, tokens, rules } = parts;
  return {
    create: createMaking(parts),
    change: createChanging(parts),
    list: async (agency) => {
      const makerOf = await readMakers(db, rules);
      const all = db.selectFrom('tokens').selectAll().where('kind', '=', 'wall');
      const rows = await (agency === null ? all : all.where('agency', '=', agency))
        .orderBy('created_at', 'desc')
        .limit(maxListed)
        .execute();
      return rows.map((row) => toWall(row, now(), makerOf(row)));
    },
    revoke: (id, agency, witness) =>
      makeChange(db, async (change) => {
        const wall = await findWall({ ...parts, db: change.db }, id, agency);
        if (!wall || !(await tokens.revoke(change, id))) return null;
        await witness?.(change.db, wall);
        return wall;
      }),
    open: createOpening(parts),
    identify: ({ cookie, address }) => {
      const id = readWallId(cookie, secure);
      const token = id === null ? null : tokens.byCookie(hashOfSecret(id));
      if (!token?.settings || !token.isInside(address)) return null;
      return {
        kind: 'wall',
        sessionKey: token.id,
        name: token.name,
        role: 'viewer',
        agency: token.agency,
        grants: grantsOfDetail(token.settings.detail),
        due: null,
        detail: token.settings.detail,
        expiresAt: token.expiresAt ?? Number.MAX_SAFE_INTEGER,
      };
    },
    sessionOf: (identity, cookieHeader) => {
      const token = tokens.byId(identity.sessionKey);
      const id = readWallId(cookieHeader, secure);
      if (!token?.settings || id === null) return null;
      return { session: sessionOf(token, token.settings), cookie: wallCookie(id, secure) };
    },
  };
}

async function findWall(
  { db, now, rules }: WallParts,
  id: string,
  agency: string | null,
): Promise<Wall | null> {
  const row = await db.selectFrom('tokens').selectAll().where('id', '=', id).executeTakeFirst();
  if (row?.kind !== 'wall' || (agency !== null && row.agency !== agency)) return null;
  return toWall(row, now(), (await readMakers(db, rules))(row));
}

function createChanging(parts: WallParts): Walls['change'] {
  const { tokens } = parts;
  const inTurn = createInTurn();
  return (id, agency, changes, witness) =>
    inTurn(() =>
      makeChange(parts.db, async (change) => {
        const before = await findWall({ ...parts, db: change.db }, id, agency);
        if (!before || before.state === 'ended') return null;
        const settings = settingsWith(before.settings, changes);
        const wall = { ...before, name: changes.name ?? before.name, settings };
        if (!(await tokens.change(change, id, wall))) return null;
        if (!areSame(before.settings, settings)) change.afterwards(() => tokens.announce(id, 'revoked'));
        await witness?.(change.db, { before, wall });
        return { before, wall };
      }),
    );
}

function createMaking({ db, now, random, tokens }: WallParts): Walls['create'] {
  const inTurn = createInTurn();
  return (maker, { name, expiresAt, ...settings }, witness) =>
    inTurn(async () => {
      if (expiresAt !== null && (expiresAt <= now() || expiresAt > now() + maxWallLifeMs)) {
        return fail('invalid', 'body.expiresAt: expected a time within the next 5 years');
      }
      const { count } = await db
        .selectFrom('tokens')
        .select((row) => row.fn.countAll<number>().as('count'))
        .where('kind', '=', 'wall')
        .where('revoked_at', 'is', null)
        .where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', now())]))
        .executeTakeFirstOrThrow();
      if (count >= maxWalls) return fail('limit-reached', `at most ${maxWalls} walls`);
      const secret = newSecret('wall', random);
      const row: TokenRow = {
        id: newTokenId(random),
        kind: 'wall',
        name,
        agency: maker.agency,
        owner: maker.name,
        secret_hash: hashOfSecret(secret),
        cookie_hash: null,
        scopes: '[]',
        settings: JSON.stringify(settings),
        created_at: now(),
        expires_at: expiresAt,
        used_at: null,
        revoked_at: null,
      };
      const created = { wall: toWall(row, now(), 'in-charge'), secret };
      await makeChange(db, async (change) => {
        await tokens.add(change, row);
        await witness?.(change.db, created);
      });
      return ok(created);
    });
}

function createOpening({ db, now, random, secure, tokens, rules }: WallParts): Walls['open'] {
  const limiter = createAttemptLimiter({
    limit: maxAttemptsOfAddress,
    windowMs: attemptWindowMs,
    maxKeys: maxLimitKeys,
    now,
  });
  const strangers = createAttemptLimiter({ limit: maxTold, windowMs: attemptWindowMs, maxKeys: 1, now });
  const inTurn = createInTurn();
  const refused = () => fail('wrong-credentials', 'this address opens no wall; ask for a new one');

  return (secret, address, witness) =>
    inTurn(async (): Promise<Opening> => {
      const group = addressGroup(address);
      const waitMs = limiter.take(group);
      if (waitMs > 0) {
        const minutes = Math.ceil(waitMs / 60_000);
        const result = fail('rate-limited', `too many attempts; try again in ${minutes} min`);
        return { result, wall: null, reason: 'rate-limited', isNews: false };
      }
      const token = tokens.bySecret('wall', hashOfSecret(isSecretOf('wall', secret) ? secret : ''));
      if (!token?.settings) {
        const isNews = strangers.take('all') === 0;
        return { result: refused(), wall: null, reason: 'unknown', isNews };
      }
      const wall = { id: token.id, name: token.name, agency: token.agency };
      const no = (reason: Opening['reason']): Opening => ({ result: refused(), wall, reason, isNews: true });
      if (!token.isInside(address)) return no('network');
      if (token.cookieHash !== null) return no('spent');
      if ((await readMakers(db, rules))(token) !== 'in-charge') return no('maker-gone');
      const id = Buffer.from(random(cookieBytes)).toString('base64url');
      const isSpent = await makeChange(db, async (change) => {
        const isFirst = await tokens.spend(change, token, hashOfSecret(id));
        if (isFirst) await witness?.(change.db, wall);
        return isFirst;
      });
      if (!isSpent) return no('spent');
      limiter.giveBack(group);
      const opened = { session: sessionOf(token, token.settings), cookie: wallCookie(id, secure) };
      return { result: ok(opened), wall, reason: 'opened', isNews: true };
    });
}
