import type { PartyAccount } from '../../shared/api/schemas.ts';
import type { AccountAction } from '../../shared/event/fields.ts';

/** What an event says of an account. */
export interface AccountChange {
  /** Organisation id, as the source gave it. */
  readonly party: string;
  readonly user: string;
  /** Event time, epoch ms. */
  readonly at: number;
  /** `seen`: the account did something else. */
  readonly action: AccountAction | 'seen';
  /** True for a login that succeeded. */
  readonly login: boolean;
  /** Where it came from. */
  readonly address?: string | null;
  /** The account that did it. */
  readonly by?: string | null;
  /** Its roles, as the event says them. */
  readonly roles?: string | null;
}

/** An account as the book keeps it; times are event times, epoch ms. */
export interface Account {
  readonly party: string;
  readonly user: string;
  readonly state: AccountState;
  /** When the lifecycle event happened that the state comes from; 0 when there was none. */
  readonly stateAt: number;
  readonly createdAt: number | null;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly firstLogin: number | null;
  readonly lastLogin: number | null;
  readonly lastLoginAddress: string | null;
  readonly roles: string | null;
  /** When the event happened that the roles come from; 0 when there was none. */
  readonly rolesAt: number;
  readonly mfaEnrolledAt: number | null;
}

export type AccountState = PartyAccount['state'];

const stateAfter: Partial<Record<AccountChange['action'], AccountState>> = {
  'account-created': 'created',
  'account-activated': 'active',
  'account-locked': 'locked',
  'account-disabled': 'disabled',
};

/** Which of two states of the same moment holds. */
const strength: Record<AccountState, number> = { created: 0, active: 1, locked: 2, disabled: 3 };

/** Whether the account counts: one that is switched off doesn't, a locked one does, since it is there. */
export const isInForce = ({ state }: Pick<Account, 'state'>): boolean => state !== 'disabled';

/**
 * Whether the change proves that its account exists: a login that succeeded, or an event of its life. A failed login proves
 * nothing, since anyone may try any name; a log-out or other activity only follows a login.
 */
export function provesAccount(change: AccountChange): boolean {
  return change.action === 'user-login' ? change.login : isLifeStep(change);
}

/** Whether the change is an event of the account's life, which its history keeps. */
export const isLifeStep = ({ action }: Pick<AccountChange, 'action'>): boolean =>
  action !== 'user-login' && action !== 'user-logout' && action !== 'seen';

const earlier = (a: number | null, b: number): number => Math.min(a ?? b, b);
const later = (a: number | null, b: number): number => Math.max(a ?? b, b);

/** The account after the change, in whatever order changes come and however often: the newest lifecycle event makes the state. */
export function applyChange(account: Account | undefined, change: AccountChange): Account {
  const before = account ?? newAccount(change);
  const after = {
    ...before,
    ...stateOf(before, change),
    ...rolesOf(before, change),
    ...loginOf(before, change),
    createdAt: change.action === 'account-created' ? earlier(before.createdAt, change.at) : before.createdAt,
    mfaEnrolledAt:
      change.action === 'mfa-enrolled' ? later(before.mfaEnrolledAt, change.at) : before.mfaEnrolledAt,
    firstSeen: Math.min(before.firstSeen, change.at),
    lastSeen: Math.max(before.lastSeen, change.at),
  };
  // A login proves that a created account is in use, though no source said that it was activated.
  const inUse = after.state === 'created' && after.lastLogin !== null && after.lastLogin >= after.stateAt;
  return inUse ? { ...after, state: 'active' } : after;
}

const newAccount = ({ party, user, at }: AccountChange): Account => ({
  party,
  user,
  state: 'active',
  stateAt: 0,
  createdAt: null,
  firstSeen: at,
  lastSeen: at,
  firstLogin: null,
  lastLogin: null,
  lastLoginAddress: null,
  roles: null,
  rolesAt: 0,
  mfaEnrolledAt: null,
});

function stateOf(before: Account, { action, at }: AccountChange): Partial<Account> {
  const state = stateAfter[action];
  if (state === undefined || at < before.stateAt) return {};
  if (at === before.stateAt && strength[state] <= strength[before.state]) return {};
  return { state, stateAt: at };
}

function rolesOf(before: Account, { roles = null, at }: AccountChange): Partial<Account> {
  if (roles === null || roles === '' || at < before.rolesAt) return {};
  if (at === before.rolesAt && roles <= (before.roles ?? '')) return {};
  return { roles, rolesAt: at };
}

function loginOf(before: Account, { login, at, address = null }: AccountChange): Partial<Account> {
  if (!login) return {};
  const firstLogin = earlier(before.firstLogin, at);
  const last = before.lastLogin ?? Number.NEGATIVE_INFINITY;
  if (at < last || (at === last && (address ?? '') <= (before.lastLoginAddress ?? ''))) return { firstLogin };
  return { firstLogin, lastLogin: at, lastLoginAddress: address };
}
