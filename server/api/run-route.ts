import express, { type Request, type RequestHandler, type Response } from 'express';
import { fail, ok, type Result } from '../../shared/result.ts';
import { actorOf } from '../audit/actor.ts';
import type { Identity, IdentityHeaders } from '../auth/auth.ts';
import type { Edge } from '../edge/edge.ts';
import { searchLimitOf } from '../store/events/search-limit.ts';
import type { ErrorCode } from './error-codes.ts';
import { isDeeperThan } from './json-depth.ts';
import type { QueryBudget } from './query-budget.ts';
import { readQuery } from './read-query.ts';
import { refuse } from './refuse.ts';
import { noteRefusedToken } from './refused-token.ts';
import type { Access, Method, Outcome, Route } from './route.ts';
import { sendDownload } from './send-download.ts';
import type { Services } from './services.ts';

const formType = 'application/x-www-form-urlencoded';
/** Fields of a form. */
const maxFormFields = 10;

/** Reads the fields of a form, none of which has a structure. */
const formReader = ({ limits }: Edge): RequestHandler =>
  express.urlencoded({
    limit: limits.bodyBytes,
    type: formType,
    extended: false,
    parameterLimit: maxFormFields,
    inflate: false,
  });

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

const kindOf = { session: 'user', wall: 'wall' } as const;

/** Whether that identity, or none, may use a route of that access; a wall only reads. */
export function judge(
  access: Access,
  identity: Identity | null,
  method: Method = 'GET',
): Result<
  null,
  Extract<ErrorCode, 'unauthenticated' | 'forbidden' | 'must-change-password' | 'second-factor-due'>
> {
  if (access === 'public') return ok(null);
  if (!identity) return fail('unauthenticated', 'sign in first');
  if (access === 'session' || access === 'wall') {
    return identity.kind === kindOf[access]
      ? ok(null)
      : fail('forbidden', `this is for a ${kindOf[access]} only`);
  }
  if (identity.due === 'password') return fail('must-change-password', 'replace the one-time password first');
  if (identity.due === 'second-factor') return fail('second-factor-due', 'enrol a second factor first');
  const isWithin = method === 'GET' || identity.kind !== 'wall';
  return isWithin && identity.grants[access]
    ? ok(null)
    : fail('forbidden', `this takes the permission ${access}`);
}

/** Handlers of a route: first who asks, then what; a body is read only for those who may send it. */
export function handlersOf(route: Route, services: Services, budget: QueryBudget): RequestHandler[] {
  return [
    (request, response, next) => {
      const headers = identityHeadersOf(request, services);
      const identity = services.auth.identify(headers);
      identities.set(request, identity);
      const judged = judge(route.access, identity, route.method);
      if (!judged.ok) {
        if (!identity) noteRefusedToken(headers, services);
        noteRefusal(route, services, { identity, address: headers.address, code: judged.code });
        return refuse(response, judged.code, judged.message);
      }
      if (identity) services.auth.touch(identity.sessionKey);
      return next();
    },
    route.takes === null ? refuseBody : takeBody(services.edge, route.takes),
    async (request, response) => {
      const asked = serving(route, services, request);
      const end = route.heavy ? beginSearch(services.edge, budget, asked) : ok(() => undefined);
      if (!end.ok) return refuse(response, end.code, end.message);
      try {
        await answer(route, services, request, { response, ...asked });
      } finally {
        end.value();
      }
    },
  ];
}

interface Serving extends ReturnType<typeof serving> {
  readonly response: Response;
}

/** Runs the route and sends what came of it, unless who asked has ended meanwhile. */
async function answer(
  route: Route,
  services: Services,
  request: Request,
  { response, run, view, identity, address }: Serving,
): Promise<void> {
  const outcome = await run().catch((error: unknown): Outcome => {
    const limit = route.heavy ? searchLimitOf(error) : null;
    if (limit === null) throw error;
    services.edge.reached(limit, address);
    return fail('busy', 'this search takes too much; ask for a shorter time or fewer values');
  });
  const judged = judgeAgain(route, services, request);
  const told = judged.ok ? outcome : judged;
  if (!told.ok && (!judged.ok || told.code === 'personal-data'))
    noteRefusal(route, services, { identity, address, code: told.code });
  if (!told.ok || !told.value.download) return send(response, told);
  await sendDownload(response, told.value.download, () => {
    const now = services.auth.identify(identityHeadersOf(request, services));
    const isSame = now?.sessionKey === identity?.sessionKey && services.personal.of(now) === view;
    return isSame && judge(route.access, now).ok;
  });
}

/** Takes a place for a search, which it returns the end of: none while the server is late, few of a user at once. */
function beginSearch(
  { reached, isBusy }: Edge,
  budget: QueryBudget,
  { identity, address }: Pick<Serving, 'identity' | 'address'>,
): Result<() => void, Extract<ErrorCode, 'busy' | 'too-many-queries'>> {
  if (isBusy()) {
    reached('eventLoopDelay', address);
    return fail('busy', 'the server is busy; try again in a moment');
  }
  // A wall may be called as a user is.
  const user = identity ? `${identity.kind === 'wall' ? 'wall ' : ''}${identity.name}` : '';
  if (!budget.begin(user)) {
    reached('searchesPerUser', address);
    return fail('too-many-queries', 'too many searches at once; wait for one to end');
  }
  return ok(() => budget.end(user));
}

interface Refused {
  readonly identity: Identity | null;
  readonly address: string | undefined;
  readonly code: ErrorCode;
}

/** A refusal of somebody who is signed in is noted, within bounds; of strangers only how many there were. */
function noteRefusal(route: Route, { trail }: Services, { identity, address, code }: Refused): void {
  if (!identity) return trail.notes.countStranger();
  trail.notes.note({
    ...actorOf(identity, address ?? ''),
    action: 'request:refused',
    outcome: 'refused',
    target: `${route.method} ${route.path}`,
    detail: { code },
  });
}

/** Whether who asked may still have the answer: reading it took time. What changes something may end its own session. */
function judgeAgain(route: Route, services: Services, request: Request): ReturnType<typeof judge> {
  const before = identityOf(request);
  if (before === null || route.method !== 'GET') return ok(null);
  const now = services.auth.identify(identityHeadersOf(request, services));
  return judge(route.access, now?.sessionKey === before.sessionKey ? now : null);
}

const identityHeadersOf = (request: Request, { edge }: Services): IdentityHeaders => ({
  cookie: request.headers.cookie,
  authorization: request.headers.authorization,
  address: edge.addressOf(request),
});

/** Who sent a request to a route. */
const identities = new WeakMap<Request, Identity | null>();

/** Who a request came from; `null` when nobody, and where no route asked. */
export const identityOf = (request: Request): Identity | null => identities.get(request) ?? null;

function takeBody(edge: Edge, kind: 'json' | 'form'): RequestHandler {
  const [type, read] =
    kind === 'json'
      ? (['application/json', jsonReader(edge)] as const)
      : ([formType, formReader(edge)] as const);
  return (request, response, next) => {
    if (request.is(type) === false) return refuse(response, 'not-json', `expected a body of ${type}`);
    if (Number(request.headers['content-length'] ?? 0) > edge.limits.bodyBytes) {
      edge.reached('bodyBytes', edge.addressOf(request));
      response.set('Connection', 'close');
      return refuse(response, 'too-large', 'the body is too large');
    }
    return read(request, response, (error?: unknown) => {
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

/** Who asks, how answers are shown to them, and what answers them. */
function serving(route: Route, services: Services, request: Request) {
  const identity = identityOf(request);
  const view = services.personal.of(identity);
  const address = services.edge.addressOf(request);
  const run = async (): Promise<Outcome> => {
    const query = readQuery(request.url, route.queryNames, services.edge);
    if (!query.ok) return query;
    return route.run({
      identity,
      params: request.params,
      query: query.value,
      body: request.body as unknown,
      address,
      cookieHeader: request.headers.cookie,
      userAgent: request.headers['user-agent'] ?? '',
      view,
      services,
    });
  };
  return { identity, view, address, run };
}

function send(response: Response, outcome: Outcome): void {
  if (!outcome.ok) return refuse(response, outcome.code, outcome.message);
  const { body, cookie, location, status = location === undefined ? 200 : 303 } = outcome.value;
  if (cookie !== undefined) response.set('Set-Cookie', [cookie].flat());
  if (location !== undefined) response.set('Location', location);
  response.status(status);
  if (body === undefined) response.end();
  else response.json(body);
}
