import { parseAccessHead, parseReferrerAndAgent } from './access-line.ts';
import { isTraefikTail, readTail, tailOf } from './access-tail.ts';
import type { Parser } from './parser.ts';

/**
 * The combined format of Apache, nginx and lighttpd: common, then referrer and user agent in quotes. What follows these is read
 * where it can't be mistaken (see `access-tail.ts`).
 */
export const combined: Parser = {
  format: 'combined',
  parse(line, event, context) {
    const head = parseAccessHead(line, event, context);
    if (typeof head === 'string') return head;
    const end = parseReferrerAndAgent(line, head, event);
    if (end < 0) return 'expected referrer and user agent in quotes after the size';
    if (end === line.length) return null;
    const tail = tailOf(line, end);
    if (isTraefikTail(tail)) return 'expected no fields of Traefik after the user agent';
    readTail(tail, event);
    return null;
  },
};
