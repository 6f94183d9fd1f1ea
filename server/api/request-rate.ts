import type { RequestHandler } from 'express';
import { addressGroup, createAttemptLimiter } from '../auth/attempt-limiter.ts';
import type { Edge } from '../edge/edge.ts';
import { refuse } from './refuse.ts';

const windowMs = 5_000;
const maxKeys = 20_000;

/** Refuses the requests of an address that asks too often; what it asked for makes no difference. */
export function createRequestRate({ limits, reached, addressOf }: Edge, now: () => number): RequestHandler {
  const limit = (limits.requestsPerSecond * windowMs) / 1_000;
  const limiter = createAttemptLimiter({ limit, windowMs, maxKeys, now });
  return (request, response, next) => {
    const address = addressOf(request);
    const waitMs = limiter.take(addressGroup(address));
    if (waitMs === 0) return next();
    reached('requestsPerSecond', address);
    response.set('Retry-After', String(Math.ceil(waitMs / 1_000)));
    return refuse(response, 'rate-limited', 'too many requests; wait a few seconds');
  };
}
