import * as z from 'zod/mini';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createQueryClient } from '../../../client/api/query-client.ts';
import { getJson, RequestError, sendJson } from '../../../client/api/request.ts';
import { refusal, serve } from '../fake-server.ts';

const schema = z.object({ n: z.int() });
afterEach(() => vi.unstubAllGlobals());
const failureOf = async (request: Promise<unknown>): Promise<unknown> =>
  request.catch((error: unknown) => error);

test('answers what the schema knows', async () => {
  serve({ 'GET /api/x': { status: 200, body: { n: 1 } } });
  expect(await getJson('/api/x', schema)).toEqual({ n: 1 });
});

describe('rejects with what went wrong', () => {
  test.each([
    [refusal(401, 'unauthenticated'), { failure: 'signed-out', status: 401, code: 'unauthenticated' }],
    [refusal(409, 'conflict'), { failure: 'refused', status: 409, code: 'conflict' }],
    [
      { status: 502, body: 'Bad gateway' },
      { failure: 'refused', status: 502, code: 'http-502' },
    ],
    [
      { status: 200, body: { n: 'one' } },
      { failure: 'answer', status: 200 },
    ],
    [{ status: 200 }, { failure: 'answer', status: 200 }],
  ])('%o', async (answer, expected) => {
    serve({ 'GET /api/x': answer });
    const error = await failureOf(getJson('/api/x', schema));
    expect(error).toBeInstanceOf(RequestError);
    expect(error).toMatchObject(expected);
  });

  test('no answer at all', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
    expect(await failureOf(getJson('/api/x', schema))).toMatchObject({ failure: 'network', status: 0 });
  });

  test('an aborted request is no failure of the server', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new DOMException('aborted', 'AbortError')));
    expect(await failureOf(getJson('/api/x', schema, AbortSignal.abort()))).toMatchObject({
      name: 'AbortError',
    });
  });
});

test('sends a body only when there is one', async () => {
  const fetched = vi.fn((_path: string, _init: RequestInit) =>
    Promise.resolve(new Response(null, { status: 204 })),
  );
  vi.stubGlobal('fetch', fetched);
  await sendJson('POST', '/api/x', undefined, null);
  await sendJson('POST', '/api/x', { a: 1 }, null);
  const inits = fetched.mock.calls.map(([, init]) => [init.headers, init.body]);
  expect(inits).toEqual([
    [undefined, undefined],
    [{ 'content-type': 'application/json' }, '{"a":1}'],
  ]);
});

test('a 401 inside a query signs the screens out; another refusal does not', async () => {
  serve({ 'GET /api/x': refusal(401, 'unauthenticated'), 'GET /api/y': refusal(403, 'forbidden') });
  const onSignedOut = vi.fn();
  const client = createQueryClient(onSignedOut);
  const ask = (path: string) =>
    failureOf(client.fetchQuery({ queryKey: [path], queryFn: () => getJson(path, schema) }));
  await ask('/api/y');
  expect(onSignedOut).not.toHaveBeenCalled();
  await ask('/api/x');
  expect(onSignedOut).toHaveBeenCalledTimes(1);
});
