import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maxInflatedBytes } from '../../server/ingest/http/inflate.ts';
import { createIngestHandler } from '../../server/ingest/ingest-handler.ts';
import { createHttpSource } from '../../server/ingest/sources/http-source.ts';
import { createTaker } from '../contract/source.suite.ts';

const token = 'a-token-of-the-bombs';
const mebibyte = 1_024 * 1_024;
let server: Server;
let url = '';
const taker = createTaker();

beforeAll(async () => {
  const source = createHttpSource({
    source: 'web',
    tokenSha256: createHash('sha256').update(token).digest('hex'),
    isStoreFailing: () => false,
    onStoreFailing: () => () => undefined,
    committed: () => Promise.resolve(),
    findBatch: () => Promise.resolve(null),
    repeat: () => undefined,
    log: () => undefined,
    schedule: () => ({ cancel: () => undefined }),
  });
  await source.start(taker.handOver);
  const handler = createIngestHandler([source]);
  server = createServer((request, answer) => void handler(request, answer, 'web'));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  taker.release();
  server.closeAllConnections();
  await new Promise((resolve) => void server.close(resolve));
});

const bomb = gzipSync(Buffer.alloc(256 * mebibyte, 'a\n'));
const members = Buffer.concat(Array<Buffer>(1_000).fill(gzipSync(Buffer.alloc(mebibyte))));
const bombs = [
  { name: '256 MiB in one member', body: bomb, encoding: 'gzip', status: 413 },
  {
    name: '256 MiB by deflate',
    body: deflateSync(Buffer.alloc(256 * mebibyte, 'a\n')),
    encoding: 'deflate',
    status: 413,
  },
  { name: '1,000 members of 1 MiB', body: members, encoding: 'gzip', status: 413 },
  { name: 'one within another, said once', body: gzipSync(bomb), encoding: 'gzip', status: 200 },
  // What is refused by its name is not read, so a long body could meet a closed connection.
  {
    name: 'one within another, said twice',
    body: gzipSync(bomb).subarray(0, 1_000),
    encoding: 'gzip, gzip',
    status: 415,
  },
  { name: 'brotli', body: bomb.subarray(0, 1_000), encoding: 'br', status: 415 },
  { name: 'zstd', body: bomb.subarray(0, 1_000), encoding: 'zstd', status: 415 },
];
/** Inflated bodies that may wait for the collector of garbage, beside the one in work. */
const allowedGrowth = 4 * maxInflatedBytes;

describe('a decompression bomb', () => {
  it.each(bombs)('is refused or stays small: $name', async ({ body, encoding, status }) => {
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    let highest = before;
    const watch = setInterval(() => {
      highest = Math.max(highest, process.memoryUsage().rss);
    }, 5);
    try {
      for (let round = 0; round < 5; round += 1) {
        const answer = await fetch(url, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-encoding': encoding },
          body: new Uint8Array(body),
        });
        expect(answer.status).toBe(status);
        await answer.arrayBuffer();
      }
    } finally {
      clearInterval(watch);
    }
    expect(highest - before).toBeLessThan(allowedGrowth);
  });
});
