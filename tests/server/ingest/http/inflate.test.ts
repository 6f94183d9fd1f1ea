import { deflateRawSync, deflateSync, gzipSync, brotliCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxBodyBytes, maxInflatedBytes, readBody } from '../../../../server/ingest/http/inflate.ts';

async function* cut(bytes: Uint8Array, at: readonly number[] = []): AsyncGenerator<Buffer> {
  const places = [
    0,
    ...at.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b),
    bytes.length,
  ];
  for (let index = 1; index < places.length; index += 1) {
    yield Buffer.from(bytes.subarray(places[index - 1], places[index]));
    await Promise.resolve();
  }
}

const read = (bytes: Uint8Array, encoding?: string, at?: readonly number[]) =>
  readBody(cut(bytes, at), { encoding, length: undefined });

const codeOf = async (bytes: Uint8Array, encoding?: string, at?: readonly number[]) => {
  const result = await read(bytes, encoding, at);
  return result.ok ? 'ok' : result.code;
};

const text = Buffer.from('satu\ndua\n'.repeat(500));
const gzipped = gzipSync(text);

describe('a compressed body', () => {
  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['identity', (bytes: Buffer) => bytes],
  ] as const)('is the same as the plain one, however %s was cut on its way', async (encoding, compress) => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 3_000 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        async (bytes, at) => {
          const result = await read(compress(Buffer.from(bytes)), encoding, at);
          expect(result.ok && Buffer.compare(Buffer.from(result.value), Buffer.from(bytes))).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('may have several members, which are one body (RFC 1952, 2.2)', async () => {
    const two = Buffer.concat([gzipSync('satu\n'), gzipSync('dua\n')]);
    for (let at = 0; at <= two.length; at += 1) {
      const result = await read(two, 'gzip', [at]);
      expect(result.ok && Buffer.from(result.value).toString()).toBe('satu\ndua\n');
    }
  });

  it('is refused when it is cut, wherever', async () => {
    for (let length = 0; length < gzipped.length; length += 1)
      expect(await codeOf(gzipped.subarray(0, length), 'gzip')).toBe('bad-request');
  });

  it('is refused when any byte of its check or length is another', async () => {
    for (let at = gzipped.length - 8; at < gzipped.length; at += 1) {
      const damaged = Buffer.from(gzipped);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      expect(await codeOf(damaged, 'gzip')).toBe('bad-request');
    }
  });

  it.each([
    ['text', Buffer.from('tail')],
    ['zeros', Buffer.alloc(20)],
    ['one zero', Buffer.alloc(1)],
    ['the head of another member', gzipped.subarray(0, 12)],
  ])('is refused when %s follows it, wherever it is cut', async (_what, tail) => {
    const whole = Buffer.concat([gzipped, tail]);
    for (let at = gzipped.length - 9; at <= whole.length; at += 1)
      expect(await codeOf(whole, 'gzip', [at])).toBe('bad-request');
    expect(await codeOf(Buffer.concat([deflateSync(text), tail]), 'deflate')).toBe('bad-request');
  });

  it.each([
    ['no gzip', Buffer.from('plain text'), 'gzip', 'bad-request'],
    ['nothing at all', Buffer.alloc(0), 'gzip', 'bad-request'],
    ['deflate without its head', deflateRawSync(text), 'deflate', 'bad-request'],
    ['brotli', brotliCompressSync(text), 'br', 'unsupported'],
    ['zstd', text, 'zstd', 'unsupported'],
    ['gzip twice', gzipSync(gzipped), 'gzip, gzip', 'unsupported'],
    ['an encoding named like a property', text, '__proto__', 'unsupported'],
  ])('is refused when it is %s', async (_what, bytes, encoding, code) => {
    expect(await codeOf(bytes, encoding)).toBe(code);
  });
});

describe('the limits of a body', () => {
  it('are met exactly', async () => {
    expect(await codeOf(Buffer.alloc(maxBodyBytes))).toBe('ok');
    expect(await codeOf(Buffer.alloc(maxBodyBytes + 1))).toBe('too-large');
    expect(await codeOf(gzipSync(Buffer.alloc(maxInflatedBytes)), 'gzip')).toBe('ok');
    expect(await codeOf(gzipSync(Buffer.alloc(maxInflatedBytes + 1)), 'gzip')).toBe('too-large');
  });

  it('stop a bomb at once: of many members no more is asked for', async () => {
    const member = gzipSync(Buffer.alloc(16 * 1024 * 1024));
    let asked = 0;
    const endless = async function* (): AsyncGenerator<Buffer> {
      for (; asked < 400; asked += 1) {
        yield member;
        await Promise.resolve();
      }
    };
    const result = await readBody(endless(), { encoding: 'gzip', length: undefined });
    expect(result.ok ? 'ok' : result.code).toBe('too-large');
    expect(asked).toBeLessThan(40);
  });

  it('hold for what was sent, too', async () => {
    const member = gzipSync('');
    const members = Buffer.concat(
      Array.from({ length: Math.ceil(maxBodyBytes / member.length) + 1 }, () => member),
    );
    expect(await codeOf(members, 'gzip', [1_000_000, 5_000_000])).toBe('too-large');
    expect(
      await readBody(cut(text), { encoding: undefined, length: String(maxBodyBytes + 1) }),
    ).toMatchObject({
      code: 'too-large',
    });
  });
});

describe('a body whose sender goes away', () => {
  it('is refused', async () => {
    const dying = async function* (): AsyncGenerator<Buffer> {
      yield gzipped.subarray(0, 20);
      await Promise.resolve();
      throw new Error('aborted');
    };
    for (const encoding of ['gzip', undefined])
      expect(await readBody(dying(), { encoding, length: undefined })).toMatchObject({ code: 'bad-request' });
  });
});
