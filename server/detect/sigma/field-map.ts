import { isFieldName, type FieldName } from '../../../shared/event/fields.ts';

/**
 * Sigma's taxonomy of web server and proxy logs, and where an event has it.
 * Published rules put paths into `cs-uri-query`, so all names of the request's target mean the whole of it.
 */
const webserverFields: Readonly<Record<string, FieldName>> = {
  'c-ip': 'source.ip',
  'c-uri': 'url.original',
  'c-uri-query': 'url.original',
  'c-useragent': 'user_agent.original',
  'cs-host': 'url.domain',
  'cs-method': 'http.request.method',
  'cs-referer': 'http.request.referrer',
  'cs-referrer': 'http.request.referrer',
  'cs-uri': 'url.original',
  'cs-uri-query': 'url.original',
  'cs-uri-stem': 'url.path',
  'cs-user-agent': 'user_agent.original',
  'cs-username': 'user.name',
  'cs-version': 'http.version',
  'sc-bytes': 'http.response.body.bytes',
  'sc-status': 'http.response.status_code',
};

/** Where an event has a rule's field; `null` when nothing feeds it. */
export type FieldMap = (name: string) => FieldName | null;

/** The fields of Siaga's events under their own names, and Sigma's names of web server fields. */
export const siagaFields: FieldMap = (name) => {
  if (isFieldName(name)) return name;
  return Object.hasOwn(webserverFields, name) ? (webserverFields[name] ?? null) : null;
};
