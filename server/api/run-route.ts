import express, { type Request, type RequestHandler, type Response } from 'express';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Identity } from '../auth/auth.ts';
import type { Edge } from '../edge/edge.ts';
import { searchLimitOf } from '../store/events/search-limit.ts';
import type { ErrorCode } from './error-codes.ts';
import { isDeeperThan } from './json-depth.ts';
import type { QueryBudget } from './query-budget.ts';
import { readQuery } from './read-query.ts';
import { refuse } from './refuse.ts';
import type { Access, Outcome, RawRequest, Route } from './route.ts';
import type { Services } from './services.ts';

/** Reads bodies of JSON up to the limits of size and depth. */
function jsonReader({ limits, reached }: Edge): RequestHandler {
  return express.json({
    limit: limits.bodyBytes,
    type: 'application/json',
    strict: true,
    // A compressed body's true size is known only after the work is done.
    inflate: false,
    verify: (_request, _response, bytes) => {
      if (!isDeeperThan(bytes, limits.jsonDepth)) return;
      reached('jsonDepth');
      throw new Error('nested too deeply');
    },
  });
}

/** Whether that identity, or none, may use a route of that access. */
export function judge(
  access: Access,
  identity: Identity | null,
): Result<
  null,
  Extract<ErrorCode, 'unauthenticated' | 'forbidden' | 'must-change-password' | 'second-factor-due'>
> {
  if (access === 'public') return ok(null);
  if (!identity) return fail('unauthenticated', 'sign in first');
  if (access === 'session')
    return identity.kind === 'user' ? ok(null) : fail('forbidden', 'this takes a signed-in user');
  if (identity.due === 'password') return fail('must-change-password', 'replace the one-time password first');
  if (identity.due === 'second-factor') return fail('second-factor-due', 'enrol a second factor first');
  return identity.grants[access] ? ok(null) : fail('forbidden', `this takes the permission ${access}`);
}

/** Handlers of a route: first who asks, then what; a body is read only for those who may send it. */
export function handlersOf(route: Route, services: Services, budget: QueryBudget): RequestHandler[] {
  return [
    (request, response, next) => {
      const identity = services.auth.identify(request.headers);
      const judged = judge(route.access, identity);
      if (!judged.ok) return refuse(response, judged.code, judged.message);
      if (identity) services.auth.touch(identity.sessionKey);
      identities.set(request, identity);
      return next();
    },
    route.takesBody ? takeBody(services.edge) : refuseBody,
    async (request, response) => {
      send(response, await serve(route, services, budget, request));
    },
  ];
}

/** Who sent a request that was let in. */
const identities = new WeakMap<Request, Identity | null>();

function takeBody(edge: Edge): RequestHandler {
  const readJson = jsonReader(edge);
  return (request, response, next) => {
    if (request.is('application/json') === false) {
      return refuse(response, 'not-json', 'expected a body of application/json');
    }
    if (Number(request.headers['content-length'] ?? 0) > edge.limits.bodyBytes) {
      edge.reached('bodyBytes', edge.addressOf(request));
      response.set('Connection', 'close');
      return refuse(response, 'too-large', 'the body is too large');
    }
    return readJson(request, response, (error?: unknown) => {
      if (isTooLarge(error)) edge.reached('bodyBytes', edge.addressOf(request));
      next(error);
    });
  };
}

const isTooLarge = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'type' in error && error.type === 'entity.too.large';

const refuseBody: RequestHandler = (request, response, next) => {
  const { 'content-length': length, 'transfer-encoding': transfer } = request.headers;
  if (transfer === undefined && (length === undefined || length === '0')) return next();
  response.set('Connection', 'close');
  return refuse(response, 'invalid', 'this takes no body');
};

async function serve(
  route: Route,
  services: Services,
  budget: QueryBudget,
  request: Request,
): Promise<Outcome> {
  const identity = identities.get(request) ?? null;
  const query = readQuery(request.url, route.queryNames, services.edge);
  if (!query.ok) return query;
  const asked: RawRequest = {
    identity,
    params: request.params,
    query: query.value,
    body: request.body as unknown,
    address: services.edge.addressOf(request),
    cookieHeader: request.headers.cookie,
    userAgent: request.headers['user-agent'] ?? '',
    services,
  };
  return route.heavy ? search(route, asked, budget) : route.run(asked);
}

/** Runs a route that reads the event store: not while the server is late, few of a user at once, within the store's limits. */
async function search(route: Route, asked: RawRequest, budget: QueryBudget): Promise<Outcome> {
  const { reached, isBusy } = asked.services.edge;
  if (isBusy()) {
    reached('eventLoopDelay', asked.address);
    return fail('busy', 'the server is busy; try again in a moment');
  }
  const user = asked.identity?.name ?? '';
  if (!budget.begin(user)) {
    reached('searchesPerUser', asked.address);
    return fail('too-many-queries', 'too many searches at once; wait for one to end');
  }
  try {
    return await route.run(asked);
  } catch (error) {
    const limit = searchLimitOf(error);
    if (limit === null) throw error;
    reached(limit, asked.address);
    return fail('busy', 'this search takes too much; ask for a shorter time or fewer values');
  } finally {
    budget.end(user);
  }
}

function send(response: Response, outcome: Outcome): void {
  if (!outcome.ok) return refuse(response, outcome.code, outcome.message);
  const { status = 200, body, cookie } = outcome.value;
  if (cookie !== undefined) response.set('Set-Cookie', cookie);
  response.status(status);
  if (body === undefined) response.end();
  else response.json(body);
}
