import type { Zone } from '../../config/zone.ts';
import type { SiagaEvent } from '../../../shared/event/fields.ts';
import { isAddress, peerAddress } from './address.ts';
import { epochOf, monthOf } from './civil-time.ts';
import { parseIsoTime } from './iso-time.ts';
import { parseLogTime } from './log-time.ts';
import type { Parser } from './parser.ts';
import { describeError } from './request-line.ts';

/**
 * Apache's error log, of 2.4 (`[time] [module:level] [pid 1:tid 2] [client address:port] message`) and of 2.2
 * (`[time] [level] [client address] message`); the time also as access logs and ISO 8601 write it.
 */
export const apacheError: Parser = {
  format: 'apache-error',
  parse(line, event, { zone }) {
    const timeEnd = line.indexOf('] [');
    if (line.charCodeAt(0) !== 91 || timeEnd < 0) return 'expected "[time] [module:level] message"';
    const time = parseTime(line.slice(1, timeEnd), zone);
    if (time === null) return 'expected a time like [Mon Nov 23 13:52:04.123456 2026]';
    const level = levelAt(line, timeEnd + 2);
    if (level === null) return 'expected [module:level] after the time';
    event['@timestamp'] = time;
    event['log.level'] = level.name;
    return readRest(line, level.end, event);
  },
};

const ctime =
  /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))? (\d{4})$/;

function parseTime(text: string, zone: Zone): number | null {
  const found = ctime.exec(text);
  if (!found) return parseLogTime(text, zone) ?? parseIsoTime(text, zone);
  const [, month, day, hour, minute, second, fraction, year = ''] = found;
  return epochOf({ year, month: monthOf(month), day, hour, minute, second, fraction }, zone);
}

const levels = 'emerg|alert|crit|error|warn|notice|info|debug|trace[1-8]';
const levelPattern = new RegExp(`\\[(?:[\\w.-]{0,64}:)?(${levels})\\]`, 'y');

function levelAt(line: string, start: number): { name: string; end: number } | null {
  levelPattern.lastIndex = start;
  const found = levelPattern.exec(line);
  return found ? { name: found[1] ?? '', end: start + found[0].length } : null;
}

const processPattern = / \[pid (\d{1,10})(?::tid \d{1,20})?\]/y;
const clientPattern = / \[client ([^\]]{1,80})\]/y;

function readRest(line: string, start: number, event: SiagaEvent): string | null {
  processPattern.lastIndex = start;
  const pid = processPattern.exec(line);
  event['process.pid'] = pid ? Number(pid[1]) : null;
  // mod_ssl and others say what the system answered before they name the client: `(104)Connection reset by peer: `.
  const clientAt = start + (pid?.[0].length ?? 0);
  const reason = systemError(line, clientAt);
  clientPattern.lastIndex = clientAt + reason.length;
  const client = clientPattern.exec(line);
  if (client) event['source.ip'] = clientAddress(client[1] ?? '', pid !== null);
  const from = client ? clientPattern.lastIndex : clientAt;
  const message = `${client ? reason.trimStart() : ''}${client && reason !== '' ? ' ' : ''}${line.slice(from + 1)}`;
  if (message === '' || line.charCodeAt(from) !== 32) return 'expected a message';
  setMessage(message, event);
  describeError(event);
  return null;
}

const systemErrorPattern = / \(\d{1,6}\)[^[\]]{1,200}:(?= \[client )/y;

function systemError(line: string, start: number): string {
  systemErrorPattern.lastIndex = start;
  return systemErrorPattern.exec(line)?.[0] ?? '';
}

/** Apache 2.4, which names the process, writes a port behind every address, also of an IPv6 address without brackets. */
function clientAddress(text: string, hasPort: boolean): string | null {
  const port = text.lastIndexOf(':');
  const host = text.slice(0, Math.max(port, 0));
  if (hasPort && host.includes(':') && isAddress(host) && /^\d{1,5}$/.test(text.slice(port + 1)))
    return peerAddress(host) ?? null;
  return peerAddress(text) ?? null;
}

const refererKey = ', referer: ';

function setMessage(text: string, event: SiagaEvent): void {
  const referer = text.lastIndexOf(refererKey);
  event['message'] = referer < 0 ? text : text.slice(0, referer);
  event['http.request.referrer'] = referer < 0 ? null : text.slice(referer + refererKey.length);
  event['event.code'] = /^(?:\(\d{1,6}\)[^:]{1,200}: )?(AH\d{5}): /.exec(text)?.[1] ?? null;
}
