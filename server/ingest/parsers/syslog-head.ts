import type { Zone } from '../../config/zone.ts';
import { epochOf, monthOf } from './civil-time.ts';
import { parseIsoTime } from './iso-time.ts';
import type { ParseContext } from './parser.ts';

/** What stands before a syslog message; `null` what the sender didn't say. `time` is epoch ms. */
export interface SyslogHead {
  readonly priority: number | null;
  readonly time: number | null;
  readonly host: string | null;
  readonly process: string | null;
  readonly pid: number | null;
  readonly code: string | null;
  /** Index at which the message starts. */
  readonly end: number;
}

const priorityPattern = /^<(\d{1,3})>/;
const versionPattern = /1 /y;

/** Reads the head of a syslog line by RFC 5424 or, as senders really write it, RFC 3164; or says why it is none. */
export function readSyslogHead(line: string, context: ParseContext): SyslogHead | string {
  const found = priorityPattern.exec(line);
  const priority = found ? Number(found[1]) : null;
  if (priority !== null && priority > 191) return 'expected a priority from 0 to 191';
  const start = found?.[0].length ?? 0;
  versionPattern.lastIndex = start;
  if (priority !== null && versionPattern.test(line))
    return readNewHead(line, start + 2, priority, context.zone);
  return readOldHead(line, start, priority, context);
}

/** `time host process pid code structured-data message`, each of them `-` when it isn't there. */
function readNewHead(line: string, start: number, priority: number, zone: Zone): SyslogHead | string {
  const words: string[] = [];
  let at = start;
  for (let index = 0; index < 5; index += 1) {
    const end = line.indexOf(' ', at);
    if (end < 0) return 'expected time, host, process, pid and message id after the version';
    words.push(line.slice(at, end));
    at = end + 1;
  }
  const [stamp = '', host, process, pid, code] = words;
  const time = stamp === '-' ? null : parseIsoTime(stamp, zone);
  if (time === null && stamp !== '-') return 'expected a time like 2026-11-23T13:52:04.123+07:00';
  const dataEnd = structuredDataEnd(line, at);
  if (dataEnd < 0) return 'expected - or structured data in brackets after the message id';
  // A byte order mark says that the message is UTF-8.
  const bom = /^ *(?:\uFEFF|\u00EF\u00BB\u00BF)?/.exec(line.slice(dataEnd, dataEnd + 8))?.[0].length ?? 0;
  return {
    priority,
    time,
    host: said(host),
    process: said(process),
    pid: pidOf(pid),
    code: said(code),
    end: dataEnd + bom,
  };
}

const said = (word: string | undefined): string | null =>
  word === undefined || word === '-' || word === '' ? null : word;

function pidOf(word: string | undefined): number | null {
  return word !== undefined && /^\d{1,10}$/.test(word) ? Number(word) : null;
}

/** Where `-` or `[id name="value"][…]` ends, with its space; -1 when it doesn't. `\"`, `\\` and `\]` belong to a value. */
function structuredDataEnd(line: string, start: number): number {
  if (line.charAt(start) === '-') return isEnd(line, start + 1) ? start + 1 : -1;
  let at = start;
  while (at >= 0 && line.charAt(at) === '[') at = elementEnd(line, at + 1);
  return at > start && isEnd(line, at) ? at : -1;
}

function elementEnd(line: string, start: number): number {
  let isValue = false;
  for (let at = start; at < line.length; at += 1) {
    const char = line.charAt(at);
    if (char === '\\' && isValue) at += 1;
    else if (char === '"') isValue = !isValue;
    else if (char === ']' && !isValue) return at + 1;
  }
  return -1;
}

const isEnd = (line: string, at: number): boolean => at === line.length || line.charAt(at) === ' ';

/** `[*.]Nov 23 13:52:04` with a year before or behind the time, milliseconds, and a colon, as network devices write it. */
const oldTime =
  /[*.]?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (?:(\d{4}) )?(\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?(?: (\d{4})(?= ))?(?: (?:UTC|GMT|Z)(?= |:))?:? /y;
const newTime = /(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?) /y;

function readOldHead(
  line: string,
  start: number,
  priority: number | null,
  context: ParseContext,
): SyslogHead | string {
  const time = readOldTime(line, start, context);
  if (time === null) return 'expected "<priority>time host process[pid]: message"';
  const tagged = readTag(line, time.end);
  const hostEnd = line.indexOf(' ', time.end);
  if (tagged !== null) return { priority, time: time.epoch, host: null, ...tagged };
  if (hostEnd < 0) return 'expected a message after the host';
  const host = line.slice(time.end, hostEnd);
  const from = afterSpaces(line, hostEnd);
  const rest = readTag(line, from) ?? readBareTag(line, from);
  if (typeof rest === 'string') return rest;
  return { priority, time: time.epoch, host: said(host), ...rest };
}

function readOldTime(
  line: string,
  start: number,
  context: ParseContext,
): { epoch: number; end: number } | null {
  newTime.lastIndex = start;
  const iso = newTime.exec(line);
  if (iso) {
    const epoch = parseIsoTime(iso[1] ?? '', context.zone);
    return epoch === null ? null : { epoch, end: newTime.lastIndex };
  }
  oldTime.lastIndex = start;
  const found = oldTime.exec(line);
  if (!found) return null;
  const end = oldTime.lastIndex;
  const epoch = epochOfOldTime(found, context);
  return epoch === null ? null : { epoch, end };
}

/** Lines of one second arrive together, so the last answer is most often the next one. */
let last = {
  text: '',
  receivedAt: 0,
  zone: null as ParseContext['zone'] | null,
  epoch: null as number | null,
};

function epochOfOldTime(found: RegExpExecArray, context: ParseContext): number | null {
  const { receivedAt, zone } = context;
  const [text] = found;
  if (text !== last.text || receivedAt !== last.receivedAt || zone !== last.zone)
    last = { text, receivedAt, zone, epoch: readFound(found, context) };
  return last.epoch;
}

function readFound(found: RegExpExecArray, context: ParseContext): number | null {
  const [text, month, day, before, hour, minute, second, fraction, behind] = found;
  const offset = / (?:UTC|GMT|Z):? $/.test(text) ? 'Z' : undefined;
  const time = { month: monthOf(month), day, hour, minute, second, fraction, offset };
  const year = before ?? behind;
  return year === undefined ? nearestPast(time, context) : epochOf({ ...time, year }, context.zone);
}

/** How far a time without a year may lie after its arrival, for clocks that are ahead. */
export const yearlessAheadMs = 86_400_000;

/** The last year in which the time isn't more than a day after the arrival; 0 where nobody knows when it arrived. */
function nearestPast(
  time: Omit<Parameters<typeof epochOf>[0], 'year'>,
  { receivedAt, zone }: ParseContext,
): number | null {
  const isLeapSafe = epochOf({ ...time, year: 2024 }, zone) !== null;
  if (receivedAt === 0 || !isLeapSafe) return isLeapSafe ? 0 : null;
  const latest = new Date(receivedAt + yearlessAheadMs).getUTCFullYear() + 1;
  for (let year = latest; year > latest - 10; year -= 1) {
    const epoch = epochOf({ ...time, year }, zone);
    if (epoch !== null && epoch <= receivedAt + yearlessAheadMs) return epoch;
  }
  return null;
}

type Tag = Pick<SyslogHead, 'process' | 'pid' | 'code' | 'end'>;

const tagPattern = /([^\s:[\]]{1,128})(?:\[([^\s[\]]{1,64})\])?:(?: |$)/y;

/** `process[pid]: ` or `process: `; what begins with a `%` is the message id of a network device. */
function readTag(line: string, start: number): Tag | null {
  tagPattern.lastIndex = start;
  const found = tagPattern.exec(line);
  if (!found) return null;
  const [, name = '', pid] = found;
  const end = afterSpaces(line, tagPattern.lastIndex);
  return name.startsWith('%')
    ? { process: null, pid: null, code: name.slice(1), end }
    : { process: name, pid: pidOf(pid), code: null, end };
}

const bareTagPattern = /([A-Za-z][\w./-]{0,127}) (?=\S)/y;

/** A tag without its colon, `apache_error [Mon …`, or none at all. */
function readBareTag(line: string, start: number): Tag | string {
  bareTagPattern.lastIndex = start;
  const found = bareTagPattern.exec(line);
  if (found && line.charAt(start + found[0].length) === '[')
    return { process: found[1] ?? null, pid: null, code: null, end: start + found[0].length };
  if (!line.includes(' ', start)) return 'expected a message after the process';
  return { process: null, pid: null, code: null, end: start };
}

function afterSpaces(line: string, start: number): number {
  let at = start;
  while (line.charCodeAt(at) === 32) at += 1;
  return at;
}
