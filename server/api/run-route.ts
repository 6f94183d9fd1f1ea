import express, { type Request, type RequestHandler, type Response } from 'express';
import { fail, ok, type Result } from '../../shared/result.ts';
import { actorOf } from '../audit/actor.ts';
import type { Identity, IdentityHeaders } from '../auth/auth.ts';
import type { ErrorCode } from './error-codes.ts';
import type { QueryBudget } from './query-budget.ts';
import { readQuery } from './read-query.ts';
import { refuse } from './refuse.ts';
import { noteRefusedToken } from './refused-token.ts';
import type { Access, Method, Outcome, Route } from './route.ts';
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
      const headers = identityHeadersOf(request);
      const identity = services.auth.identify(headers);
      const judged = judge(route.access, identity, route.method);
      if (!judged.ok) {
        if (!identity) noteRefusedToken(headers, services);
        noteRefusal(route, services, { identity, address: headers.address, code: judged.code });
        return refuse(response, judged.code, judged.message);
      }
      if (identity) services.auth.touch(identity.sessionKey);
      identities.set(request, identity);
      return next();
    },
    route.takesBody ? takeBody : refuseBody,
    async (request, response) => {
      const { run, view, identity } = serving(route, services, request);
      // A wall may be called as a user is.
      const asker = identity && `${identity.kind === 'wall' ? 'wall ' : ''}${identity.name}`;
      const user = route.heavy ? asker : null;
      if (user !== null && !budget.begin(user)) {
        return refuse(response, 'too-many-queries', 'too many searches at once; wait for one to end');
      }
      try {
        const outcome = await run();
        const judged = judgeAgain(route, services, request);
        if (!judged.ok) return send(response, judged);
        if (!outcome.ok || !outcome.value.download) return send(response, outcome);
        await sendDownload(response, outcome.value.download, () => {
          const now = services.auth.identify(identityHeadersOf(request));
          const isSame = now?.sessionKey === identity?.sessionKey && services.personal.of(now) === view;
          return isSame && judge(route.access, now).ok;
        });
      } finally {
        if (user !== null) budget.end(user);
      }
    },
  ];
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
function judgeAgain(route: Route, { auth }: Services, request: Request): ReturnType<typeof judge> {
  const before = identities.get(request) ?? null;
  if (before === null || route.method !== 'GET') return ok(null);
  const now = auth.identify(identityHeadersOf(request));
  return judge(route.access, now?.sessionKey === before.sessionKey ? now : null);
}

const addressOf = (request: Request): string => request.socket.remoteAddress ?? 'unknown';

const identityHeadersOf = (request: Request): IdentityHeaders => ({
  cookie: request.headers.cookie,
  authorization: request.headers.authorization,
  address: addressOf(request),
});

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
      address: addressOf(request),
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
  const { body, cookie, location, status = location === undefined ? 200 : 303 } = outcome.value;
  if (cookie !== undefined) response.set('Set-Cookie', [cookie].flat());
  if (location !== undefined) response.set('Location', location);
  response.status(status);
  if (body === undefined) response.end();
  else response.json(body);
}
