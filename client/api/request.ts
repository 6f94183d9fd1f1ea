import type * as z from 'zod/mini';
import { errorSchema } from '../../shared/api/schemas.ts';

/** Why a request failed; `signed-out` is the 401, `answer` an answer that does not have the agreed form. */
export type RequestFailure = 'network' | 'signed-out' | 'refused' | 'answer';

/** The only error that a request rejects with, except an `AbortError`. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly failure: RequestFailure;
  /** HTTP status, 0 when there was no answer. */
  readonly status: number;
  /** The server's stable code, or `http-<status>`. */
  readonly code: string;

  constructor(failure: RequestFailure, status: number, code: string, message: string) {
    super(message);
    this.failure = failure;
    this.status = status;
    this.code = code;
  }
}

type Schema<T> = z.ZodMiniType<T>;

/** GET `path` as `T`; rejects with a `RequestError`. Called inside a query, a 401 signs the screens out. */
export function getJson<T>(path: string, schema: Schema<T>, signal?: AbortSignal): Promise<T> {
  return exchange(path, { method: 'GET', ...(signal ? { signal } : {}) }, schema);
}

/** Sends `body` as JSON, or nothing when it is `undefined`; `schema` `null` accepts any answer. Rejects as `getJson`. */
export function sendJson<T>(
  method: 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  path: string,
  body: unknown,
  schema: Schema<T>,
): Promise<T>;
export function sendJson(
  method: 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  path: string,
  body: unknown,
  schema: null,
): Promise<null>;
export function sendJson<T>(
  method: string,
  path: string,
  body: unknown,
  schema: Schema<T> | null,
): Promise<T | null> {
  const content =
    body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return exchange(path, { method, ...content }, schema);
}

function exchange<T>(path: string, init: RequestInit, schema: Schema<T>): Promise<T>;
function exchange<T>(path: string, init: RequestInit, schema: Schema<T> | null): Promise<T | null>;
async function exchange<T>(path: string, init: RequestInit, schema: Schema<T> | null): Promise<T | null> {
  const response = await reach(path, init);
  if (!response.ok) throw await refusal(response);
  if (schema === null) return null;
  const parsed = schema.safeParse(await bodyOf(response));
  if (!parsed.success) {
    throw new RequestError('answer', response.status, 'answer', `unexpected answer of ${path}`);
  }
  return parsed.data;
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { ...init, credentials: 'same-origin', cache: 'no-store' });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new RequestError('network', 0, 'network', 'the server cannot be reached');
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

async function refusal(response: Response): Promise<RequestError> {
  const parsed = errorSchema.safeParse(await bodyOf(response));
  const code = parsed.success ? parsed.data.error.code : `http-${response.status}`;
  const message = parsed.success ? parsed.data.error.message : response.statusText;
  return new RequestError(response.status === 401 ? 'signed-out' : 'refused', response.status, code, message);
}
