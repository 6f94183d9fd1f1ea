import { roles, type Role } from './role.ts';

/**
 * Who may see and do what: the one place where it is written, for HTTP, sockets, exports and screens alike. `docs/security.md`
 * prints it, and a test asks every route and event as everybody in it.
 */

/** What there is to be allowed. */
export const permissions = [
  'live:read',
  'alerts:read',
  'alerts:act',
  'events:read',
  'events:export',
  'parties:read',
  'ledger:read',
  'personal:read',
  'tokens:own',
  'users:read',
  'users:manage',
  'sessions:manage',
  'walls:manage',
  'audit:read',
] as const;
export type Permission = (typeof permissions)[number];

/** Of whom: of everybody, or of those of one's own agency only. */
export type Scope = 'all' | 'agency';

export type Grants = Readonly<Partial<Record<Permission, Scope>>>;

const viewer: Grants = {
  'live:read': 'all',
  'alerts:read': 'all',
  'events:read': 'all',
  'parties:read': 'all',
  'ledger:read': 'all',
  'tokens:own': 'all',
};
const analyst: Grants = { ...viewer, 'alerts:act': 'all', 'events:export': 'all', 'personal:read': 'all' };
const lead: Grants = {
  ...analyst,
  'users:read': 'agency',
  'sessions:manage': 'agency',
  'walls:manage': 'agency',
  'audit:read': 'agency',
};
const admin: Grants = {
  ...lead,
  'users:read': 'all',
  'users:manage': 'all',
  'sessions:manage': 'all',
  'walls:manage': 'all',
  'audit:read': 'all',
};

/** What a role grants to a user who is signed in with all that is due. */
export const grantsOfRole: Readonly<Record<Role, Grants>> = { viewer, analyst, lead, admin };

/** What a wall's token grants: figures and alerts for a room; of both only what its screen shows, by `wall-shows.ts`. */
export const grantsOfWall: Grants = { 'live:read': 'all', 'alerts:read': 'all' };

/** What a user may hand on to a token of their own: a program reads, and takes the steps of an analyst; it manages nobody. */
export const tokenScopes = [
  'live:read',
  'alerts:read',
  'alerts:act',
  'events:read',
  'events:export',
  'parties:read',
  'ledger:read',
  'personal:read',
] as const satisfies readonly Permission[];
export type TokenScope = (typeof tokenScopes)[number];

/** Roles that may sign in with a second factor only. */
export const rolesWithSecondFactor: ReadonlySet<Role> = new Set<Role>(['lead', 'admin']);

/** An agency of the task force. */
export interface Agency {
  /** Short and upper-case, as `KPU`. */
  readonly id: string;
  readonly name: string;
  /** Whether its people may see addresses and account names in clear, if their role lets them. */
  readonly personal: boolean;
}

/** Those of the task force of 2022; the configuration may name others. */
export const defaultAgencies: readonly Agency[] = [
  { id: 'KPU', name: 'Komisi Pemilihan Umum', personal: true },
  { id: 'BSSN', name: 'Badan Siber dan Sandi Negara', personal: true },
  { id: 'BIN', name: 'Badan Intelijen Negara', personal: true },
  { id: 'BRIN', name: 'Badan Riset dan Inovasi Nasional', personal: false },
  { id: 'KOMINFO', name: 'Kementerian Komunikasi dan Informatika', personal: false },
  { id: 'POLRI', name: 'Kepolisian Negara Republik Indonesia', personal: true },
];

/** What somebody may, of whom; without `personal:read` where the agency is not to see personal data. */
export function grantsOf(role: Role, agency: Pick<Agency, 'personal'>): Grants {
  const { 'personal:read': personal, ...others } = grantsOfRole[role];
  return agency.personal && personal ? { ...others, 'personal:read': personal } : others;
}

/** Those of a token: what was handed on and its owner still may. */
export function grantsOfToken(scopes: readonly string[], owner: Grants): Grants {
  const kept = tokenScopes.filter((scope) => scopes.includes(scope) && owner[scope] !== undefined);
  return Object.fromEntries(kept.map((scope) => [scope, owner[scope]]));
}

/** The matrix as rows, for the page and the tests: permission, and the scope of each role and of a wall. */
export const authorityMatrix: readonly {
  readonly permission: Permission;
  readonly scopes: Readonly<Record<Role | 'wall', Scope | null>>;
}[] = permissions.map((permission) => ({
  permission,
  scopes: {
    ...(Object.fromEntries(roles.map((role) => [role, grantsOfRole[role][permission] ?? null])) as Record<
      Role,
      Scope | null
    >),
    wall: grantsOfWall[permission] ?? null,
  },
}));
