import { parseAccessHead } from './access-line.ts';
import type { Parser } from './parser.ts';

/** The common log format (NCSA): the line ends with the size. */
export const common: Parser = {
  format: 'common',
  parse(line, event, context) {
    const head = parseAccessHead(line, event, context);
    if (typeof head === 'string') return head;
    return head === line.length ? null : 'expected nothing after the size';
  },
};
