import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { hasBearerToken } from '../../auth/bearer-token.ts';
import type { Chunk, ChunkReceipt, HandOver, Source } from '../source.ts';
import { createBatchDesk, type BatchDeskParts } from './batch-desk.ts';

/** Longest body, bytes. */
export const maxBodyBytes = 8 * 1024 * 1024;
/** Requests of one source at once. */
export const maxRequestsAtOnce = 32;
/** How long a sender waits for its lines to become durable. */
export const durableWithinMs = 30_000;

export type IngestCode =
  'unauthorised' | 'too-large' | 'too-many' | 'unavailable' | 'bad-request' | 'unsupported' | 'conflict';

/** A source that others send to; `receive` takes one request and resolves once its lines are durable, or says why not. */
export interface HttpSource extends Source {
  receive(request: IncomingMessage): Promise<Result<ChunkReceipt, IngestCode>>;
}

export interface HttpSourceParts {
  readonly source: string;
  /** Lower-case hex SHA-256 of the bearer token. */
  readonly tokenSha256: string;
  /** While inserts fail nothing is accepted. */
  readonly isStoreFailing: () => boolean;
  /** Resolves once what was settled is in the books; rejects when it can't be written now. */
  readonly committed: () => Promise<void>;
  readonly findBatch: BatchDeskParts['find'];
  /** Lines came again in a batch that is stored. */
  readonly repeat: BatchDeskParts['repeat'];
  readonly log: BatchDeskParts['log'];
  readonly schedule: (callback: () => void, afterMs: number) => { cancel(): void };
}

export function createHttpSource(parts: HttpSourceParts): HttpSource {
  let handOver: HandOver | null = null;
  const underWay = new Set<Promise<unknown>>();
  const desk = createBatchDesk({ ...parts, find: parts.findBatch });

  const receive = async (
    request: IncomingMessage,
    give: HandOver,
  ): Promise<Result<ChunkReceipt, IngestCode>> => {
    const id = batchIdOf(request);
    if (!id.ok) return id;
    const body = await readBody(request);
    if (!body.ok) return body;
    const bytes = body.value;
    if (bytes.length === 0) return ok(nothing);
    const store = async (chunk: Chunk): Promise<ChunkReceipt> => {
      const receipt = await give(chunk);
      await parts.committed();
      return receipt;
    };
    if (id.value === null) {
      const receipt = store({ origin: { source: parts.source, file: null }, bytes });
      return within(receipt.then(ok), parts.schedule);
    }
    const digest = createHash('sha256').update(bytes).digest('hex');
    return within(desk.take({ id: id.value, digest, bytes }, store), parts.schedule);
  };

  return {
    id: parts.source,
    kind: 'http',
    start: (give) => {
      handOver = give;
      return Promise.resolve();
    },
    stop: async () => {
      handOver = null;
      await Promise.all(underWay);
    },
    fault: () => null,
    receive: async (request) => {
      if (!hasBearerToken(request.headers.authorization, parts.tokenSha256))
        return fail('unauthorised', 'expected "Authorization: Bearer TOKEN" with the token of this source');
      if (!handOver || parts.isStoreFailing())
        return fail('unavailable', 'nothing can be stored now; send it again later');
      if (underWay.size >= maxRequestsAtOnce)
        return fail('too-many', `expected at most ${maxRequestsAtOnce} requests at once`);
      const work = receive(request, handOver);
      const settled = work.catch(() => undefined);
      underWay.add(settled);
      try {
        return await work;
      } finally {
        underWay.delete(settled);
      }
    },
  };
}

const nothing: ChunkReceipt = { received: 0, stored: 0, unparsed: 0, rejected: [], unparsedLines: [] };

/** The id under which the sender may send the same lines again (`Idempotency-Key`); `null` when it gives none. */
function batchIdOf(request: IncomingMessage): Result<string | null, 'bad-request'> {
  const id = request.headers['idempotency-key'];
  if (id === undefined) return ok(null);
  return typeof id === 'string' && /^[\x21-\x7e]{1,200}$/.test(id)
    ? ok(id)
    : fail('bad-request', 'Idempotency-Key: expected 1 to 200 printable characters without spaces');
}

async function readBody(request: IncomingMessage): Promise<Result<Uint8Array<ArrayBuffer>, IngestCode>> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    return fail('unsupported', `Content-Encoding: found "${encoding}", expected none`);
  }
  const tooLarge = fail('too-large', `expected a body of at most ${maxBodyBytes} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) return tooLarge;
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of request as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > maxBodyBytes) return tooLarge;
      pieces.push(piece);
    }
  } catch {
    return fail('bad-request', 'the body ended early');
  }
  const body = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    body.set(piece, at);
    at += piece.length;
  }
  return ok(body);
}

function within<C extends IngestCode>(
  outcome: Promise<Result<ChunkReceipt, C>>,
  schedule: HttpSourceParts['schedule'],
): Promise<Result<ChunkReceipt, IngestCode>> {
  return new Promise((resolve) => {
    const timer = schedule(
      () => resolve(fail('unavailable', `not durable within ${durableWithinMs} ms; it may still be stored`)),
      durableWithinMs,
    );
    void outcome.then(
      (value) => {
        timer.cancel();
        resolve(value);
      },
      () => {
        timer.cancel();
        resolve(fail('unavailable', 'the lines could not be stored'));
      },
    );
  });
}
