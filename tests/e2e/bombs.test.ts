import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEdgeDesk, sourceToken, type EdgeDesk } from './edge-desk.ts';
import { peakDuring, residentOf } from './process-memory.ts';
import { open, statusOf } from './raw-connection.ts';

const mebibyte = 1_024 * 1_024;
const allowedGrowthMiB = 64;
const allowedOfManyMiB = 96;

let desk: EdgeDesk;
/** After honest bodies and before the first bomb: what a bomb leaves behind counts for the next one too. */
let base = 0;
beforeAll(async () => {
  desk = await openEdgeDesk({ requestsPerSecond: 1_000 });
  const honest = gzipSync('no line that a parser knows\n'.repeat(5_000));
  for (let round = 0; round < 10; round += 1) expect((await send(honest, 'gzip')).status).toBe(200);
  base = residentOf(desk.siaga.pid);
});
afterAll(() => desk?.close());

const bomb = gzipSync(Buffer.alloc(256 * mebibyte, 'a\n'));
const inflatesTo = 33_554_432;
const tooLarge = `expected at most ${inflatesTo} bytes once inflated`;
const unsupported = 'expected gzip, deflate or none';
const bombs = [
  { name: '256 MiB in one member', body: bomb, encoding: 'gzip', status: 413, reason: tooLarge },
  {
    name: '256 MiB by deflate',
    body: deflateSync(Buffer.alloc(256 * mebibyte, 'a\n')),
    encoding: 'deflate',
    status: 413,
    reason: tooLarge,
  },
  {
    name: '1,000 members of 1 MiB',
    body: Buffer.concat(Array<Buffer>(1_000).fill(gzipSync(Buffer.alloc(mebibyte)))),
    encoding: 'gzip',
    status: 413,
    reason: tooLarge,
  },
  // Inflated once it is small: lines that no parser understands.
  {
    name: 'one within another, said once',
    body: gzipSync(bomb),
    encoding: 'gzip',
    status: 200,
    reason: '"stored"',
  },
  {
    name: 'one within another, said twice',
    body: gzipSync(bomb),
    encoding: 'gzip, gzip',
    status: 415,
    reason: unsupported,
  },
  { name: 'brotli', body: bomb.subarray(0, 1_000), encoding: 'br', status: 415, reason: unsupported },
  { name: 'zstd', body: bomb.subarray(0, 1_000), encoding: 'zstd', status: 415, reason: unsupported },
];

async function send(body: Buffer, encoding: string) {
  const answer = await fetch(`${desk.siaga.url}/ingest/v1/feed`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sourceToken}`, 'content-encoding': encoding },
    body: new Uint8Array(body),
  });
  return {
    status: answer.status,
    text: await answer.text(),
    isClosed: answer.headers.get('connection') === 'close',
  };
}

async function expectSmall(
  name: string,
  work: () => Promise<unknown>,
  allowedMiB = allowedGrowthMiB,
): Promise<void> {
  const growth = (await peakDuring(desk.siaga.pid, work)) - base;
  console.log(`bomb, ${name}: ${growth.toFixed(1)} MiB over ${base.toFixed(0)} at most`);
  expect(growth).toBeLessThan(allowedMiB);
}

describe('S-14: a decompression bomb', () => {
  it.each(bombs)('is answered, and costs the server little: $name', async (each) => {
    await expectSmall(each.name, async () => {
      for (let round = 0; round < 5; round += 1) {
        const { status, text, isClosed } = await send(each.body, each.encoding);
        expect([status, isClosed]).toEqual([each.status, each.status === 413]);
        expect(text).toContain(each.reason);
      }
    });
  });

  it('costs hardly more when sixteen come at once, again and again', async () => {
    const sixteen = async () => {
      for (let round = 0; round < 3; round += 1) {
        const answers = await Promise.all(Array.from({ length: 16 }, () => send(bomb, 'gzip')));
        expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 413));
      }
    };
    await expectSmall('sixteen at once', sixteen, allowedOfManyMiB);
  });

  it('that is still being sent is told why before its connection is closed', async () => {
    const socket = open({ port: desk.port });
    let text = '';
    const closed = new Promise<void>((resolve) => void socket.on('close', () => resolve()));
    socket.on('data', (bytes) => void (text += bytes.toString('latin1')));
    const head = [
      'POST /ingest/v1/feed HTTP/1.1',
      `Host: 127.0.0.1:${desk.port}`,
      `Authorization: Bearer ${sourceToken}`,
      'Content-Encoding: gzip',
      'Content-Length: 8000000',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    socket.write(bomb);
    const drip = setInterval(() => void socket.write(Buffer.alloc(10_000)), 20);
    await closed;
    clearInterval(drip);
    expect(statusOf(text)).toBe(413);
    expect(text).toContain(tooLarge);
  });
});
