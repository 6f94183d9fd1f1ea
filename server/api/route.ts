import type * as z from 'zod/mini';
import type { Result } from '../../shared/result.ts';
import type { Permission } from '../../shared/authority.ts';
import type { Identity } from '../auth/auth.ts';
import type { ErrorCode } from './error-codes.ts';
import type { Services } from './services.ts';

/**
 * Who may: `public` anybody; `session` a user who is signed in, whatever is due; `wall` the screen of a wall; a permission who
 * has it, with nothing due.
 */
export type Access = 'public' | 'session' | 'wall' | Permission;

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** What a handler answers: 200 with the body unless it says otherwise. */
export interface Answer {
  readonly status?: number;
  readonly body: unknown;
  readonly cookie?: string | readonly string[];
  /** Answers 303 to there: an own path, or the provider of identities. */
  readonly location?: string;
}

export type Outcome = Result<Answer, ErrorCode>;

/** The values of a query's parameters, each name once but `filter`, which is always a list. */
export type QueryValues = Readonly<Record<string, string | readonly string[]>>;

interface Asked<Params, Query, Body, Who> {
  readonly identity: Who;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Address of the peer; a proxy's when there is one. */
  readonly address: string;
  readonly cookieHeader: string | undefined;
  readonly userAgent: string;
  readonly services: Services;
}

/** A request as the table's runner hands it to a route: identified, nothing parsed yet. */
export type RawRequest = Asked<unknown, unknown, unknown, Identity | null>;

/** One line of the table. */
export interface Route {
  readonly method: Method;
  /** As Express reads it: at most one parameter a segment. */
  readonly path: string;
  readonly access: Access;
  /** Whether it takes a JSON body; a body sent to another route is refused. */
  readonly takesBody: boolean;
  /** Names that its query may have. */
  readonly queryNames: ReadonlySet<string>;
  /** True: it reads the event store, and a user may have few such requests at once. */
  readonly heavy: boolean;
  readonly run: (request: RawRequest) => Promise<Outcome>;
}

type Schema<T> = z.ZodMiniType<T>;

/** A query's schema with the names it knows, since a schema with checks doesn't tell them. */
export interface QuerySchema<T> {
  readonly schema: Schema<T>;
  readonly names: readonly string[];
}

interface Declaration<A extends Access, P, Q, B> {
  readonly method: Method;
  readonly path: string;
  readonly access: A;
  readonly params?: Schema<P>;
  readonly query?: QuerySchema<Q>;
  readonly body?: Schema<B>;
  readonly heavy?: boolean;
  readonly handle: (
    asked: Asked<P, Q, B, A extends 'public' ? Identity | null : Identity>,
  ) => Promise<Outcome> | Outcome;
}

/** Declares a route: its handler gets what its schemas made of the request, or isn't called. */
export function route<A extends Access, P = undefined, Q = undefined, B = undefined>(
  declared: Declaration<A, P, Q, B>,
): Route {
  return {
    method: declared.method,
    path: declared.path,
    access: declared.access,
    takesBody: declared.body !== undefined,
    queryNames: new Set(declared.query?.names),
    heavy: declared.heavy ?? false,
    async run(request) {
      const params = parse('path', declared.params, request.params);
      if (!params.ok) return params;
      const query = parse('query', declared.query?.schema, request.query);
      if (!query.ok) return query;
      const body = parse('body', declared.body, request.body);
      if (!body.ok) return body;
      return declared.handle({
        ...request,
        // The runner lets nobody without an identity reach a route that isn't public.
        identity: request.identity as A extends 'public' ? Identity | null : Identity,
        params: params.value,
        query: query.value,
        body: body.value,
      });
    },
  };
}

function parse<T>(where: string, schema: Schema<T> | undefined, value: unknown): Result<T, 'invalid'> {
  if (!schema) return { ok: true, value: undefined as T };
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const issue = parsed.error.issues[0];
  const path = [where, ...(issue?.path ?? []).map(String)].join('.');
  return { ok: false, code: 'invalid', message: `${path}: ${issue?.message ?? 'not valid'}` };
}
