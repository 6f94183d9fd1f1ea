import type { LoginResult } from '../../shared/event/fields.ts';
import type { World } from './world.ts';

/** One attempt to sign in. */
export interface LoginAttempt {
  readonly user: string;
  /** Id of the party; `null` when no account is known by that name. */
  readonly party: string | null;
  readonly address: string;
  readonly agent: string;
  readonly result: LoginResult;
  readonly reason?: 'bad-password' | 'user-unknown' | 'account-locked' | 'rate-limited';
}

const statusOf: Record<LoginResult, number> = { success: 302, failure: 401, blocked: 403 };

/** The web server logs the request, and the application reports how the attempt ended. */
export function attemptLogin(world: World, at: number, attempt: LoginAttempt): void {
  const { user, party, address, agent, result, reason } = attempt;
  world.request(at, {
    address,
    method: 'POST',
    target: '/sipol/login',
    status: statusOf[result],
    bytes: result === 'success' ? 0 : 1_120,
    referrer: 'https://sipol.example/sipol/login',
    agent,
  });
  world.report(at, {
    'event.kind': 'event',
    'event.category': 'authentication',
    'event.type': result === 'blocked' ? 'denied' : 'start',
    'event.action': 'user-login',
    'event.outcome': result === 'success' ? 'success' : 'failure',
    ...(reason === undefined ? {} : { 'event.reason': reason }),
    'user.name': user,
    'source.ip': address,
    ...(party === null ? {} : { 'organization.id': party }),
    'user_agent.original': agent,
  });
}
