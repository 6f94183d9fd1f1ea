import { createHash, randomBytes } from 'node:crypto';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIngestHandler } from '../../../../server/ingest/ingest-handler.ts';
import { maxBodyBytes, maxInflatedBytes } from '../../../../server/ingest/http/inflate.ts';
import {
  createHttpSource,
  maxHeldBytes,
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
let committed: () => Promise<void> = () => Promise.resolve();
let tellFailing: () => void = () => undefined;

beforeEach(async () => {
  isStoreFailing = false;
  committed = () => Promise.resolve();
  taker = createTaker();
  const source = createHttpSource({
    source: 'sipol',
    tokenSha256: createHash('sha256').update(token).digest('hex'),
    isStoreFailing: () => isStoreFailing,
    onStoreFailing: (tell) => {
      tellFailing = tell;
      return () => undefined;
    },
    committed: () => committed(),
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
  server = createServer((incoming, answer) => {
    const [, id = '', ...path] = (incoming.url ?? '').split('/');
    void handler(incoming, answer, id, path.map((part) => `/${part}`).join(''));
  });
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

  it.each([
    ['plain', {}, Buffer.alloc(maxBodyBytes + 1, 'x')],
    ['compressed', { 'content-encoding': 'gzip' }, gzipSync(randomBytes(maxBodyBytes + 1))],
    ['a bomb', { 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(maxInflatedBytes + 1))],
  ])(
    'refuses a body over the limit (%s), also when its length is not told before',
    async (_what, headers, body) => {
      const status = await new Promise((resolve, reject) => {
        const sending = request(
          `${url}/sipol`,
          { method: 'POST', headers: { ...good, ...headers, 'transfer-encoding': 'chunked' } },
          (answer) => resolve(answer.statusCode),
        );
        sending.on('error', reject);
        for (let sent = 0; sent < body.length; sent += 65_536)
          sending.write(body.subarray(sent, sent + 65_536));
        sending.end();
      });
      expect(status).toBe(413);
      expect(taker.chunks).toEqual([]);
    },
  );

  it('forgets refused bodies: any number of bombs takes no room', async () => {
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(maxInflatedBytes + 1)));
    const headers = { ...good, 'content-encoding': 'gzip' };
    for (let held = 0; held <= maxHeldBytes; held += maxInflatedBytes)
      expect((await fetch(`${url}/sipol`, { method: 'POST', headers, body: bomb })).status).toBe(413);
    expect((await post(good, 'line\n')).status).toBe(200);
  });

  it('takes a compressed body, and refuses what it can not inflate', async () => {
    const send = (body: string | Uint8Array<ArrayBuffer>, encoding: string) =>
      fetch(`${url}/sipol`, { method: 'POST', headers: { ...good, 'content-encoding': encoding }, body });
    expect((await send(new Uint8Array(gzipSync('one\ntwo\n')), 'gzip')).status).toBe(200);
    expect(taker.lines()).toEqual(['one', 'two']);
    expect((await send(new Uint8Array(gzipSync('three\n').subarray(0, -1)), 'gzip')).status).toBe(400);
    expect((await send('x', 'br')).status).toBe(415);
    expect(taker.lines()).toHaveLength(2);
  });

  it('answers 503 with Retry-After while nothing can be stored', async () => {
    isStoreFailing = true;
    const answer = await post(good, 'line\n');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    expect(taker.chunks).toEqual([]);
  });

  it('stores a batch once whose sender was refused because the books could not be written', async () => {
    const batch = { ...good, 'idempotency-key': 'batch-1' };
    let tries = 0;
    let write: () => void = () => undefined;
    committed = () => {
      tries += 1;
      if (tries > 1) return new Promise((resolve) => void (write = resolve));
      tellFailing();
      return Promise.reject(new Error('database is locked'));
    };
    expect((await post(batch, 'line\n')).status).toBe(503);
    const again = post(batch, 'line\n');
    while (tries < 2) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 50));
    write();
    expect((await again).status).toBe(200);
    expect(taker.lines()).toEqual(['line']);
  });

  it('refuses at once what was under way to us when the store began to fail', async () => {
    const sending = request(`${url}/sipol`, { method: 'POST', headers: good });
    const status = new Promise((resolve) => void sending.on('response', (got) => resolve(got.statusCode)));
    sending.write('li');
    await new Promise((resolve) => setTimeout(resolve, 50));
    isStoreFailing = true;
    sending.end('ne\n');
    expect(await status).toBe(503);
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

  it('answers 429 beyond so many bytes at once, also of lines whose sender was told that they take too long', async () => {
    taker.hold();
    const body = new Uint8Array(gzipSync(Buffer.alloc(maxInflatedBytes, 'x')));
    const large = () =>
      fetch(`${url}/sipol`, { method: 'POST', headers: { ...good, 'content-encoding': 'gzip' }, body });
    const waiting: Promise<Response>[] = [];
    for (let held = 0; held < maxHeldBytes; held += maxInflatedBytes) {
      waiting.push(large());
      while (taker.chunks.length < waiting.length) await new Promise((resolve) => setImmediate(resolve));
    }
    expire?.();
    expect((await (waiting.pop() as Promise<Response>)).status).toBe(503);
    const answer = await post(good, 'line\n');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '2']);
    taker.release();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(waiting.map(() => 200));
    expect((await post(good, 'line\n')).status).toBe(200);
  });
});

describe('below /ingest/v1/<source>', () => {
  const bulk = '{"index":{}}\n{"a":1}\n{"delete":{}}\n';
  const logs = '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{}]}]}]}';
  const json = { ...good, 'content-type': 'application/json' };

  it.each([
    ['/sipol', '[{"a":1},\n2]', { received: 2, stored: 2, unparsed: 0, rejected: [] }, ['{"a":1}', '2']],
    [
      '/sipol/_bulk',
      bulk,
      { errors: true, items: [{ index: { status: 201, _index: 'sipol' } }, { delete: { status: 400 } }] },
      ['{"a":1}'],
    ],
    ['/sipol/logs-1/_bulk', bulk, { items: [{ index: { _index: 'logs-1' } }, {}] }, ['{"a":1}']],
    ['/sipol/v1/logs', logs, {}, ['{"resource":{"attributes":{}},"scope":{},"logRecord":{}}']],
    ['/sipol/v1/logs', '{}', {}, []],
  ])('%s takes %j and answers as its sender expects', async (path, body, answer, lines) => {
    const answered = await post(json, body, path);
    expect(answered.status).toBe(200);
    expect(await answered.json()).toMatchObject(answer);
    expect(taker.lines()).toEqual(lines);
  });

  it.each([
    ['/sipol', { error: { code: 'unauthorised' } }],
    ['/sipol/_bulk', { status: 401, error: { type: 'security_exception' } }],
    ['/other/_bulk', { status: 401, error: { type: 'security_exception' } }],
    ['/sipol/v1/logs', { code: 16 }],
  ])('%s refuses a wrong token in the terms of its sender', async (path, answer) => {
    const answered = await post({ ...json, authorization: 'Bearer wrong' }, '{}', path);
    expect([answered.status, await answered.json()]).toMatchObject([401, answer]);
    expect(taker.chunks).toEqual([]);
  });

  it.each([
    ['/sipol', '[1', { error: { code: 'bad-request' } }],
    ['/sipol/_bulk', '{"index":{}}', { status: 400, error: { type: 'illegal_argument_exception' } }],
    ['/sipol/v1/logs', '[]', { code: 3 }],
  ])('%s refuses what it can not read, and stores nothing', async (path, body, answer) => {
    const answered = await post(json, body, path);
    expect([answered.status, await answered.json()]).toMatchObject([400, answer]);
    expect(taker.chunks).toEqual([]);
  });

  it.each([
    ['/sipol/_bulk', bulk],
    ['/sipol/v1/logs', logs],
  ])('%s asks to come again while nothing can be stored', async (path, body) => {
    isStoreFailing = true;
    const answer = await post(json, body, path);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
  });

  it.each([
    ['GET', '/sipol/', good, 200],
    ['HEAD', '/sipol/', good, 200],
    ['GET', '/sipol/_license', good, 200],
    ['GET', '/sipol/_ilm/policy/filebeat', good, 404],
    ['GET', '/sipol/', {}, 401],
    ['GET', '/other/', good, 401],
    ['HEAD', '/sipol/', {}, 401],
  ])('%s %s with %j is answered %i', async (method, path, headers, status) => {
    const answer = await fetch(url + path, { method, headers: headers as Record<string, string> });
    expect([answer.status, answer.headers.get('x-elastic-product')]).toEqual([status, 'Elasticsearch']);
  });
});
