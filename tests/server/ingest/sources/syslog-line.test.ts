import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneLine } from '../../../../server/ingest/sources/syslog-line.ts';

const line = (message: string): string =>
  Buffer.from(oneLine(Buffer.from(message, 'latin1'))).toString('latin1');

describe('a syslog message as one line', () => {
  it.each([
    ['as it is', '<13>one', '<13>one'],
    ['without a line feed at its end', '<13>one\n', '<13>one'],
    ['without a NUL at its end', '<13>one\0', '<13>one'],
    ['without both', '<13>one\n\0', '<13>one'],
    ['with line feeds written out', '<13>one\ntwo\n\nthree\n', '<13>one#012two#012#012three'],
    ['with all other bytes', '<13>\r\t\x01\0\xff x', '<13>\r\t\x01\0\xff x'],
    ['empty', '\n', ''],
    ['empty from the start', '', ''],
  ])('%s', (_, message, expected) => {
    expect(line(message)).toBe(expected);
  });

  it('never holds a line feed, and at most four bytes for one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (message) => {
        const one = oneLine(message);
        expect(one.includes(10)).toBe(false);
        expect(one.length).toBeLessThanOrEqual(message.length * 4);
      }),
    );
  });
});
