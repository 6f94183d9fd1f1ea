import { parseAccessHead, parseReferrerAndAgent } from './access-line.ts';
import { readTail, tailOf } from './access-tail.ts';
import { hostOf } from './address.ts';
import type { Parser } from './parser.ts';

/**
 * Common or combined with the virtual host in front, with a port or without one: Apache's `vhost_combined` (`%v:%p %h …`), and
 * nginx with `$host` or `$server_name` before `$remote_addr`.
 */
export const vhost: Parser = {
  format: 'vhost',
  parse(line, event, context) {
    const hostEnd = line.indexOf(' ');
    const host = line.slice(0, Math.max(hostEnd, 0));
    const domain = hostOf(host);
    if (domain === null && host !== '_' && host !== '-') return 'expected a host at the start';
    const head = parseAccessHead(line, event, context, hostEnd + 1);
    if (typeof head === 'string') return head;
    // Without an address a host name in front is the client's, of the common format.
    if (event['source.ip'] === null && !line.startsWith('unix:', hostEnd + 1))
      return 'expected an IP address after the host';
    event['url.domain'] = domain;
    if (head === line.length) return null;
    const end = parseReferrerAndAgent(line, head, event);
    if (end < 0) return 'expected referrer and user agent in quotes after the size';
    if (end < line.length) readTail(tailOf(line, end), event);
    return null;
  },
};
