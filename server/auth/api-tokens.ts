import { grantsOfToken, tokenScopes } from '../../shared/authority.ts';
import type { ApiToken, CreateToken } from '../../shared/api/tokens.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { makeChange, type Witness } from '../store/state/change.ts';
import { createInTurn } from '../store/state/in-turn.ts';
import type { TokenRow } from '../store/state/schema.ts';
import type { StateDb } from '../store/state/state-store.ts';
import { addressGroup, createAttemptLimiter } from './attempt-limiter.ts';
import type { Identity, IdentityHeaders } from './identity.ts';
import { claimedToken, hashOfSecret, isSecretOf, newSecret, newTokenId } from './token-secret.ts';
import type { TokenOwners } from './token-owners.ts';
import { scopesOf, type Tokens } from './tokens.ts';

/** Tokens of one user in force at once. */
export const maxTokensPerUser = 20;
const dayMs = 86_400_000;
/** Refused tokens that are told of one network, and of all, in `refusalWindowMs`. */
const maxToldOfAddress = 10;
const maxTold = 200;
const refusalWindowMs = 15 * 60_000;

export type TokenCode = 'forbidden' | 'limit-reached';

/** API tokens of users: made and ended by their owners, and by those who may end sessions. */
export interface ApiTokens {
  /** The secret is told here only. Refused when it would hand on what its owner may not. */
  readonly create: (
    owner: Identity,
    wish: CreateToken,
    witness?: Witness<NewToken>,
  ) => Promise<Result<NewToken, TokenCode>>;
  /** Those of a user in force, newest first. */
  readonly list: (owner: string) => Promise<ApiToken[]>;
  /** The token as it was; `null` when that user has none of that id in force. */
  readonly revoke: (owner: string, id: string, witness?: Witness<ApiToken>) => Promise<ApiToken | null>;
  /** Whether the headers claim one of our tokens, right or wrong. */
  readonly isClaimed: (headers: IdentityHeaders) => boolean;
  readonly identify: (headers: IdentityHeaders) => Identity | null;
  /** What is worth noting of a token that was not let in; `null` when there was none, or enough was noted. */
  readonly refusalOf: (headers: IdentityHeaders) => TokenRefusal | null;
}

export interface NewToken {
  readonly token: ApiToken;
  readonly secret: string;
}

export interface TokenRefusal {
  readonly reason: 'unknown' | 'owner' | 'with-cookie';
  /** Empty when no such token is in force. */
  readonly name: string;
  readonly owner: string;
  readonly agency: string;
}

export interface ApiTokenParts {
  readonly db: StateDb;
  readonly now: () => number;
  readonly random: (size: number) => Uint8Array;
  readonly tokens: Tokens;
  readonly owners: TokenOwners;
}

const toApiToken = (row: TokenRow): ApiToken => {
  const scopes = scopesOf(row);
  return {
    id: row.id,
    name: row.name,
    scopes: tokenScopes.filter((scope) => scopes.includes(scope)),
    createdAt: row.created_at,
    expiresAt: row.expires_at ?? row.created_at,
    usedAt: row.used_at,
  };
};

export function createApiTokens(parts: ApiTokenParts): ApiTokens {
  const { db, now, tokens } = parts;
  const rowsOf = (from: StateDb, owner: string): Promise<TokenRow[]> =>
    from
      .selectFrom('tokens')
      .selectAll()
      .where('kind', '=', 'api')
      .where('owner', '=', owner)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', now())
      .orderBy('created_at', 'desc')
      .limit(maxTokensPerUser)
      .execute();
  return {
    create: createMaking(parts),
    list: async (owner) => (await rowsOf(db, owner)).map(toApiToken),
    revoke: (owner, id, witness) =>
      makeChange(db, async (change) => {
        const row = (await rowsOf(change.db, owner)).find((each) => each.id === id);
        if (!row || !(await tokens.revoke(change, id))) return null;
        const token = toApiToken(row);
        await witness?.(change.db, token);
        return token;
      }),
    ...createJudging(parts),
  };
}

function createMaking({ db, now, random, tokens, owners }: ApiTokenParts): ApiTokens['create'] {
  const inTurn = createInTurn();
  return (owner, { name, scopes, expiresInDays }, witness) =>
    inTurn(async () => {
      const beyond = scopes.find((scope) => owner.grants[scope] === undefined);
      if (beyond !== undefined) return fail('forbidden', `you may not ${beyond} yourself`);
      const own = tokens.ofOwner(owner.name).filter(({ kind }) => kind === 'api');
      if (own.length >= maxTokensPerUser) return fail('limit-reached', `at most ${maxTokensPerUser} tokens`);
      const secret = newSecret('api', random);
      const row: TokenRow = {
        id: newTokenId(random),
        kind: 'api',
        name,
        agency: owner.agency,
        owner: owner.name,
        secret_hash: hashOfSecret(secret),
        cookie_hash: null,
        scopes: JSON.stringify(tokenScopes.filter((scope) => scopes.includes(scope))),
        settings: '{}',
        created_at: now(),
        expires_at: now() + expiresInDays * dayMs,
        used_at: null,
        revoked_at: null,
      };
      const created = { token: toApiToken(row), secret };
      await makeChange(db, async (change) => {
        await tokens.add(change, row);
        await witness?.(change.db, created);
        change.afterwards(() => owners.reload(owner.name));
      });
      return ok(created);
    });
}

function createJudging({
  now,
  tokens,
  owners,
}: ApiTokenParts): Pick<ApiTokens, 'isClaimed' | 'identify' | 'refusalOf'> {
  const told = { windowMs: refusalWindowMs, now };
  const byAddress = createAttemptLimiter({ ...told, limit: maxToldOfAddress, maxKeys: 2_000 });
  const inAll = createAttemptLimiter({ ...told, limit: maxTold, maxKeys: 1 });
  const find = (claimed: string) =>
    isSecretOf('api', claimed) ? tokens.bySecret('api', hashOfSecret(claimed)) : null;
  return {
    isClaimed: ({ authorization }) => claimedToken(authorization) !== null,
    identify: ({ authorization, cookie }) => {
      const claimed = claimedToken(authorization);
      // A cookie comes along by itself, a token doesn't: who sends both is not who the token was made for.
      if (claimed === null || cookie !== undefined) return null;
      const token = find(claimed);
      const owner = token && owners.find(token.owner);
      if (!owner) return null;
      const { role, agency, due } = owner;
      return {
        kind: 'token',
        sessionKey: token.id,
        name: token.owner,
        role,
        agency,
        grants: grantsOfToken(token.scopes, owner.grants),
        due,
        expiresAt: token.expiresAt ?? token.createdAt,
      };
    },
    refusalOf: ({ authorization, cookie, address }) => {
      const claimed = claimedToken(authorization);
      if (claimed === null) return null;
      const group = addressGroup(address ?? '');
      if (byAddress.take(group) > 0 || inAll.take('all') > 0) return null;
      const token = find(claimed);
      const { name = '', owner = '', agency = '' } = token ?? {};
      const reason = cookie !== undefined ? 'with-cookie' : token ? 'owner' : 'unknown';
      return { reason, name, owner, agency };
    },
  };
}
