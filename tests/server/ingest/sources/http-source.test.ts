import { createHash } from 'node:crypto';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIngestHandler } from '../../../../server/ingest/ingest-handler.ts';
import {
  createHttpSource,
  maxBodyBytes,
  maxRequestsAtOnce,
} from '../../../../server/ingest/sources/http-source.ts';
import { createTaker } from '../../../contract/source.suite.ts';

const token = 'a-token-of-the-test-suite';
const good = { authorization: `Bearer ${token}` };
let server: Server;
let url = '';
let taker: ReturnType<typeof createTaker>;
let isStoreFailing = false;
let expire: (() => void) | null = null;

beforeEach(async () => {
  isStoreFailing = false;
  taker = createTaker();
  const source = createHttpSource({
    source: 'sipol',
    tokenSha256: createHash('sha256').update(token).digest('hex'),
    isStoreFailing: () => isStoreFailing,
    committed: () => Promise.resolve(),
    findBatch: () => Promise.resolve(null),
    repeat: () => undefined,
    log: () => undefined,
    schedule: (callback) => {
      expire = callback;
      return { cancel: () => undefined };
    },
  });
  await source.start(taker.handOver);
  const handler = createIngestHandler([source]);
  server = createServer((incoming, answer) => void handler(incoming, answer, (incoming.url ?? '').slice(1)));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  taker.release();
  server.closeAllConnections();
  await new Promise((resolve) => void server.close(resolve));
});

const post = (headers: Record<string, string>, body: string, path = '/sipol') =>
  fetch(url + path, { method: 'POST', headers, body });

describe('POST /ingest/v1/<source>', () => {
  it('answers what became of the lines once they are durable', async () => {
    const answer = await post(good, 'one\ntwo\n');
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { received: 2, stored: 2, unparsed: 0, rejected: [], unparsedLines: [] },
    ]);
  });

  it.each([
    ['no token', {}, '/sipol'],
    ['a wrong token', { authorization: 'Bearer wrong' }, '/sipol'],
    ['a token in another scheme', { authorization: `Basic ${token}` }, '/sipol'],
    ['the prefix of the token', { authorization: `Bearer ${token.slice(0, -1)}` }, '/sipol'],
    ['an unknown source', good, '/other'],
    ['a source named like an object property', good, '/__proto__'],
  ])('refuses %s alike, and reads nothing', async (_what, headers, path) => {
    const answer = await post(headers, 'line\n', path);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: { code: 'unauthorised' } });
    expect(taker.chunks).toEqual([]);
  });

  it('refuses a body over the limit, also when its length is not told before', async () => {
    const status = await new Promise((resolve, reject) => {
      const sending = request(`${url}/sipol`, { method: 'POST', headers: good }, (answer) =>
        resolve(answer.statusCode),
      );
      sending.on('error', reject);
      const piece = Buffer.alloc(1_048_576, 'x');
      for (let sent = 0; sent <= maxBodyBytes; sent += piece.length) sending.write(piece);
      sending.end();
    });
    expect(status).toBe(413);
    expect(taker.chunks).toEqual([]);
  });

  it('refuses a compressed body, which it would have to inflate', async () => {
    const answer = await post({ ...good, 'content-encoding': 'gzip' }, 'x');
    expect(answer.status).toBe(415);
  });

  it('answers 503 with Retry-After while nothing can be stored', async () => {
    isStoreFailing = true;
    const answer = await post(good, 'line\n');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    expect(taker.chunks).toEqual([]);
  });

  it('never says stored of lines that did not become durable in time', async () => {
    taker.hold();
    const answer = post(good, 'line\n');
    while (!expire || taker.chunks.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expire();
    expect((await answer).status).toBe(503);
  });

  it('answers 429 with Retry-After beyond so many requests at once', async () => {
    taker.hold();
    const waiting = Array.from({ length: maxRequestsAtOnce }, () => post(good, 'line\n'));
    while (taker.chunks.length < maxRequestsAtOnce) await new Promise((resolve) => setImmediate(resolve));
    const answer = await post(good, 'line\n');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '2']);
    taker.release();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(waiting.map(() => 200));
  });
});
