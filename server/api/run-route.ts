import express, { type Request, type RequestHandler, type Response } from 'express';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Identity } from '../auth/auth.ts';
import type { ErrorCode } from './error-codes.ts';
import type { QueryBudget } from './query-budget.ts';
import { readQuery } from './read-query.ts';
import { refuse } from './refuse.ts';
import type { Access, Outcome, Route } from './route.ts';
import { sendDownload } from './send-download.ts';
import type { Services } from './services.ts';

/** Bytes of a JSON body. */
export const maxBodyBytes = 64 * 1024;

const readJson = express.json({
  limit: maxBodyBytes,
  type: 'application/json',
  strict: true,
  // A compressed body's true size is known only after the work is done.
  inflate: false,
});

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
    route.takesBody ? takeBody : refuseBody,
    async (request, response) => {
      const { run, view, identity } = serving(route, services, request);
      const user = route.heavy ? identity?.name : undefined;
      if (user !== undefined && !budget.begin(user)) {
        return refuse(response, 'too-many-queries', 'too many searches at once; wait for one to end');
      }
      try {
        const outcome = await run();
        if (!outcome.ok || !outcome.value.download) return send(response, outcome);
        await sendDownload(response, outcome.value.download, () => {
          const now = services.auth.identify(request.headers);
          const isSame = now?.sessionKey === identity?.sessionKey && services.personal.of(now) === view;
          return isSame && judge(route.access, now).ok;
        });
      } finally {
        if (user !== undefined) budget.end(user);
      }
    },
  ];
}

/** Who sent a request that was let in. */
const identities = new WeakMap<Request, Identity | null>();

const takeBody: RequestHandler = (request, response, next) => {
  if (request.is('application/json') === false) {
    return refuse(response, 'not-json', 'expected a body of application/json');
  }
  return readJson(request, response, next);
};

const refuseBody: RequestHandler = (request, response, next) => {
  const { 'content-length': length, 'transfer-encoding': transfer } = request.headers;
  if (transfer === undefined && (length === undefined || length === '0')) return next();
  response.set('Connection', 'close');
  return refuse(response, 'invalid', 'this takes no body');
};

/** Who asks, how answers are shown to them, and what answers them. */
function serving(route: Route, services: Services, request: Request) {
  const identity = identities.get(request) ?? null;
  const view = services.personal.of(identity);
  const run = async (): Promise<Outcome> => {
    const query = readQuery(request.url, route.queryNames);
    if (!query.ok) return query;
    return route.run({
      identity,
      params: request.params,
      query: query.value,
      body: request.body as unknown,
      address: request.socket.remoteAddress ?? 'unknown',
      cookieHeader: request.headers.cookie,
      userAgent: request.headers['user-agent'] ?? '',
      view,
      services,
    });
  };
  return { identity, view, run };
}

function send(response: Response, outcome: Outcome): void {
  if (!outcome.ok) return refuse(response, outcome.code, outcome.message);
  const { status = 200, body, cookie } = outcome.value;
  if (cookie !== undefined) response.set('Set-Cookie', cookie);
  response.status(status);
  if (body === undefined) response.end();
  else response.json(body);
}
