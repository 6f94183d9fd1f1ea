import type { SiagaEvent } from '../../../shared/event/fields.ts';
import { parseAccessHead, parseReferrerAndAgent } from './access-line.ts';
import { isTraefikTail, tailOf } from './access-tail.ts';
import { hostOf, isForwardedFor, peerAddress } from './address.ts';
import { parseAnyTime } from './any-time.ts';
import { durationWithUnits } from './duration.ts';
import { isObject, lookUp, parseObject, textOf, wholeOf, type JsonObject } from './json-object.ts';
import type { Parse, Parser } from './parser.ts';
import { describeRequest, setTarget } from './request-line.ts';

/** Traefik's access log: its common log format, combined with `count "router" "server" 12ms` behind it, and its JSON. */
export const traefik: Parser = {
  format: 'traefik',
  parse: (line, event, context) =>
    line.startsWith('{') ? parseJson(line, event, context) : parseText(line, event, context),
};

const parseText: Parse = (line, event, context) => {
  const head = parseAccessHead(line, event, context);
  if (typeof head === 'string') return head;
  const end = parseReferrerAndAgent(line, head, event);
  const tail = end < 0 ? [] : tailOf(line, end);
  if (!isTraefikTail(tail)) return 'expected "count "router" "server" 12ms" after the user agent';
  const [, router, server, duration] = tail.map(({ value }) => textOf(value));
  event['service.name'] = router ?? null;
  event['siaga.upstream.address'] = server ?? null;
  event['event.duration'] = durationWithUnits(duration ?? '');
  return null;
};

const parseJson: Parse = (line, event, { zone }) => {
  const object = parseObject(line);
  if (object === null) return 'expected a JSON object on one line';
  const text = (key: string): string | null => (Object.hasOwn(object, key) ? textOf(object[key]) : null);
  if (text('RequestMethod') === null || text('RequestPath') === null)
    return 'expected RequestMethod and RequestPath';
  const time = parseAnyTime(text('StartUTC') ?? text('StartLocal') ?? text('time'), zone);
  if (time === null) return 'expected a time, as in StartUTC';
  event['@timestamp'] = time;
  takeRequest(text, event);
  takeAnswer(object, event);
  if (!takeClient(text, event)) return 'ClientAddr: expected an IP address';
  describeRequest(event);
  return null;
};

type TextOf = (key: string) => string | null;

function takeRequest(text: TextOf, event: SiagaEvent): void {
  event['http.request.method'] = text('RequestMethod');
  event['http.version'] = text('RequestProtocol')?.replace(/^HTTP\//, '') ?? null;
  setTarget(text('RequestPath') ?? '', event);
  event['http.request.referrer'] = text('request_Referer');
  event['user_agent.original'] = text('request_User-Agent');
  event['user.name'] = text('ClientUsername');
  event['http.request.id'] = text('request_X-Request-Id');
  event['url.domain'] = hostOf(text('RequestHost') ?? text('RequestAddr') ?? '');
}

/** `ClientHost` is the peer, or the `X-Forwarded-For` that Traefik was told to trust. */
function takeClient(text: TextOf, event: SiagaEvent): boolean {
  const host = text('ClientHost');
  const address = peerAddress(text('ClientAddr') ?? host ?? '');
  if (address === undefined) return false;
  event['source.ip'] = address;
  const forwarded = text('request_X-Forwarded-For') ?? (host === address ? null : host);
  if (forwarded !== null && isForwardedFor(forwarded)) event['siaga.forwarded_for'] = forwarded;
  return true;
}

function takeAnswer(object: JsonObject, event: SiagaEvent): void {
  const number = (key: string, most?: number): number | null =>
    Object.hasOwn(object, key) ? wholeOf(object[key], most) : null;
  event['http.response.status_code'] = number('DownstreamStatus', 999) ?? number('OriginStatus', 999);
  event['http.response.body.bytes'] = number('DownstreamContentSize') ?? number('OriginContentSize');
  event['event.duration'] = number('Duration');
  event['siaga.upstream.duration'] = number('OriginDuration');
  event['siaga.upstream.status_code'] = number('OriginStatus', 999);
  event['service.name'] = textOf(lookUp(object, 'ServiceName')) ?? textOf(lookUp(object, 'RouterName'));
  const url = lookUp(object, 'ServiceURL');
  event['siaga.upstream.address'] =
    textOf(lookUp(object, 'ServiceAddr')) ?? textOf(isObject(url) ? lookUp(url, 'Host') : url);
}
