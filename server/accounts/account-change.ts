import type { PartyDetail } from '../../shared/api/schemas.ts';
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
}

/** An account as the book keeps it; times are event times, epoch ms. */
export interface Account {
  readonly party: string;
  readonly user: string;
  readonly state: AccountState;
  /** When the lifecycle event happened that the state comes from; 0 when there was none. */
  readonly stateAt: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly lastLogin: number | null;
}

export type AccountState = PartyDetail['accounts'][number]['state'];

const stateAfter: Partial<Record<AccountChange['action'], AccountState>> = {
  'account-created': 'created',
  'account-activated': 'active',
  'account-locked': 'locked',
  'account-disabled': 'disabled',
};

/**
 * Whether the change proves that its account exists: a login that succeeded, or an event of its life. A failed login proves
 * nothing, since anyone may try any name; a log-out or other activity only follows a login.
 */
export function provesAccount(change: AccountChange): boolean {
  if (change.action === 'user-login') return change.login;
  return change.action !== 'seen' && change.action !== 'user-logout';
}

/** The account after the change, in whatever order changes come: the newest lifecycle event makes the state. */
export function applyChange(account: Account | undefined, change: AccountChange): Account {
  const before = account ?? {
    party: change.party,
    user: change.user,
    state: 'active' as const,
    stateAt: 0,
    firstSeen: change.at,
    lastSeen: change.at,
    lastLogin: null,
  };
  const state = stateAfter[change.action];
  const newer = state !== undefined && change.at >= before.stateAt;
  const after = {
    ...before,
    state: newer ? state : before.state,
    stateAt: newer ? change.at : before.stateAt,
    firstSeen: Math.min(before.firstSeen, change.at),
    lastSeen: Math.max(before.lastSeen, change.at),
    lastLogin: change.login ? Math.max(before.lastLogin ?? change.at, change.at) : before.lastLogin,
  };
  // A login proves that a created account is in use, though no source said that it was activated.
  const inUse = after.state === 'created' && after.lastLogin !== null && after.lastLogin >= after.stateAt;
  return inUse ? { ...after, state: 'active' } : after;
}
