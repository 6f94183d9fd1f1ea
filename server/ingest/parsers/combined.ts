import { parseAccessHead, quotedField } from './access-line.ts';
import type { Parser } from './parser.ts';

/**
 * The combined format of Apache and nginx: common, then referrer and user agent in quotes.
 * Fields after these (nginx's `main` adds `X-Forwarded-For`) stay in the raw line and are not read.
 */
export const combined: Parser = {
  format: 'combined',
  parse(line, event) {
    const head = parseAccessHead(line, event);
    if (typeof head === 'string') return head;
    const referrer = quotedField(line, head);
    const agent = referrer && quotedField(line, referrer.end);
    if (!agent) return 'expected referrer and user agent in quotes after the size';
    event['http.request.referrer'] = referrer.value;
    event['user_agent.original'] = agent.value;
    return null;
  },
};
