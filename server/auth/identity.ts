import { grantsOf, rolesWithSecondFactor, type Agency, type Grants } from '../../shared/authority.ts';
import type { WallDetail } from '../../shared/api/tokens.ts';
import type { Role } from '../../shared/role.ts';
import type { UserRow } from '../store/state/schema.ts';

/** What must be done before anything else is allowed: replace the one-time password, then enrol a second factor. */
export type Due = 'password' | 'second-factor';

/** Who a request or a socket comes from. */
export interface Identity {
  readonly kind: 'user' | 'token' | 'wall';
  /** Stable name of what it came in by, no secret: the SHA-256 of a session's id, or the id of a token or a wall. */
  readonly sessionKey: string;
  /** Of the user, of a token its owner's; of a wall the wall's. */
  readonly name: string;
  readonly role: Role;
  /** Id of the agency. */
  readonly agency: string;
  /** What it may, once nothing is due. */
  readonly grants: Grants;
  readonly due: Due | null;
  /** How much a wall shows: nothing else leaves for it. Every wall has it, and nobody else. */
  readonly detail?: WallDetail | undefined;
  /** When it ends if it isn't used again, epoch ms. */
  readonly expiresAt: number;
}

/** What of a request says who it comes from. */
export interface IdentityHeaders {
  readonly cookie?: string | undefined;
  readonly authorization?: string | undefined;
  /** Address of the client; a wall may be bound to networks. */
  readonly address?: string | undefined;
}

/** Rules of the installation that identities are judged by. */
export interface AuthRules {
  readonly agencies: readonly Agency[];
  /** Whether leads and admins must have a second factor; only a simulation, which has nothing to hide, goes without. */
  readonly secondFactor: boolean;
  /** Words that no password may consist of, beside those of the system and its agencies: names of parties. */
  readonly contextWords?: readonly string[];
}

/** What is due of a user. */
export function dueOf(
  user: Pick<UserRow, 'must_change_password' | 'role' | 'totp_since' | 'external_id'>,
  rules: AuthRules,
): Due | null {
  if (user.must_change_password === 1) return 'password';
  const needs = rules.secondFactor && rolesWithSecondFactor.has(user.role as Role);
  // Who signs in elsewhere has the second factor there.
  return needs && user.totp_since === null && user.external_id === null ? 'second-factor' : null;
}

/** What a user of that role and agency may; an agency that is configured no more sees nothing personal. */
export const grantsIn = (role: Role, agency: string, { agencies }: AuthRules): Grants =>
  grantsOf(role, agencies.find(({ id }) => id === agency) ?? { personal: false });
