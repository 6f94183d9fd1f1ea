import type { Request, RequestHandler, Response } from 'express';
import { actorOf } from '../audit/actor.ts';
import type { Identity } from '../auth/identity.ts';
import type { Edge } from '../edge/edge.ts';
import type { Log } from './services.ts';

export interface RequestLogParts {
  readonly log: Log;
  readonly edge: Pick<Edge, 'addressOf'>;
  /** Epoch ms. */
  readonly now: () => number;
  /** Who a request was found to be of; `null` when nobody, or before that was asked. */
  readonly identityOf: (request: Request) => Identity | null;
}

/** Tells each answered request, for debugging: method, path, status, ms and who asked; never a query, a header or a body. */
export function createRequestLog({ log, edge, now, identityOf }: RequestLogParts): RequestHandler {
  return (request, response, next) => {
    const begun = now();
    const address = edge.addressOf(request);
    response.once('close', () => {
      const identity = identityOf(request);
      const took = `${response.statusCode} ${Math.max(0, now() - begun)} ms`;
      const end = response.writableFinished ? '' : ', broken off';
      log({
        level: 'debug',
        event: 'request:answered',
        user: identity ? actorOf(identity, address).actor : undefined,
        address,
        detail: `${request.method} ${pathOf(request, response)} ${took}${end}`,
      });
    });
    next();
  };
}

const maxPathLength = 200;

/** What was found is told by its path. Of anything else only the route: what stands there may be a secret, put in the wrong place. */
function pathOf(request: Request, response: Response): string {
  if (response.statusCode < 400) return request.path.slice(0, maxPathLength);
  const route = request.route as { readonly path?: unknown } | undefined;
  return typeof route?.path === 'string' ? route.path : '(no such path)';
}
