/**
 * The one table of an event's fields: flat Elastic Common Schema names (ECS 8.17), and ours under `siaga.`.
 * The event's type, the event store's columns, the fields that may be searched and `docs/events.md` follow from it.
 */

export type FieldType = 'time' | 'number' | 'string' | 'address';

export interface FieldSpec {
  readonly type: FieldType;
  /** True when every event has it; all other fields are `null` when the source didn't say. */
  readonly required?: true;
  readonly doc: string;
}

const field = (type: FieldType, doc: string): FieldSpec => ({ type, doc });
const required = <T extends FieldType>(type: T, doc: string) => ({ type, doc, required: true }) as const;
const text = (doc: string) => ({ ...field('string', doc), type: 'string' }) as const;
const count = (doc: string) => ({ ...field('number', doc), type: 'number' }) as const;

export const eventFields = {
  '@timestamp': required('time', "When it happened by the source's clock, epoch milliseconds, UTC."),
  'event.ingested': required('time', 'When Siaga received the line, epoch milliseconds, UTC.'),
  'event.sequence': required('number', "Siaga's own order: grows by one with each line, across restarts."),
  'event.kind': required(
    'string',
    '`event`, `alert` (an anomaly signal) or `pipeline_error` (a line no parser understood).',
  ),
  'event.dataset': required('string', '`access`, `error`, `account`, `signal`, `log` or `unparsed`.'),
  'event.category': text('`web`, `authentication`, `iam`, `intrusion_detection`.'),
  'event.type': text('ECS sub-category; `denied` on a login marks an attempt that was blocked.'),
  'event.action': text('What was done, for accounts one of `accountActions`.'),
  'event.outcome': text('`success`, `failure` or `unknown`.'),
  'event.reason': text('Why, in the words of the source.'),
  'event.risk_score': count('Score of an anomaly signal, 0 to 100.'),
  'event.code': text('Message id that the source gives, as syslog and HAProxy do.'),
  'event.duration': count('How long the request took, nanoseconds.'),
  'event.hash': text('SHA-256 of the whole line, hex, where only its head is kept.'),
  'event.original': required('string', 'The raw line, as received, without its line end.'),
  message: text('What an error log or a system log says, without its head.'),
  'error.message': text('Why no parser understood the line.'),
  'siaga.source': required('string', 'Id of the configured source.'),
  'siaga.history': text('`import` when the line came by `siaga import`: it was not live.'),
  'siaga.line.bytes': count('Length of the whole line, bytes, where only its head is kept.'),
  'log.file.id': text(
    "Siaga's id of what the line was read from: a followed file (the same when it is renamed), a batch, a connection.",
  ),
  'log.offset': count('Byte offset in it at which the line starts.'),
  'log.level': text('Severity in the words of the source.'),
  'log.syslog.priority': count('Priority of a syslog message, 0 to 191.'),
  'host.name': text('Host that wrote the line, as it says itself.'),
  'process.name': text('Program that wrote the line.'),
  'process.pid': count('Process id of that program.'),
  'service.name': text('Service, frontend or backend that answered, as the source names it.'),
  'source.ip': {
    type: 'address',
    doc: 'Address of the client; behind a trusted proxy the one that the proxy names.',
  } as const,
  'source.geo.country_iso_code': text('Country of the address, ISO 3166-1, two letters.'),
  'source.as.number': count('Number of the autonomous system that the address belongs to.'),
  'source.as.organization.name': text('Who runs that autonomous system.'),
  'siaga.proxy.ip': { type: 'address', doc: 'The trusted proxy that the request came through.' } as const,
  'siaga.forwarded_for': text('`X-Forwarded-For`, as the source logged it: a claim of the client.'),
  'user.name': text('The account that acted or tried to.'),
  'user.target.name': text('The account that was acted upon.'),
  'user.roles': text('Roles of the account, joined by a comma.'),
  'organization.id': text("Id of the party, as in the commission's register."),
  'siaga.party.kind': text('`national`, `aceh`, or `unknown` when the register has no such party.'),
  'http.request.method': text('Request method, as sent.'),
  'url.original': text('Request target, as sent: path, `?` and query.'),
  'url.path': text('Path of the request target.'),
  'url.query': text('Query of the request target, without the `?`.'),
  'url.domain': text('Host that was asked for.'),
  'http.request.id': text('Id that the server gave the request.'),
  'http.version': text('Protocol version, `1.1`.'),
  'http.response.status_code': count('Status of the response.'),
  'http.response.body.bytes': count('Size of the response body, bytes.'),
  'http.request.referrer': text('Referrer, as sent.'),
  'user_agent.original': text('User agent, as sent.'),
  'siaga.client.class': text('`browser`, `bot`, `tool`, `scanner` or `none`, judged by the user agent.'),
  'siaga.upstream.address': text('The upstream that answered, as the source names it.'),
  'siaga.upstream.duration': count('How long the upstream took, nanoseconds.'),
  'siaga.upstream.status_code': count('Status of the upstream.'),
  'rule.name': text('Name of the check that raised an anomaly signal.'),
  'siaga.signal.subject': text('What an anomaly signal is about, in the words of the source.'),
} as const satisfies Record<string, FieldSpec>;

export type FieldName = keyof typeof eventFields;

type ValueOf<S extends FieldSpec> = S['type'] extends 'time' | 'number' ? number : string;

/** The one record of the system. Every field is present; what the source didn't say is `null`. */
export type SiagaEvent = {
  -readonly [K in FieldName]: (typeof eventFields)[K] extends { required: true }
    ? ValueOf<(typeof eventFields)[K]>
    : ValueOf<(typeof eventFields)[K]> | null;
};

export const fieldNames = Object.keys(eventFields) as readonly FieldName[];

/** Whether `name` is a field of an event; safe for hostile names such as `__proto__`. */
export function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(eventFields, name);
}

/** `event.action` of login and account events. */
export const accountActions = [
  'user-login',
  'user-logout',
  'account-created',
  'account-activated',
  'account-locked',
  'account-disabled',
  'role-changed',
  'password-reset',
  'password-changed',
  'mfa-enrolled',
] as const;

export type AccountAction = (typeof accountActions)[number];

/** How a login attempt ended, `null` when the event is no login attempt. Blocked: refused before the password was judged. */
export type LoginResult = 'success' | 'failure' | 'blocked';

type LoginFields = Pick<SiagaEvent, 'event.action' | 'event.outcome' | 'event.type'>;

export function loginResult(event: LoginFields): LoginResult | null {
  if (event['event.action'] !== 'user-login') return null;
  if (event['event.outcome'] === 'success') return 'success';
  return event['event.type'] === 'denied' ? 'blocked' : 'failure';
}
