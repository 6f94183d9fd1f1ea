import type { IncomingMessage } from 'node:http';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { Delivery, Dialect, IngestCode, Reply } from '../http/dialect.ts';
import { readBody, type Hold } from '../http/inflate.ts';
import { isTokenOf } from '../http/ingest-token.ts';
import { createRoom } from '../http/room.ts';
import type { ChunkReceipt, HandOver, Source } from '../source.ts';

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
  /** While inserts fail nothing is accepted. */
  readonly isStoreFailing: () => boolean;
  readonly schedule: (callback: () => void, afterMs: number) => { cancel(): void };
}

const nothing: ChunkReceipt = { received: 0, stored: 0, unparsed: 0, rejected: [] };

export function createHttpSource(parts: HttpSourceParts): HttpSource {
  let handOver: HandOver | null = null;
  const room = createRoom(maxHeldBytes);
  const underWay = new Set<Promise<unknown>>();

  const store = async (
    request: IncomingMessage,
    dialect: Dialect,
    give: HandOver,
  ): Promise<Result<Reply, IngestCode>> => {
    const { hold, leave } = room.enter();
    let storing: Promise<ChunkReceipt> | null = null;
    try {
      const delivery = await readDelivery(request, dialect, hold);
      if (!delivery.ok) return delivery;
      const { bytes, lines, answer } = delivery.value;
      if (lines === 0) return ok(answer(nothing));
      storing = give({ origin: { source: parts.source, file: null }, bytes });
      const receipt = await within(storing, parts.schedule);
      return receipt.ok ? ok(answer(receipt.value)) : receipt;
    } finally {
      // Lines that were not durable in time are still held.
      if (storing) void storing.then(leave, leave);
      else leave();
    }
  };

  const admits = ({ headers }: IncomingMessage): boolean =>
    isTokenOf(headers.authorization, parts.tokenSha256);

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
      if (!handOver || parts.isStoreFailing())
        return fail('unavailable', 'nothing can be stored now; send it again later');
      if (underWay.size >= maxRequestsAtOnce)
        return fail('too-many', `expected at most ${maxRequestsAtOnce} requests at once`);
      const work = store(request, dialect, handOver);
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

async function readDelivery(
  request: IncomingMessage,
  dialect: Dialect,
  hold: Hold,
): Promise<Result<Delivery, IngestCode>> {
  const head = { encoding: request.headers['content-encoding'], length: request.headers['content-length'] };
  const body = await readBody(request as AsyncIterable<Buffer>, head, hold);
  return body.ok ? dialect.read(body.value) : body;
}

function within(
  receipt: Promise<ChunkReceipt>,
  schedule: HttpSourceParts['schedule'],
): Promise<Result<ChunkReceipt, IngestCode>> {
  return new Promise((resolve) => {
    const timer = schedule(
      () => resolve(fail('unavailable', `not durable within ${durableWithinMs} ms; it may still be stored`)),
      durableWithinMs,
    );
    void receipt.then(
      (value) => {
        timer.cancel();
        resolve(ok(value));
      },
      () => {
        timer.cancel();
        resolve(fail('unavailable', 'the lines could not be stored'));
      },
    );
  });
}
