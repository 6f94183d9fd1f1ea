import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createInflate, type Gunzip, type Inflate } from 'node:zlib';
import { fail, ok, type Result } from '../../../shared/result.ts';

/** Longest body as sent, bytes. */
export const maxBodyBytes = 8 * 1024 * 1024;
/** Longest body once inflated, bytes. */
export const maxInflatedBytes = 32 * 1024 * 1024;

export type BodyCode = 'too-large' | 'too-many' | 'bad-request' | 'unsupported';
type Body = Result<Uint8Array<ArrayBuffer>, BodyCode>;

export interface BodyHead {
  /** `Content-Encoding`, when there is one. */
  readonly encoding: string | undefined;
  /** `Content-Length`, when there is one. */
  readonly length: string | undefined;
}

/** Asks for room for so many more bytes of a body; `false` when there is none. */
export type Hold = (bytes: number) => boolean;

/** Larger pieces than usual: each is a hand-over between threads. */
const options = { chunkSize: 64 * 1024 };
const gunzip = (): Gunzip => createGunzip(options);
const inflaters: ReadonlyMap<string, () => Gunzip | Inflate> = new Map<string, () => Gunzip | Inflate>([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', () => createInflate(options)],
]);

/** Ends reading with a refusal; what was read so far is dropped. */
class Refused extends Error {
  readonly result: Extract<Body, { ok: false }>;
  constructor(result: Extract<Body, { ok: false }>) {
    super(result.message);
    this.result = result;
  }
}

const wireLimit = fail('too-large', `expected a body of at most ${maxBodyBytes} bytes`);
const noRoom = fail('too-many', 'too many bytes of requests at once');
const inflatedLimit = fail('too-large', `expected at most ${maxInflatedBytes} bytes once inflated`);

/**
 * The whole body of a request, inflated when it came with gzip or deflate (RFC 9110, 8.4.1). Inflating stops at the limit,
 * and for what is kept room is asked. A body that is cut, damaged or followed by anything is refused.
 */
export async function readBody(
  pieces: AsyncIterable<Buffer>,
  head: BodyHead,
  hold: Hold = () => true,
): Promise<Body> {
  const encoding = (head.encoding ?? 'identity').trim().toLowerCase();
  const create = inflaters.get(encoding);
  if (!create && encoding !== 'identity')
    return fail(
      'unsupported',
      `Content-Encoding: found "${encoding.slice(0, 100)}", expected gzip, deflate or none`,
    );
  if (Number(head.length ?? 0) > maxBodyBytes) return wireLimit;
  try {
    return ok(await (create ? inflate(pieces, create, hold) : gather(pieces, hold)));
  } catch (error) {
    if (error instanceof Refused) return error.result;
    return fail('bad-request', faultOf(error, encoding));
  }
}

function faultOf(error: unknown, encoding: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'Z_BUF_ERROR') return `the ${encoding} body is cut short`;
  if (code.startsWith('Z_')) return `the body is no valid ${encoding}`;
  return 'the body ended early';
}

/**
 * In two passes, so that nothing of a bomb is ever kept: the first only counts, the second fills a body of just that size. What
 * is kept meanwhile is the body as it was sent.
 */
async function inflate(
  pieces: AsyncIterable<Buffer>,
  create: () => Gunzip | Inflate,
  hold: Hold,
): Promise<Uint8Array<ArrayBuffer>> {
  const sent: Buffer[] = [];
  const size = await measure(keep(pieces, sent, hold), create());
  const more = size - sent.reduce((sum, { length }) => sum + length, 0);
  if (more > 0 && !hold(more)) throw new Refused(noRoom);
  const body = new Uint8Array(size);
  let at = 0;
  await pipeline(Readable.from(sent), create(), async (inflated: AsyncIterable<Buffer>) => {
    for await (const piece of inflated) {
      body.set(piece, at);
      at += piece.length;
    }
  });
  return body;
}

async function* keep(pieces: AsyncIterable<Buffer>, kept: Buffer[], hold: Hold): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > maxBodyBytes) throw new Refused(wireLimit);
    if (!hold(piece.length)) throw new Refused(noRoom);
    kept.push(piece);
    yield piece;
  }
}

/** Bytes of a body once inflated; counting ends at the limit. */
async function measure(sent: AsyncGenerator<Buffer>, inflater: Gunzip | Inflate): Promise<number> {
  let taken = 0;
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of sent) {
      taken += piece.length;
      yield piece;
    }
  };
  // Destroying the streams puts an error of their own in the place of ours.
  let refused: unknown = null;
  const size = await pipeline(Readable.from(counted()), inflater, async (inflated: AsyncIterable<Buffer>) => {
    let bytes = 0;
    for await (const piece of inflated) {
      bytes += piece.length;
      if (bytes > maxInflatedBytes) throw (refused = new Refused(inflatedLimit));
    }
    return bytes;
  }).catch((error: unknown) => {
    throw refused ?? error;
  });
  // What follows the last member is not read by zlib, and it doesn't complain.
  if (inflater.bytesWritten !== taken || taken === 0)
    throw new Refused(
      fail('bad-request', taken === 0 ? 'the body is empty' : 'expected nothing after the compressed body'),
    );
  return size;
}

async function gather(pieces: AsyncIterable<Buffer>, hold: Hold): Promise<Uint8Array<ArrayBuffer>> {
  const held: Buffer[] = [];
  for await (const piece of keep(pieces, held, hold)) void piece;
  const body = new Uint8Array(held.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of held) {
    body.set(piece, at);
    at += piece.length;
  }
  return body;
}
