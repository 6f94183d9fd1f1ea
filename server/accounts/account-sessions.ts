import type { AccountChange } from './account-change.ts';

/**
 * A session without a log-out counts as open for this long after the login; as long as a restart reads back, so that the
 * count is the same after it.
 */
export const sessionIdleMs = 3_600_000;
/** Addresses of one account that sessions are kept by, those heard newest. */
export const maxSessionsPerAccount = 20;
/** Accounts whose sessions are kept; those heard longest ago are forgotten. */
export const maxSessionAccounts = 20_000;

/** Open sessions as logins and log-outs tell them: no source says session ids, so an account has one from each address. */
export interface AccountSessions {
  /** Takes in a login that succeeded or a log-out, in any order, again and again. */
  add(change: Pick<AccountChange, 'party' | 'user' | 'at' | 'action' | 'login' | 'address'>): void;
  count(party: string, user: string, now: number): number;
  /** Sessions that were forgotten because of a bound while they were open. */
  overflow(): number;
}

interface Session {
  readonly login: number;
  readonly logout: number;
}

const never: Session = { login: 0, logout: 0 };
const after = (session: Session, what: keyof Session, at: number): Session => ({
  ...session,
  [what]: Math.max(session[what], at),
});
/** Stands for an address that was not said; a log-out from there ends every session of the account. */
const nowhere = '';

/** No sessions at first: a restart reads them back. */
export function createAccountSessions(): AccountSessions {
  const byAccount = new Map<string, Map<string, Session>>();
  let overflow = 0;
  const isOpen = (sessions: ReadonlyMap<string, Session>, { login, logout }: Session, now: number) =>
    login > Math.max(logout, sessions.get(nowhere)?.logout ?? 0) && now - login < sessionIdleMs;

  const openOf = (sessions: ReadonlyMap<string, Session>, now: number): number =>
    [...sessions.values()].filter((session) => isOpen(sessions, session, now)).length;

  return {
    add({ party, user, at, action, login, address }) {
      if (!login && action !== 'user-logout') return;
      const key = `${party}\0${user}`;
      const sessions = byAccount.get(key) ?? new Map<string, Session>();
      // The account heard newest stands last.
      byAccount.delete(key);
      byAccount.set(key, sessions);
      const from = address ?? nowhere;
      sessions.set(from, after(sessions.get(from) ?? never, login ? 'login' : 'logout', at));
      for (const [old, session] of oldestOf(sessions)) {
        if (isOpen(sessions, session, at)) overflow += 1;
        sessions.delete(old);
      }
      const [oldest] = byAccount;
      if (byAccount.size > maxSessionAccounts && oldest) {
        overflow += openOf(oldest[1], at);
        byAccount.delete(oldest[0]);
      }
    },
    count(party, user, now) {
      const sessions = byAccount.get(`${party}\0${user}`);
      return sessions ? openOf(sessions, now) : 0;
    },
    overflow: () => overflow,
  };
}

/** What is over the bound; the same whatever order it came in. A log-out of all is never forgotten. */
function oldestOf(sessions: ReadonlyMap<string, Session>): [string, Session][] {
  if (sessions.size <= maxSessionsPerAccount) return [];
  const placed = [...sessions].filter(([from]) => from !== nowhere);
  const heard = ({ login, logout }: Session) => Math.max(login, logout);
  return placed
    .toSorted(([fromA, a], [fromB, b]) => heard(b) - heard(a) || (fromA < fromB ? -1 : 1))
    .slice(maxSessionsPerAccount);
}
