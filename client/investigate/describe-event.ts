import type { StoredEvent } from '../../shared/api/schemas.ts';
import {
  accountActions,
  loginResult,
  type AccountAction,
  type LoginResult,
} from '../../shared/event/fields.ts';
import type { MessageKey } from '../../shared/i18n/catalogue.ts';
import { valueOf } from './event-value.ts';

/** How an event is coloured: by how a login ended, or as something to look at. */
export type EventTone = LoginResult | 'signal' | 'unparsed' | 'plain';

/** What an event says, in words of the catalogue and, beside them, words of the source. */
export interface Described {
  readonly key: MessageKey;
  readonly tone: EventTone;
  /** Hostile text that belongs to the words: a method and status, an account, the name of a check. */
  readonly detail: string | null;
}

const loginKeys: Readonly<Record<LoginResult, MessageKey>> = {
  success: 'investigate.what.login.success',
  failure: 'investigate.what.login.failure',
  blocked: 'investigate.what.login.blocked',
};

const isAccountAction = (action: string | null): action is AccountAction =>
  accountActions.some((known) => known === action);

function joined(...parts: readonly (string | null)[]): string | null {
  const known = parts.filter((part) => part !== null);
  return known.length > 0 ? known.join(' ') : null;
}

/** What an event is, in a few words. */
export function describeEvent(event: StoredEvent): Described {
  const dataset = valueOf(event, 'event.dataset');
  if (dataset === 'unparsed') return { key: 'investigate.what.unparsed', tone: 'unparsed', detail: null };
  if (dataset === 'signal') {
    const detail = joined(valueOf(event, 'rule.name'));
    return { key: 'investigate.what.signal', tone: 'signal', detail };
  }
  const action = valueOf(event, 'event.action');
  const login = loginResult({
    'event.action': action,
    'event.outcome': valueOf(event, 'event.outcome'),
    'event.type': valueOf(event, 'event.type'),
  });
  if (login) return { key: loginKeys[login], tone: login, detail: null };
  if (isAccountAction(action)) {
    return {
      key: `investigate.what.${action}`,
      tone: 'plain',
      detail: valueOf(event, 'user.target.name'),
    };
  }
  if (dataset === 'access') {
    const method = valueOf(event, 'http.request.method');
    return {
      key: 'investigate.what.access',
      tone: 'plain',
      detail: joined(method, valueOf(event, 'http.response.status_code')),
    };
  }
  return { key: 'investigate.what.other', tone: 'plain', detail: action };
}

/** The rest of the story in one text: the reason, the message, or the path, or the subject of a signal. */
export function aboutEvent(event: StoredEvent): string | null {
  return (
    valueOf(event, 'event.reason') ??
    valueOf(event, 'message') ??
    valueOf(event, 'url.original') ??
    valueOf(event, 'url.path') ??
    valueOf(event, 'siaga.signal.subject') ??
    (valueOf(event, 'event.dataset') === 'unparsed' ? valueOf(event, 'event.original') : null)
  );
}
