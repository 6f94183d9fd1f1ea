import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { Delivery, Dialect, IngestCode, Reply } from '../http/dialect.ts';
import { readBody, type Hold } from '../http/inflate.ts';
import { isTokenOf } from '../http/ingest-token.ts';
import { createRoom } from '../http/room.ts';
import type { Chunk, ChunkReceipt, HandOver, Source } from '../source.ts';
import { createBatchDesk, type BatchDeskParts } from './batch-desk.ts';

/** Requests of one source at once. */
export const maxRequestsAtOnce = 32;
/** Bytes of one source's requests at once, inflated. */
export const maxHeldBytes = 128 * 1024 * 1024;
/** How long a sender waits for its lines to become durable. */
export const durableWithinMs = 30_000;

/** A source that others send to. */
export interface HttpSource extends Source {
  /** Whether the request brings the token of this source. */
  admits(request: IncomingMessage): boolean;
  /** Takes one request and resolves with its answer once its lines are durable, or says why not. */
  receive(request: IncomingMessage, dialect: Dialect): Promise<Result<Reply, IngestCode>>;
}

export interface HttpSourceParts {
  readonly source: string;
  /** Lower-case hex SHA-256 of the bearer token. */
  readonly tokenSha256: string;
  /** While nothing can be stored nothing is accepted. */
  readonly isStoreFailing: () => boolean;
  /** Calls back once nothing can be stored any more; returns what ends that. */
  readonly onStoreFailing: (callback: () => void) => () => void;
  /** Resolves once what was settled is in the books; rejects, after a while, when it can't be written now. */
  readonly committed: () => Promise<void>;
  readonly findBatch: BatchDeskParts['find'];
  /** Lines came again in a batch that is stored. */
  readonly repeat: BatchDeskParts['repeat'];
  readonly log: BatchDeskParts['log'];
  readonly schedule: (callback: () => void, afterMs: number) => { cancel(): void };
}

const nothing: ChunkReceipt = { received: 0, stored: 0, unparsed: 0, rejected: [], unparsedLines: [] };
const unavailable = fail('unavailable', 'nothing can be stored now; send it again later');

export function createHttpSource(parts: HttpSourceParts): HttpSource {
  let handOver: HandOver | null = null;
  const room = createRoom(maxHeldBytes);
  const underWay = new Set<Promise<unknown>>();
  const desk = createBatchDesk({ ...parts, find: parts.findBatch });

  const take = async (
    request: IncomingMessage,
    dialect: Dialect,
    give: HandOver,
  ): Promise<Result<Reply, IngestCode>> => {
    const store = storeWith({ ...parts, isStopped: () => handOver === null }, desk, give);
    const { hold, leave } = room.enter();
    let storing: Promise<unknown> | null = null;
    try {
      const id = batchIdOf(request);
      if (!id.ok) return id;
      const sent = await readDelivery(request, dialect, hold);
      if (!sent.ok) return sent;
      if (parts.isStoreFailing()) return unavailable;
      const taken = store(sent.value, id.value);
      storing = taken;
      const outcome = await within(taken, parts);
      const { answer } = sent.value.delivery;
      // What could not become a line the delivery tells by itself.
      return outcome.ok ? ok(answer({ ...outcome.value, rejected: [] })) : outcome;
    } finally {
      // Lines that were not durable in time are still held.
      if (storing) void storing.then(leave, leave);
      else leave();
    }
  };

  const admits = (request: IncomingMessage): boolean => admitted(request, parts.tokenSha256);

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
    admits,
    receive: async (request, dialect) => {
      if (!admits(request))
        return fail('unauthorised', 'expected "Authorization: Bearer TOKEN" with the token of this source');
      if (!handOver || parts.isStoreFailing()) return unavailable;
      if (underWay.size >= maxRequestsAtOnce)
        return fail('too-many', `expected at most ${maxRequestsAtOnce} requests at once`);
      const work = take(request, dialect, handOver);
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

const admitted = ({ headers }: IncomingMessage, tokenSha256: string): boolean =>
  isTokenOf(headers.authorization, tokenSha256);

/** A request that was read. */
interface Sent {
  readonly delivery: Delivery;
  /** SHA-256 of the inflated body, hex. */
  readonly digest: string;
}

async function readDelivery(
  request: IncomingMessage,
  dialect: Dialect,
  hold: Hold,
): Promise<Result<Sent, IngestCode>> {
  const head = { encoding: request.headers['content-encoding'], length: request.headers['content-length'] };
  const body = await readBody(request as AsyncIterable<Buffer>, head, hold);
  if (!body.ok) return body;
  const digest = createHash('sha256').update(body.value).digest('hex');
  const delivery = dialect.read(body.value);
  return delivery.ok ? ok({ delivery: delivery.value, digest }) : delivery;
}

/** The id under which the sender may send the same lines again (`Idempotency-Key`); `null` when it gives none. */
function batchIdOf(request: IncomingMessage): Result<string | null, 'bad-request'> {
  const id = request.headers['idempotency-key'];
  if (id === undefined) return ok(null);
  return typeof id === 'string' && /^[\x21-\x7e]{1,200}$/.test(id)
    ? ok(id)
    : fail('bad-request', 'Idempotency-Key: expected 1 to 200 printable characters without spaces');
}

type Taken = Promise<Result<ChunkReceipt, 'conflict'>>;

interface StoreParts extends HttpSourceParts {
  readonly isStopped: () => boolean;
}

/** Resolves once what was settled is in the books, however long they can't be written: until then a batch is under way. */
async function booked({ committed, isStopped }: StoreParts): Promise<void> {
  for (;;) {
    try {
      return await committed();
    } catch (error) {
      if (isStopped()) throw error;
    }
  }
}

/** Stores what a request brought and writes it into the books; a batch that is known by its id is stored once. */
function storeWith(parts: StoreParts, desk: ReturnType<typeof createBatchDesk>, give: HandOver) {
  return async ({ delivery, digest }: Sent, id: string | null): Taken => {
    const { bytes, lines, repeatable } = delivery;
    const rejected = delivery.rejected.map((each) => ({ ...each, lines: 1 }));
    if (lines === 0 && rejected.length === 0) return ok(nothing);
    const store = async (chunk: Chunk): Promise<ChunkReceipt> => {
      const receipt = await give({ ...chunk, rejected });
      await booked(parts);
      return receipt;
    };
    const batch = id ?? (repeatable ? `sha256:${digest}` : null);
    if (batch === null) return ok(await store({ origin: { source: parts.source, file: null }, bytes }));
    return desk.take({ id: batch, digest, bytes }, store);
  };
}

/** The outcome, or 503 when it takes too long or nothing can be stored any more; what was handed over may still be stored. */
function within(
  outcome: Taken,
  { schedule, onStoreFailing }: HttpSourceParts,
): Promise<Result<ChunkReceipt, IngestCode>> {
  return new Promise((resolve) => {
    const settle = (result: Result<ChunkReceipt, IngestCode>): void => {
      timer.cancel();
      forget();
      resolve(result);
    };
    const tooLate = fail(
      'unavailable',
      `not durable within ${durableWithinMs} ms; it may still be stored, an Idempotency-Key makes another try safe`,
    );
    const timer = schedule(() => settle(tooLate), durableWithinMs);
    const forget = onStoreFailing(() => settle(unavailable));
    void outcome.then(settle, () => settle(fail('unavailable', 'the lines could not be stored')));
  });
}
