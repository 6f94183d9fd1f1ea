import type * as z from 'zod/mini';
import { ok, type Result } from '../../shared/result.ts';
import type { Permission } from '../../shared/authority.ts';
import type { Identity } from '../auth/auth.ts';
import type { PersonalView } from '../personal/view.ts';
import type { ErrorCode } from './error-codes.ts';
import type { Services } from './services.ts';

/**
 * Who may: `public` anybody; `session` a user who is signed in, whatever is due; `wall` the screen of a wall; a permission who
 * has it, with nothing due.
 */
export type Access = 'public' | 'session' | 'wall' | Permission;

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** What a handler answers: 200 with the body unless it says otherwise. */
export interface Answer<T = unknown> {
  readonly status?: number;
  readonly body: T;
  readonly cookie?: string | readonly string[];
  /** Answers 303 to there: an own path, or the provider of identities. */
  readonly location?: string;
  /** Sent piece by piece in the place of the body, which is `undefined`. */
  readonly download?: Download;
}

/** What is sent as a file. */
export interface Download {
  readonly fileName: string;
  readonly type: string;
  /** Asked for the next piece once the one before is on its way; ended early when the reader or the session is gone. */
  readonly pieces: AsyncIterable<string>;
}

export type Outcome<T = unknown> = Result<Answer<T>, ErrorCode>;

/** Shows a body as the view of whoever asks has it: see `server/personal/view.ts`. */
export type ShowPersonal<T> = (body: T, view: PersonalView) => unknown;

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
  /** What the asker may see of personal data; the body is shown by it afterwards, so handlers need it for searches only. */
  readonly view: PersonalView;
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
  /** The kind of body that it takes; another, or any where it takes none, is refused. */
  readonly takes: 'json' | 'form' | null;
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

interface Declaration<A extends Access, P, Q, B, T> {
  readonly method: Method;
  readonly path: string;
  readonly access: A;
  readonly params?: Schema<P>;
  readonly query?: QuerySchema<Q>;
  readonly body?: Schema<B>;
  /** The body is a form and no JSON, as a specification of others wants it; texts only, and nobody's session counts. */
  readonly form?: true;
  readonly heavy?: boolean;
  /** Stands after `handle`, whose body it takes. How personal data in the body is shown to those without `personal:read`; `none` where no body has any. */
  readonly personal: 'none' | ShowPersonal<NoInfer<T>>;
  readonly handle: (
    asked: Asked<P, Q, B, A extends 'public' ? Identity | null : Identity>,
  ) => Promise<Outcome<T>> | Outcome<T>;
}

/** Declares a route: its handler gets what its schemas made of the request, or isn't called. */
export function route<A extends Access, T, P = undefined, Q = undefined, B = undefined>(
  declared: Declaration<A, P, Q, B, T>,
): Route {
  return {
    method: declared.method,
    path: declared.path,
    access: declared.access,
    takes: declared.body === undefined ? null : declared.form ? 'form' : 'json',
    queryNames: new Set(declared.query?.names),
    heavy: declared.heavy ?? false,
    async run(request) {
      const params = parse('path', declared.params, request.params);
      if (!params.ok) return params;
      const query = parse('query', declared.query?.schema, request.query);
      if (!query.ok) return query;
      const body = parse('body', declared.body, request.body);
      if (!body.ok) return body;
      const outcome = await declared.handle({
        ...request,
        // The runner lets nobody without an identity reach a route that isn't public.
        identity: request.identity as A extends 'public' ? Identity | null : Identity,
        params: params.value,
        query: query.value,
        body: body.value,
      });
      if (!outcome.ok || declared.personal === 'none' || outcome.value.body === undefined) return outcome;
      const { personal } = declared;
      return ok({ ...outcome.value, body: personal(outcome.value.body, request.view) });
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
