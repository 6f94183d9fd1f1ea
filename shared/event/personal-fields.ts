import type { FieldName } from './fields.ts';

/**
 * What a field is to somebody without the permission `personal:read`.
 *
 * - `plain`: shown as it is; Siaga or a grammar says it, and it names nobody.
 * - `address`, `account`: a pseudonym in its place.
 * - `subject`: a pseudonym of an address where it is one, else of an account.
 * - `word`: of the vocabulary of an application or a server; addresses and e-mails in it are replaced.
 * - `text`: what a source or a client likes to say; the event's own addresses and names, every other address and every e-mail are replaced.
 * - `line`: the raw line; only words stay that the other fields show anyway.
 * - `withheld`: not shown at all, since nobody can be sure what is in it.
 */
export type PersonalClass =
  'plain' | 'address' | 'account' | 'subject' | 'word' | 'text' | 'line' | 'withheld';

/** The one decision for each field of an event. */
export const personalFields = {
  '@timestamp': 'plain',
  'event.ingested': 'plain',
  'event.sequence': 'plain',
  'event.kind': 'plain',
  'event.dataset': 'plain',
  'event.category': 'word',
  'event.type': 'word',
  'event.action': 'word',
  'event.outcome': 'word',
  'event.reason': 'text',
  'event.risk_score': 'plain',
  'event.code': 'word',
  'event.duration': 'plain',
  // The hash of a line lets whoever guesses the line prove it.
  'event.hash': 'withheld',
  'event.original': 'line',
  // Error and system logs name accounts in words that no parser reads.
  message: 'withheld',
  'error.message': 'withheld',
  'siaga.source': 'plain',
  'siaga.history': 'plain',
  'siaga.line.bytes': 'plain',
  // Of a batch it holds the hash of its lines.
  'log.file.id': 'withheld',
  'log.offset': 'plain',
  'log.level': 'word',
  'log.syslog.priority': 'plain',
  'host.name': 'word',
  'process.name': 'word',
  'process.pid': 'plain',
  'service.name': 'word',
  'source.ip': 'address',
  'source.geo.country_iso_code': 'plain',
  'source.as.number': 'plain',
  'source.as.organization.name': 'plain',
  'siaga.proxy.ip': 'address',
  // A claim of the client: a pseudonym in its place would tell the client that of any address it likes.
  'siaga.forwarded_for': 'withheld',
  'user.name': 'account',
  'user.target.name': 'account',
  'user.roles': 'word',
  'organization.id': 'word',
  'siaga.party.kind': 'plain',
  'http.request.method': 'word',
  // As `url.path`; its query is withheld.
  'url.original': 'text',
  'url.path': 'text',
  // Forms send names, addresses and e-mails in it.
  'url.query': 'withheld',
  'url.domain': 'text',
  'http.request.id': 'text',
  'http.version': 'word',
  'http.response.status_code': 'plain',
  'http.response.body.bytes': 'plain',
  'http.request.referrer': 'text',
  'user_agent.original': 'text',
  'siaga.client.class': 'plain',
  'siaga.upstream.address': 'word',
  'siaga.upstream.duration': 'plain',
  'siaga.upstream.status_code': 'plain',
  'rule.name': 'word',
  'siaga.signal.subject': 'subject',
} as const satisfies Record<FieldName, PersonalClass>;

/** Fields of that class. */
export const fieldsOfClass = (wanted: PersonalClass): readonly FieldName[] =>
  (Object.keys(personalFields) as FieldName[]).filter((name) => personalFields[name] === wanted);

/** Stands where a value is not shown to those without `personal:read`. */
export const withheldText = '[withheld]';

/** Characters of a pseudonym after its kind: digits and small letters without `i`, `l`, `o` and `u`, which are mistaken for others. */
export const pseudonymAlphabet = '0123456789abcdefghjkmnpqrstvwxyz';
/** How many of them: 12, and so 60 bits. */
export const pseudonymLength = 12;

const form = new RegExp(`^(?:ip|acct)-[${pseudonymAlphabet}]{${pseudonymLength}}$`);

/** Whether the text has the form of a pseudonym. */
export const isPseudonym = (text: string): boolean => form.test(text);
