import { accountActions, type SiagaEvent } from './fields.ts';

const actions = new Set<string>(accountActions);

/** The account that an event is about: the one acted upon, else the one that acted. */
export const accountOf = (event: SiagaEvent): string | null =>
  event['user.target.name'] ?? event['user.name'];

/** Whether an event proves that its account exists: a lifecycle event, or a login that succeeded. */
export function provesAccount(event: SiagaEvent): boolean {
  const action = event['event.action'];
  if (action === null || !actions.has(action)) return false;
  return (
    event['event.outcome'] === 'success' || (action !== 'user-login' && event['event.outcome'] !== 'failure')
  );
}
