import type { Auth, Identity } from '../../../server/auth/auth.ts';
import type { Due } from '../../../server/auth/identity.ts';
import {
  defaultAgencies,
  grantsOf,
  grantsOfToken,
  grantsOfWall,
  permissions,
  tokenScopes,
  type Grants,
} from '../../../shared/authority.ts';
import { wallDetails, type WallDetail } from '../../../shared/api/tokens.ts';
import { roles, type Role } from '../../../shared/role.ts';
import { addUser, claimAdmin, signIn, type AuthDesk } from '../auth/support.ts';

/** What the rules alone say of somebody who asks; `null`: nobody that the server knows. */
export interface Standing {
  readonly kind: Identity['kind'];
  readonly due: Due | null;
  readonly agency: string;
  readonly grants: Grants;
  /** Of a wall. */
  readonly detail?: WallDetail;
}

/** Somebody of the matrix. */
export interface Asker {
  readonly name: string;
  readonly standing: Standing | null;
  /** The way in that its bearer token opens. */
  readonly opens?: 'ingest' | 'metrics';
}

export const ownAgency = 'KPU';
export const otherAgency = 'BSSN';
/** One whose people see nothing personal. */
const agencyWithoutPersonal = 'BRIN';

export const ingestToken = 'the-ingest-token-of-the-matrix';
export const metricsToken = 'the-metrics-token-of-the-matrix';

const grantsIn = (role: Role, agency: string): Grants =>
  grantsOf(role, defaultAgencies.find(({ id }) => id === agency) ?? { personal: false });

const user = (name: string, role: Role, agency = ownAgency, due: Due | null = null): Asker => ({
  name,
  standing: { kind: 'user', due, agency, grants: grantsIn(role, agency) },
});

const token = (name: string, scopes: readonly string[], owner: Role): Asker => ({
  name,
  standing: {
    kind: 'token',
    due: null,
    agency: ownAgency,
    grants: grantsOfToken(scopes, grantsIn(owner, ownAgency)),
  },
});

/** What the rules say of a wall: without alerts it may not ask for them. */
function grantsOfWallAt(detail: WallDetail): Grants {
  const { 'alerts:read': alerts, ...figures } = grantsOfWall;
  return detail === 'figures' || !alerts ? figures : { ...figures, 'alerts:read': alerts };
}

/** Everybody who may ask: with nothing, with something that is due or ended, of each role, and of each kind of token. */
export const askers: readonly Asker[] = [
  { name: 'nobody', standing: null },
  { name: 'a revoked session', standing: null },
  { name: 'the ingest token', standing: null, opens: 'ingest' },
  { name: 'the metrics token', standing: null, opens: 'metrics' },
  user('a one-time password', 'admin', ownAgency, 'password'),
  user('a second factor due', 'admin', ownAgency, 'second-factor'),
  ...roles.map((role) => user(role, role)),
  user('lead of another agency', 'lead', otherAgency),
  user('analyst of an agency without personal data', 'analyst', agencyWithoutPersonal),
  ...wallDetails.map((detail): Asker => ({
    name: `a wall that shows ${detail}`,
    standing: { kind: 'wall', due: null, agency: ownAgency, grants: grantsOfWallAt(detail), detail },
  })),
  ...tokenScopes.map((scope) => token(`a token for ${scope}`, [scope], 'analyst')),
  ...tokenScopes.map((scope) =>
    token(
      `a token for all but ${scope}`,
      tokenScopes.filter((other) => other !== scope),
      'analyst',
    ),
  ),
  token('a token that names every permission', permissions, 'admin'),
  token("a viewer's token for all scopes", tokenScopes, 'viewer'),
  token('a token for nothing', [], 'admin'),
];

/** Those who come by a real session, and the name of their user: `mx-lead` is of the own agency, `mx-other-lead` of the other. */
const users: Readonly<
  Record<string, { readonly user: string; readonly role: Role; readonly agency: string }>
> = {
  viewer: { user: 'mx-viewer', role: 'viewer', agency: ownAgency },
  analyst: { user: 'mx-analyst', role: 'analyst', agency: ownAgency },
  lead: { user: 'mx-lead', role: 'lead', agency: ownAgency },
  admin: { user: 'mx-admin', role: 'admin', agency: ownAgency },
  'lead of another agency': { user: 'mx-other-lead', role: 'lead', agency: otherAgency },
  'analyst of an agency without personal data': {
    user: 'mx-no-personal',
    role: 'analyst',
    agency: agencyWithoutPersonal,
  },
};

export type AskerHeaders = Record<string, string>;

const injected = (name: string) => `Bearer injected:${encodeURIComponent(name)}`;

/** An `Auth` that knows the askers without a session too, by a header that only tests send. */
export function withInjected(auth: Auth): Auth {
  const byHeader = new Map(
    askers.flatMap(({ name, standing }): [string, Identity][] =>
      standing
        ? [
            [
              injected(name),
              { ...standing, name: `injected ${name}`, sessionKey: name, role: 'viewer', expiresAt: 2e12 },
            ],
          ]
        : [],
    ),
  );
  return {
    ...auth,
    identify: (headers) => byHeader.get(headers.authorization ?? '') ?? auth.identify(headers),
  };
}

/** Makes the users, and returns the headers that each asker sends; `fresh` by a session of its own. */
export async function createAskers({ auth }: AuthDesk): Promise<{
  headersOf(name: string): AskerHeaders;
  fresh(name: string): Promise<AskerHeaders>;
}> {
  await claimAdmin(auth).catch(() => undefined);
  const cookies = new Map<string, string>();
  for (const [name, { user: account, role, agency }] of Object.entries(users)) {
    await addUser(auth, account, role);
    const moved = await auth.updateUser(account, { agency });
    if (!moved.ok) throw new Error(moved.message);
    cookies.set(name, await signIn(auth, account));
  }
  const once = await auth.createUser({ name: 'mx-once', role: 'admin' });
  if (!once.ok) throw new Error(once.message);
  cookies.set('a one-time password', await signIn(auth, 'mx-once', once.value.oneTimePassword));
  cookies.set('a revoked session', await revokedCookie(auth));
  const headersOf = (name: string): AskerHeaders => {
    const cookie = cookies.get(name);
    if (cookie !== undefined) return { cookie };
    if (name === 'nobody') return {};
    if (name === 'the ingest token') return { authorization: `Bearer ${ingestToken}` };
    if (name === 'the metrics token') return { authorization: `Bearer ${metricsToken}` };
    return { authorization: injected(name) };
  };
  return {
    headersOf,
    async fresh(name) {
      const account = users[name]?.user;
      if (account !== undefined) return { cookie: await signIn(auth, account) };
      if (name === 'a one-time password')
        return { cookie: await signIn(auth, 'mx-once', once.value.oneTimePassword) };
      return headersOf(name);
    },
  };
}

async function revokedCookie(auth: Auth): Promise<string> {
  const cookie = await addUser(auth, 'mx-revoked', 'admin');
  const disabled = await auth.updateUser('mx-revoked', { disabled: true });
  if (!disabled.ok) throw new Error(disabled.message);
  return cookie;
}
