import { isIP } from 'node:net';
import {
  accountActions,
  eventFields,
  isFieldName,
  type FieldName,
  type SiagaEvent,
} from '../../../shared/event/fields.ts';
import { ownFields } from '../../../shared/event/own-fields.ts';
import { isEventTime } from '../../../shared/event/time-range.ts';
import type { Zone } from '../../config/zone.ts';
import { parseIsoTime } from './iso-time.ts';
import type { Parser } from './parser.ts';

const maxDepth = 6;

const actions = new Set<string>(accountActions);

/**
 * One JSON object a line with ECS names, dotted (`"source.ip": …`) or nested (`"source": {"ip": …}`): login and account
 * events, anomaly signals (`event.kind: alert`), and requests. Unknown names stay in the raw line and are not read.
 */
export const ecsJson: Parser = {
  format: 'ecs-json',
  parse(line, event, { zone }) {
    if (line.charCodeAt(0) !== 123) return 'expected a JSON object';
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return 'expected a JSON object on one line';
    }
    return take(value as object, { prefix: '', depth: 0, event, zone }) ?? complete(event);
  },
};

interface Place {
  readonly prefix: string;
  readonly depth: number;
  readonly event: SiagaEvent;
  readonly zone: Zone;
}

function take(value: object, place: Place): string | null {
  const { prefix, depth } = place;
  if (depth > maxDepth) return `expected at most ${maxDepth} levels of nesting`;
  for (const [key, inner] of Object.entries(value)) {
    const name = prefix + key;
    const problem = isFieldName(name)
      ? setEcsField(place, name, inner)
      : typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? take(inner, { ...place, prefix: `${name}.`, depth: depth + 1 })
        : null;
    if (problem) return problem;
  }
  return null;
}

/** Sets a field to what a line says of it; else says what was expected. Fields that only Siaga says stay as they are. */
export function setEcsField(
  { event, zone }: { readonly event: SiagaEvent; readonly zone: Zone },
  name: FieldName,
  value: unknown,
): string | null {
  if (ownFields.has(name) || value === null) return null;
  const { type } = eventFields[name];
  if (type === 'time') return setTime(event, value, zone);
  if (type === 'number') return setNumber(event, name, value);
  const text = asText(name, value);
  if (text === null) return `${name}: expected text`;
  if (type === 'address' && isIP(text) === 0) return `${name}: expected an IP address`;
  (event as Record<FieldName, unknown>)[name] = text;
  return null;
}

const hasOffset = /(?:Z|[+-]\d{2}:?\d{2})$/i;

function setTime(event: SiagaEvent, value: unknown, zone: Zone): string | null {
  const text = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value) ? value : '';
  const time = parseIsoTime(text, zone) ?? (hasOffset.test(text) ? Date.parse(text) : Number.NaN);
  if (!isEventTime(time))
    return '@timestamp: expected a time like 2026-11-23T06:52:04.000Z, from 1970 to 2199';
  event['@timestamp'] = Math.trunc(time);
  return null;
}

function setNumber(event: SiagaEvent, name: FieldName, value: unknown): string | null {
  const limit =
    name === 'event.risk_score' ? 100 : name === 'http.response.status_code' ? 999 : Number.MAX_SAFE_INTEGER;
  if (typeof value !== 'number' || !(value >= 0 && value <= limit))
    return `${name}: expected a number from 0 to ${limit}`;
  (event as Record<FieldName, unknown>)[name] = name === 'event.risk_score' ? value : Math.trunc(value);
  return null;
}

/** ECS lets some fields be lists: `denied` decides an `event.type`, roles are joined, of others the first counts. */
function asText(name: FieldName, value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) return null;
  if (name === 'user.roles') return value.join(',');
  if (name === 'event.type' && value.includes('denied')) return 'denied';
  return value[0] ?? '';
}

function complete(event: SiagaEvent): string | null {
  if (event['@timestamp'] === 0) return '@timestamp: expected a time like 2026-11-23T06:52:04.000Z';
  return completeEcs(event, null);
}

/** Gives the event its dataset, by its fields; one that they don't tell gets `other`, or is refused when there is none. */
export function completeEcs(event: SiagaEvent, other: 'log' | null): string | null {
  const outcome = event['event.outcome'];
  if (outcome === 'blocked' || outcome === 'denied') {
    event['event.outcome'] = 'failure';
    event['event.type'] = 'denied';
  }
  splitTarget(event);
  const dataset = datasetOf(event) ?? other;
  if (dataset === null) return 'expected a login or account event, a signal (event.kind: alert) or a request';
  event['event.dataset'] = dataset;
  if (dataset !== 'signal') event['event.kind'] = 'event';
  else if (event['event.risk_score'] === null)
    return 'event.risk_score: expected a number from 0 to 100 for a signal';
  return null;
}

function datasetOf(event: SiagaEvent): 'signal' | 'account' | 'access' | null {
  if (event['event.kind'] === 'alert') return 'signal';
  const category = event['event.category'];
  if (actions.has(event['event.action'] ?? '') || category === 'authentication' || category === 'iam')
    return 'account';
  return event['http.request.method'] !== null || event['url.original'] !== null ? 'access' : null;
}

function splitTarget(event: SiagaEvent): void {
  const target = event['url.original'];
  if (target === null || event['url.path'] !== null) return;
  const query = target.indexOf('?');
  event['url.path'] = query < 0 ? target : target.slice(0, query);
  event['url.query'] = query < 0 ? null : target.slice(query + 1);
}
