import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eachLine, maxLineBytes } from '../../../server/pipeline/lines.ts';

interface Seen {
  text: string;
  offset: number;
  bytes: boolean;
  length: number;
  sha256: string | null;
}

function lines(chunk: Uint8Array): Seen[] {
  const seen: Seen[] = [];
  const count = eachLine(chunk, (text, offset, form) => void seen.push({ text, offset, ...form }));
  expect(count).toBe(seen.length);
  return seen;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('lines of a chunk', () => {
  it('are told without their ends, with the byte offset at which they start', () => {
    expect(lines(bytesOf('one\ntwo\r\nthree\n')).map(({ text, offset }) => [text, offset])).toEqual([
      ['one', 0],
      ['two', 4],
      ['three', 9],
    ]);
  });

  it('count bytes, not characters, before a line', () => {
    expect(lines(bytesOf('é€\nb\n')).map(({ text, offset }) => [text, offset])).toEqual([
      ['é€', 0],
      ['b', 6],
    ]);
  });

  it('leave out empty lines and take a last line without an end', () => {
    expect(lines(bytesOf('\n\r\na\n\nb')).map(({ text }) => text)).toEqual(['a', 'b']);
  });

  it('that are no UTF-8 come one character a byte, their neighbours as text', () => {
    const chunk = Uint8Array.from([...bytesOf('é\n'), 0x61, 0xff, 0x80, 10, ...bytesOf('€\n')]);
    expect(lines(chunk)).toEqual([
      { text: 'é', offset: 0, bytes: false, length: 2, sha256: null },
      { text: 'a\xff\x80', offset: 3, bytes: true, length: 3, sha256: null },
      { text: '€', offset: 7, bytes: false, length: 3, sha256: null },
    ]);
  });

  it(`longer than ${maxLineBytes} bytes are cut, and their whole length is told`, () => {
    const [line, next] = lines(bytesOf(`${'x'.repeat(maxLineBytes + 5)}\nnext\n`));
    expect(line?.text.length).toBe(maxLineBytes);
    expect(line?.length).toBe(maxLineBytes + 5);
    expect(line?.sha256).toBe(
      createHash('sha256')
        .update('x'.repeat(maxLineBytes + 5))
        .digest('hex'),
    );
    expect(next?.text).toBe('next');
  });

  it('that are cut in a character of UTF-8 lose the character, and stay text', () => {
    const text = `${'x'.repeat(maxLineBytes - 1)}€ and more`;
    const [line] = lines(bytesOf(text));
    expect([line?.text, line?.bytes]).toEqual(['x'.repeat(maxLineBytes - 1), false]);
  });

  it('are the same whether the chunk is read as ASCII or byte by byte', () => {
    const ascii = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\r', ' '), maxLength: 60 });
    fc.assert(
      fc.property(ascii, (text) => {
        const alone = lines(bytesOf(text));
        const behindUtf8 = lines(bytesOf(`é\n${text}`)).slice(1);
        expect(behindUtf8).toEqual(alone.map((line) => ({ ...line, offset: line.offset + 3 })));
      }),
    );
  });
});
