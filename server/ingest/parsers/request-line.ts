import type { SiagaEvent } from '../../../shared/event/fields.ts';

const methodPattern = /^[A-Za-z\d_-]{1,20}$/;

/** Whether it may be a method: letters, digits, `-` and `_`, so that garbage names none. */
const isMethod = (text: string): boolean => text === 'GET' || text === 'POST' || methodPattern.test(text);

/** `GET /path?query HTTP/1.1`. What is no request (a TLS hello on a plain port, say) is kept as the target it claims to be. */
export function parseRequest(request: string, event: SiagaEvent): void {
  const methodEnd = request.indexOf(' ');
  const version = request.lastIndexOf(' HTTP/');
  const method = request.slice(0, methodEnd);
  if (methodEnd < 1 || version < methodEnd || !isMethod(method)) {
    event['url.original'] = request === '' || request === '-' ? null : request;
    return;
  }
  event['http.request.method'] = method;
  event['http.version'] = request.slice(version + 6);
  setTarget(unescape(request.slice(methodEnd + 1, version)), event);
}

/** The request target, in whole and parted at the first `?`. */
export function setTarget(target: string, event: SiagaEvent): void {
  const query = target.indexOf('?');
  event['url.original'] = target;
  event['url.path'] = query < 0 ? target : target.slice(0, query);
  event['url.query'] = query < 0 ? null : target.slice(query + 1);
}

/** Undoes what servers do to quotes, backslashes and control characters; escapes of other bytes stay as written. */
export function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:x([0-7][0-9a-fA-F])|(["\\]))/g, (_whole, hex?: string, char?: string) =>
    hex === undefined ? (char ?? '') : String.fromCharCode(parseInt(hex, 16)),
  );
}

/** Says that the event is a request; of its outcome the status tells, where there is one. */
export function describeRequest(event: SiagaEvent): void {
  const status = event['http.response.status_code'];
  event['event.kind'] = 'event';
  event['event.dataset'] = 'access';
  event['event.category'] = 'web';
  event['event.type'] = 'access';
  event['event.outcome'] = status === null ? 'unknown' : status < 400 ? 'success' : 'failure';
}

/** Says that the event is a line of an error log. */
export function describeError(event: SiagaEvent): void {
  event['event.kind'] = 'event';
  event['event.dataset'] = 'error';
  event['event.category'] = 'web';
  event['event.type'] = 'error';
}
