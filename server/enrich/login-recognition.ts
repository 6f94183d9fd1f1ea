import type { SiagaEvent } from '../../shared/event/fields.ts';
import type { LoginRecognition } from '../config/configuration.ts';

/** Marks a request to a login path as the login attempt it is; a status that the settings don't name leaves it a request. */
export function recogniseLogin(event: SiagaEvent, logins: LoginRecognition): void {
  const status = event['http.response.status_code'];
  if (status === null || event['http.request.method'] !== logins.method) return;
  if (!logins.paths.includes(event['url.path'] ?? '')) return;
  if (logins.success.includes(status)) mark(event, 'success', 'start');
  else if (logins.blocked.includes(status)) mark(event, 'failure', 'denied');
  else if (logins.failure.includes(status)) mark(event, 'failure', 'start');
}

function mark(event: SiagaEvent, outcome: 'success' | 'failure', type: 'start' | 'denied'): void {
  event['event.category'] = 'authentication';
  event['event.action'] = 'user-login';
  event['event.outcome'] = outcome;
  event['event.type'] = type;
}
