import { emptyEvent } from '../../../shared/event/empty-event.ts';
import type { SiagaEvent } from '../../../shared/event/fields.ts';
import type { ReadLine } from './parser.ts';
import { readSyslogHead, type SyslogHead } from './syslog-head.ts';

/** Severities by number (RFC 5424, section 6.2.1). */
const severities = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const;

/**
 * Reads syslog lines, RFC 3164 and RFC 5424: the head tells who wrote when, and `inner` reads the message behind it. What `inner`
 * doesn't understand becomes an event of dataset `log` with the message. The inner event's own time, level and pid go first.
 */
export function createSyslogParser(inner: ReadLine): ReadLine {
  return (line, context) => {
    const head = readSyslogHead(line, context);
    if (typeof head === 'string') return head;
    const text = line.slice(head.end);
    const isEmpty = text.trim() === '';
    if (isEmpty && head.code === null && head.host === null) return 'expected a message';
    const event = isEmpty ? 'nothing' : inner(text, context);
    if (typeof event !== 'string') return withHead(event, head);
    if (isEmpty && !line.startsWith('1 ', line.indexOf('>') + 1))
      return 'expected a message after the process';
    return withHead(logOf(isEmpty ? null : text), head);
  };
}

function logOf(message: string | null): SiagaEvent {
  const event = emptyEvent();
  event['event.dataset'] = 'log';
  event['message'] = message;
  return event;
}

function withHead(event: SiagaEvent, head: SyslogHead): SiagaEvent {
  if (event['@timestamp'] === 0) event['@timestamp'] = head.time ?? 0;
  event['host.name'] ??= head.host;
  event['process.name'] ??= head.process;
  event['process.pid'] ??= head.pid;
  event['event.code'] ??= head.code;
  event['log.syslog.priority'] ??= head.priority;
  if (head.priority !== null) event['log.level'] ??= severities[head.priority % 8] ?? null;
  return event;
}
