import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLineParser } from '../../server/ingest/parsers/line-parser.ts';
import type { SiagaEvent } from '../../shared/event/fields.ts';

const folder = process.env['SIAGA_CONFORMANCE'] ?? join(import.meta.dirname, '../../../shared/conformance');

interface Row {
  test: string | null;
  raw: string;
}

interface AccessRow extends Row {
  format: string;
  ok: boolean;
  expected: Record<string, unknown> | null;
}

interface WebServerRow extends Row {
  parser: string;
  parsed: Record<string, string>;
}

function rowsOf<T extends Row>(name: string): (readonly [string, T])[] {
  const file = join(folder, name);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line, index) => {
    const row = JSON.parse(line) as T;
    return [`${index + 1} ${row.test ?? ''}: ${row.raw.slice(0, 60)}`, row] as const;
  });
}

const accessRows = rowsOf<AccessRow>('access-and-syslog-lines.jsonl');
const webServerRows = rowsOf<WebServerRow>('web-server-lines.jsonl');
const arrival = Date.UTC(2026, 11, 31);

/** Where we read a line otherwise on purpose, by the line; docs/events.md has each. */
const deviations: Record<string, 'unparsed' | 'log' | 'error'> = {
  '- - - - - - -': 'unparsed',
  '- - - [-] "-" - -': 'unparsed',
  '[2021/06/03 09:30:50] - - - -': 'unparsed',
};

/** Rows that expect the refusal of what one format isn't: here another format reads it. */
const otherFormats: Record<string, string> = {
  'nginx_log:main main_line_invalid': 'error',
  'syslog:rfc3164 <13>1 ': 'log',
  // Refused there by an option for strict host names, which we don't have.
  'syslog:rfc3164 <12>May 20': 'log',
};

function deviationOf({ format, test, raw, ok }: AccessRow): string | null {
  if (deviations[raw]) return deviations[raw];
  if (ok) return null;
  return (
    otherFormats[`${format} ${test}`] ??
    otherFormats[`${format} ${raw.slice(0, raw.startsWith('<13>') ? 6 : 10)}`] ??
    null
  );
}

type Read = (event: SiagaEvent) => unknown;

const dashless = (value: unknown): unknown => (value === '-' || value === '' ? null : value);
const nanoseconds = (seconds: number) => Math.round(seconds * 1e9);
const text =
  (field: keyof SiagaEvent): Read =>
  (event) =>
    event[field];

/** What their names mean in ours; a name that isn't here has no field of ours. */
const meanings: Record<string, Read> = {
  client: text('source.ip'),
  remote_addr: text('source.ip'),
  clientip: text('source.ip'),
  user: text('user.name'),
  remote_user: text('user.name'),
  auth: text('user.name'),
  status: text('http.response.status_code'),
  response: text('http.response.status_code'),
  size: text('http.response.body.bytes'),
  bytes: text('http.response.body.bytes'),
  body_bytes_size: text('http.response.body.bytes'),
  body_bytes_sent: text('http.response.body.bytes'),
  referer: text('http.request.referrer'),
  referrer: text('http.request.referrer'),
  http_referer: text('http.request.referrer'),
  agent: text('user_agent.original'),
  http_user_agent: text('user_agent.original'),
  http_x_forwarded_for: text('siaga.forwarded_for'),
  method: text('http.request.method'),
  verb: text('http.request.method'),
  path: text('url.path'),
  http_version: text('http.version'),
  rawrequest: text('url.original'),
  target_fqdn: text('url.domain'),
  proxy_upstream_name: text('service.name'),
  upstream_addr: text('siaga.upstream.address'),
  upstream: text('siaga.upstream.address'),
  upstream_status: text('siaga.upstream.status_code'),
  req_id: text('http.request.id'),
  pid: text('process.pid'),
  procid: text('process.pid'),
  PID: text('process.pid'),
  hostname: text('host.name'),
  Hostname: text('host.name'),
  appname: text('process.name'),
  Tag: text('process.name'),
  msgid: text('event.code'),
  PRI: text('log.syslog.priority'),
  Message: text('message'),
  request_time: text('event.duration'),
  upstream_response_time: text('siaga.upstream.duration'),
  server: text('service.name'),
};

function expectFields(event: SiagaEvent, expected: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(expected)) {
    const read = meanings[name];
    if (read === undefined) continue;
    const wanted = name.endsWith('_time') ? nanoseconds(Number(value)) : dashless(value);
    const found = read(event);
    expect([name, typeof found === 'number' ? found : (found ?? null)]).toEqual([
      name,
      typeof found === 'number' ? Number(wanted) : wanted,
    ]);
  }
}

function expectTime(event: SiagaEvent, expected: Record<string, unknown>): void {
  const { timestamp, Timestamp } = expected as { timestamp?: { $ts?: string }; Timestamp?: string };
  const stamp = timestamp?.$ts ?? Timestamp;
  // Theirs read microseconds as nanoseconds there; and without a year some say 0000.
  if (stamp === undefined || stamp.includes('.000138633') || stamp.startsWith('0000')) return;
  expect(event['@timestamp']).toBe(Date.parse(stamp.replace('CURRENT_YEAR', '2026')));
}

const facilities = ['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron'];
const severities = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'];

function priorityOf(facility: string, severity: string): number {
  const local = /^local(\d)$/.exec(facility);
  return (local ? 16 + Number(local[1]) : facilities.indexOf(facility)) * 8 + severities.indexOf(severity);
}

/** What limits say of themselves and what Apache's modules say first stays in the message. */
function expectError(event: SiagaEvent, expected: Record<string, unknown>): void {
  const { severity, message, message1, message2, request } = expected as Record<string, string | undefined>;
  expect(event['log.level']).toBe(severity);
  expect(event['message']?.startsWith(message ?? `${message1}${message2}`)).toBe(true);
  if (request !== undefined) expect(request).toContain(event['url.original']);
}

function expectSyslog(event: SiagaEvent, expected: Record<string, unknown>): void {
  const { facility, severity, message } = expected as Record<string, string | undefined>;
  if (facility !== undefined && severity !== undefined)
    expect(event['log.syslog.priority']).toBe(priorityOf(facility, severity));
  if (event['event.dataset'] === 'log') expect(event['message']).toBe(message);
}

function datasetsOf(format: string): string[] {
  if (format.endsWith(':error')) return ['error'];
  return format.startsWith('syslog') ? ['log', 'error'] : ['access'];
}

describe.skipIf(accessRows.length === 0)('access, error and syslog lines of the conformance set', () => {
  it.each(accessRows)('%s', (_title, row) => {
    const event = createLineParser('auto')(row.raw, arrival);
    const dataset = event['event.dataset'];
    const deviation = deviationOf(row);
    if (deviation !== null || !row.expected) {
      expect(dataset).toBe(deviation ?? 'unparsed');
      return;
    }
    const { format, expected } = row;
    expect(datasetsOf(format)).toContain(dataset);
    expectFields(event, expected);
    // A message inside syslog that has a time of its own keeps it.
    if (!(format === 'syslog' && dataset === 'error')) expectTime(event, expected);
    if (format.endsWith(':error')) expectError(event, expected);
    else if (format === 'syslog') expectSyslog(event, expected);
    else if (/^(?:common|apache)/.test(format)) expect(event['source.ip']).toBe(expected['host'] ?? null);
  });
});

/** The line's message without its head, so without a time. */
const headless = (raw: string) => raw.startsWith('open() ');

describe.skipIf(webServerRows.length === 0)('web server lines of the conformance set', () => {
  it.each(webServerRows)('%s', (_title, { raw, parsed, parser }) => {
    const event = createLineParser('auto')(raw, arrival);
    if (headless(raw)) {
      expect(event['event.dataset']).toBe('unparsed');
      return;
    }
    expect(parser).toMatch(/^crowdsecurity\/(?:nginx|apache2)-logs$/);
    expect(event['event.dataset']).toBe('access');
    // The name of the file gave it there, not the line.
    delete parsed['appname'];
    const numbers = new Set(['status', 'response', 'bytes', 'body_bytes_sent']);
    expectFields(
      event,
      Object.fromEntries(
        Object.entries(parsed).map(([name, value]) => [name, numbers.has(name) ? Number(value) : value]),
      ),
    );
    if (parsed['request'] !== undefined) expect(event['url.original']).toBe(parsed['request']);
    const stamp = parsed['time_local'] ?? parsed['timestamp'] ?? '';
    expect(event['@timestamp']).toBe(Date.parse(stamp.replaceAll('/', ' ').replace(':', ' ')));
  });
});
