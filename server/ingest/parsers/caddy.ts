import type { SiagaEvent } from '../../../shared/event/fields.ts';
import { hostOf, peerAddress } from './address.ts';
import { parseAnyTime } from './any-time.ts';
import { durationWithUnits, nanoseconds } from './duration.ts';
import { isObject, lookUp, numberOf, parseObject, textOf, wholeOf, type JsonObject } from './json-object.ts';
import type { Parser } from './parser.ts';
import { describeError, describeRequest, setTarget } from './request-line.ts';

/** Caddy's JSON: the access log, the errors of requests (`http.log.error`), and what the server says of itself. */
export const caddy: Parser = {
  format: 'caddy',
  parse(line, event, { zone }) {
    const object = parseObject(line);
    if (object === null) return 'expected a JSON object on one line';
    const logger = textOf(lookUp(object, 'logger'));
    const request = lookUp(object, 'request');
    if (logger === null && !isObject(request)) return 'expected logger or request';
    const time = parseAnyTime(lookUp(object, 'ts'), zone);
    if (time === null) return 'ts: expected a time';
    event['@timestamp'] = time;
    event['log.level'] = textOf(lookUp(object, 'level'));
    if (!isObject(request)) return takeMessage(object, event);
    if (textOf(lookUp(request, 'method')) === null) return 'request.method: expected a method';
    if (!takeClient(request, event)) return 'request.remote_ip: expected an IP address';
    takeRequest(request, event);
    takeAnswer(object, event);
    if (!logger?.startsWith('http.log.error')) describeRequest(event);
    else {
      event['message'] = textOf(lookUp(object, 'msg'));
      describeError(event);
    }
    return null;
  },
};

function takeMessage(object: JsonObject, event: SiagaEvent): string | null {
  const message = textOf(lookUp(object, 'msg'));
  if (message === null || event['log.level'] === null) return 'expected level and msg, or a request';
  event['message'] = message;
  event['process.name'] = 'caddy';
  event['event.kind'] = 'event';
  event['event.dataset'] = 'log';
  return null;
}

/** Behind proxies that Caddy trusts `client_ip` is the client, and the peer is a proxy. */
function takeClient(request: JsonObject, event: SiagaEvent): boolean {
  const peer = textOf(lookUp(request, 'remote_ip')) ?? textOf(lookUp(request, 'remote_addr')) ?? '';
  const peerIp = peerAddress(peer);
  const clientIp = peerAddress(textOf(lookUp(request, 'client_ip')) ?? peer);
  if (peerIp === undefined || clientIp === undefined) return false;
  event['source.ip'] = clientIp;
  if (peerIp !== clientIp) event['siaga.proxy.ip'] = peerIp;
  return true;
}

function takeRequest(request: JsonObject, event: SiagaEvent): void {
  const headers = lookUp(request, 'headers');
  const header = (name: string): string | null => {
    const values = isObject(headers) && Object.hasOwn(headers, name) ? headers[name] : null;
    return textOf(
      Array.isArray(values) ? values.filter((value) => typeof value === 'string').join(', ') : values,
    );
  };
  event['http.request.method'] = textOf(lookUp(request, 'method'));
  event['http.version'] = textOf(lookUp(request, 'proto'))?.replace(/^HTTP\//, '') ?? null;
  const target = textOf(lookUp(request, 'uri'));
  if (target !== null) setTarget(target, event);
  event['url.domain'] = hostOf(textOf(lookUp(request, 'host')) ?? '');
  event['http.request.referrer'] = header('Referer');
  event['user_agent.original'] = header('User-Agent');
  event['siaga.forwarded_for'] = header('X-Forwarded-For');
}

function takeAnswer(object: JsonObject, event: SiagaEvent): void {
  event['http.response.status_code'] = wholeOf(lookUp(object, 'status'), 999);
  event['http.response.body.bytes'] = wholeOf(lookUp(object, 'size'));
  event['user.name'] = textOf(lookUp(object, 'user_id'));
  event['http.request.id'] = textOf(lookUp(object, 'uuid')) ?? textOf(lookUp(object, 'err_id'));
  const duration = lookUp(object, 'duration');
  const seconds = numberOf(duration);
  event['event.duration'] =
    seconds === null ? durationWithUnits(textOf(duration) ?? '') : nanoseconds(seconds);
}
