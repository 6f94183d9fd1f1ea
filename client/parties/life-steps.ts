import type { AccountStep, PartyDetail } from '../../shared/api/schemas.ts';

/** What the history says, and the first login of each account, newest first. */
export function lifeSteps({ accounts, history }: Pick<PartyDetail, 'accounts' | 'history'>): AccountStep[] {
  const logins = accounts.flatMap(({ name, firstLogin }): AccountStep[] =>
    firstLogin === null
      ? []
      : [{ account: name, at: firstLogin, action: 'first-login', by: null, address: null }],
  );
  return [...history, ...logins].toSorted((a, b) => b.at - a.at);
}
