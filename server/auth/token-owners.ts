import { grantsOfToken, type Grants } from '../../shared/authority.ts';
import type { Role } from '../../shared/role.ts';
import type { StateDb } from '../store/state/state-store.ts';
import { dueOf, grantsIn, type AuthRules, type Identity } from './identity.ts';
import type { LiveToken, Tokens } from './tokens.ts';

type Owner = Pick<Identity, 'role' | 'agency' | 'grants' | 'due'>;

/** What the owners of API tokens may now, in memory: a token may never more. */
export interface TokenOwners {
  /** `null` when there is no such user, or a disabled one. */
  readonly find: (name: string) => Owner | null;
  /** Reads a user again after a change, and ends what came in by tokens that lost something by it. */
  readonly reload: (name: string) => Promise<void>;
  /** Reads all again. */
  readonly reloadAll: () => Promise<void>;
}

/** Loads those users who have tokens. */
export async function createTokenOwners(parts: {
  readonly db: StateDb;
  readonly rules: AuthRules;
  readonly tokens: Pick<Tokens, 'ofOwner' | 'announce'>;
}): Promise<TokenOwners> {
  const { db, rules, tokens } = parts;
  const owners = new Map<string, Owner>();
  const read = async (name: string): Promise<Owner | null> => {
    const user = await db
      .selectFrom('users')
      .select(['role', 'agency', 'must_change_password', 'totp_since', 'external_id'])
      .where('name', '=', name)
      .where('disabled', '=', 0)
      .executeTakeFirst();
    if (!user) return null;
    const role = user.role as Role;
    return { role, agency: user.agency, grants: grantsIn(role, user.agency, rules), due: dueOf(user, rules) };
  };
  const reload = async (name: string): Promise<void> => {
    const before = owners.get(name) ?? null;
    const after = await read(name);
    if (after) owners.set(name, after);
    else owners.delete(name);
    for (const token of tokens.ofOwner(name)) {
      if (token.kind === 'api' && hasLost(token, before, after)) tokens.announce(token.id, 'revoked');
    }
  };
  const reloadAll = async (): Promise<void> => {
    const rows = await db
      .selectFrom('tokens')
      .select('owner')
      .distinct()
      .where('kind', '=', 'api')
      .where('revoked_at', 'is', null)
      .execute();
    for (const { owner } of rows) await reload(owner);
  };
  await reloadAll();
  return { find: (name) => owners.get(name) ?? null, reload, reloadAll };
}

const effective = (token: LiveToken, owner: Owner | null): Grants =>
  owner && owner.due === null ? grantsOfToken(token.scopes, owner.grants) : {};

function hasLost(token: LiveToken, before: Owner | null, after: Owner | null): boolean {
  const now = new Map(Object.entries(effective(token, after)));
  const lost = Object.entries(effective(token, before)).some(([scope, reach]) => now.get(scope) !== reach);
  return lost || before?.agency !== after?.agency;
}
