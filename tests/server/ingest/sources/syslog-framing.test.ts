import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createFrameDecoder,
  sampleBytes,
  type FrameFault,
} from '../../../../server/ingest/sources/syslog-framing.ts';

interface Read {
  readonly messages: string[];
  readonly fault: FrameFault['reason'] | null;
}

const limit = 64;
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** Decodes pieces of a stream that its sender ends in order. */
function decode(pieces: readonly Uint8Array[], maxFrameBytes = limit): Read {
  const messages: string[] = [];
  const decoder = createFrameDecoder(maxFrameBytes, (message) => void messages.push(text(message)));
  for (const piece of pieces) {
    const fault = decoder.push(piece);
    if (fault) return { messages, fault: fault.reason };
  }
  return { messages, fault: decoder.end()?.reason ?? null };
}

const bytesOf = (stream: string): Buffer => Buffer.from(stream, 'latin1');
const counted = (message: string): string => `${Buffer.byteLength(message, 'latin1')} ${message}`;

const cases: readonly [title: string, stream: string, messages: string[], fault?: FrameFault['reason']][] = [
  ['lines', '<13>one\n<13>two\n', ['<13>one', '<13>two']],
  ['lines that end with CR LF, of which the CR stays', '<13>one\r\n<13>two\r\n', ['<13>one\r', '<13>two\r']],
  ['lines that end with NUL', '<13>one\0<13>two\0', ['<13>one', '<13>two']],
  ['empty lines, which are none', '\n\0<13>one\n\n\n<13>two\n\0', ['<13>one', '<13>two']],
  ['a last line without an end', '<13>one\n<13>two', ['<13>one', '<13>two']],
  ['counted frames', '7 <13>one7 <13>two', ['<13>one', '<13>two']],
  ['a line feed within a counted frame', '11 <13>one\ntwo7 <13>two', ['<13>one\ntwo', '<13>two']],
  ['a NUL within a counted frame', '8 <13>o\0ne', ['<13>o\0ne']],
  [
    'line ends behind counted frames, which belong to none',
    '7 <13>one\n7 <13>two\r\n\n\0\n1 x',
    ['<13>one', '<13>two', 'x'],
  ],
  ['a count in a line, which is a line', '<13>one\n7 <13>two\n', ['<13>one', '7 <13>two']],
  ['an access line without a head', '192.0.2.1 - - x\n', ['192.0.2.1 - - x']],
  ['digits and no more', '12', ['12']],
  ['a line of digits', '12\n34\n', ['12', '34']],
  ['a line that begins with 0', '0 one\n', ['0 one']],
  ['more digits than a count has', '12345678 x\n', ['12345678 x']],
  ['nothing', '', []],
  ['line ends only', '\n\n\0', []],
  ['a frame of the longest length', counted('x'.repeat(limit)), ['x'.repeat(limit)]],
  ['a frame that is longer', `3 one${counted('x'.repeat(limit + 1))}`, ['one'], 'frame-too-long'],
  ['a line of the longest length', `<1>\n${'x'.repeat(limit)}\n`, ['<1>', 'x'.repeat(limit)]],
  ['a line that is longer', `<1>\n${'x'.repeat(limit + 1)}\n`, ['<1>'], 'frame-too-long'],
  ['a line that never ends', `<1>\n${'x'.repeat(limit * 3)}`, ['<1>'], 'frame-too-long'],
  ['a count that is none', '3 onetwo', ['one'], 'bad-frame-length'],
  ['a count of 0', '3 one0 ', ['one'], 'bad-frame-length'],
  ['a count with a zero before it', '3 one03 two', ['one'], 'bad-frame-length'],
  ['a negative count', '3 one-3 two', ['one'], 'bad-frame-length'],
  ['a space where a count should be', '3 one two', ['one'], 'bad-frame-length'],
  ['a count of too many digits', '3 one00000001 x', ['one'], 'bad-frame-length'],
  ['a count that no memory holds', '3 one9999999 x', ['one'], 'frame-too-long'],
  ['a counted frame that misses bytes', '3 one5 two', ['one'], 'frame-cut-short'],
  ['a count without its frame', '3 one5 ', ['one'], 'frame-cut-short'],
  ['a count that is not whole', '3 one5', ['one'], 'frame-cut-short'],
  ['bytes of all kinds', '\xff\xfe<13>\x01\x80\n', ['\xff\xfe<13>\x01\x80']],
];

describe('frames of a syslog stream', () => {
  it.each(cases)('%s', (_, stream, messages, fault) => {
    expect(decode([bytesOf(stream)])).toEqual({ messages, fault: fault ?? null });
  });

  it.each(cases)('are the same wherever the stream is split: %s', (_, stream, messages, fault) => {
    const bytes = bytesOf(stream);
    const expected = { messages, fault: fault ?? null };
    for (let at = 0; at <= bytes.length; at += 1)
      expect(decode([bytes.subarray(0, at), bytes.subarray(at)]), `split at ${at}`).toEqual(expected);
    expect(decode([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
  });
});

const byteString = (options: { minLength?: number; maxLength: number }) =>
  fc.uint8Array(options).map((bytes) => text(bytes));

/** Cuts bytes at the given places, which may be any numbers. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

const places = fc.array(fc.nat(), { maxLength: 12 });

describe('property: frames of a syslog stream', () => {
  it('are the same however any bytes at all come in', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), places, (bytes, at) => {
        expect(decode(cut(bytes, at))).toEqual(decode([bytes]));
      }),
    );
  });

  it('are the same however a stream with counts and line ends comes in', () => {
    const alphabet = fc.constantFrom('1', '2', '10', '0', ' ', '\n', '\0', '\r', '<13>', 'x', '70 ');
    const stream = fc.array(alphabet, { maxLength: 60 }).map((parts) => bytesOf(parts.join('')));
    fc.assert(
      fc.property(stream, places, (bytes, at) => {
        expect(decode(cut(bytes, at))).toEqual(decode([bytes]));
      }),
    );
  });

  it('are, when counted, what was sent, whatever is in it', () => {
    const messages = fc.array(byteString({ minLength: 1, maxLength: limit }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(messages, places, (sent, at) => {
        const pieces = cut(bytesOf(sent.map(counted).join('')), at);
        expect(decode(pieces)).toEqual({ messages: sent, fault: null });
      }),
    );
  });

  it('are, as lines, what was sent, whatever else is in it', () => {
    const line = byteString({ maxLength: limit - 4 }).map((some) => `<13>${some.replaceAll(/[\n\0]/g, '.')}`);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 9 }), places, (sent, at) => {
        const pieces = cut(bytesOf(sent.map((each) => `${each}\n`).join('')), at);
        expect(decode(pieces)).toEqual({ messages: sent, fault: null });
      }),
    );
  });

  it('hold never more than one frame in memory', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), places, (bytes, at) => {
        const lengths: number[] = [];
        const decoder = createFrameDecoder(limit, ({ length }) => void lengths.push(length));
        for (const piece of cut(bytes, at)) {
          decoder.push(piece);
          lengths.push(decoder.begun()?.length ?? 0);
        }
        expect(Math.max(0, ...lengths)).toBeLessThanOrEqual(limit);
      }),
    );
  });
});

describe('a frame that has begun', () => {
  const begunAfter = (stream: string): string | null => {
    const decoder = createFrameDecoder(1_000, () => undefined);
    decoder.push(bytesOf(stream));
    const begun = decoder.begun();
    return begun && text(begun);
  };
  it.each([
    ['nothing', '', null],
    ['a line', '<13>one\n<13>tw', '<13>tw'],
    ['between lines', '<13>one\n', null],
    ['a count', '3 one1', '1'],
    ['a count and its space', '3 one1 ', ''],
    ['part of a counted frame', '3 one5 tw', 'tw'],
    ['between counted frames', '3 one', null],
    ['the first digits of a connection', '12', '12'],
  ])('is known by its beginning: %s', (_, stream, begun) => {
    expect(begunAfter(stream)).toBe(begun);
  });

  it('is shown shortened', () => {
    expect(begunAfter(`<13>${'x'.repeat(900)}`)).toHaveLength(sampleBytes);
  });

  it('is over after a fault, and nothing more is taken', () => {
    const messages: string[] = [];
    const decoder = createFrameDecoder(limit, (message) => void messages.push(text(message)));
    expect(decoder.push(bytesOf('3 onenonsense'))?.reason).toBe('bad-frame-length');
    expect(decoder.push(bytesOf('3 two'))).toBeNull();
    expect(decoder.begun()).toBeNull();
    expect(decoder.end()).toBeNull();
    expect(messages).toEqual(['one']);
  });
});
