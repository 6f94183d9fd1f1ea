import { describe, expect, it, test } from 'vitest';
import { createLog, logLevels, safeJson, visible, type LogLevel } from '../../server/log.ts';
import { hostileTexts } from '../fixtures/hostile-corpus.ts';

/** What is written at that level when one line of each level is told. */
function writtenAt(level: LogLevel): string[] {
  const lines: string[] = [];
  const log = createLog({ write: (line) => void lines.push(line), now: () => 0, level });
  for (const each of logLevels) log({ level: each, event: `${each}:told` });
  return lines.map((line) => (JSON.parse(line) as { event: string }).event);
}

/** Characters that act on a terminal, end a line, turn the direction of text or hide. */
const acting = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe('our own log', () => {
  test.each([
    ['error', ['error:told']],
    ['warn', ['error:told', 'warn:told']],
    ['info', ['error:told', 'warn:told', 'info:told']],
    ['debug', ['error:told', 'warn:told', 'info:told', 'debug:told']],
  ] as const)('at level %s tells what is at least as urgent', (level, events) => {
    expect(writtenAt(level)).toEqual(events);
  });

  it.each(hostileTexts)(
    'is one line of JSON with nothing in it that acts or hides, whatever it tells: $name',
    ({ text }) => {
      const lines: string[] = [];
      const log = createLog({ write: (line) => void lines.push(line), now: () => 0, level: 'info' });
      log({ level: 'info', event: 'session:refused', user: text, address: text, detail: text });
      const [line = ''] = lines;
      expect(line.endsWith('\n')).toBe(true);
      expect(line.slice(0, -1)).not.toMatch(acting);
      // What is escaped comes back: a reader of JSON sees what was there, bit for bit.
      expect(JSON.parse(line)).toEqual({
        at: '1970-01-01T00:00:00.000Z',
        level: 'info',
        event: 'session:refused',
        user: text,
        address: text,
        detail: text,
      });
    },
  );
});

describe('every character that acts or hides', () => {
  const all = Array.from({ length: 0x11_0000 }, (_value, code) => code)
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .map((code) => String.fromCodePoint(code))
    .filter((char) => acting.test(char));

  it('is written out in a text, and escaped in JSON that reads back the same', () => {
    expect(all.length).toBeGreaterThan(200);
    const text = all.join('x');
    expect(visible(text)).not.toMatch(acting);
    expect(visible('a\u202eb\u{e0061}')).toBe(String.raw`a\u{202e}b\u{e0061}`);
    expect(safeJson(text)).not.toMatch(acting);
    expect(JSON.parse(safeJson(text))).toBe(text);
  });
});
