import { randomBytes } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEdgeDesk, sourceToken, type EdgeDesk } from './edge-desk.ts';
import { peakDuring, residentOf } from './process-memory.ts';

const mebibyte = 1_024 * 1_024;
const allowedGrowthMiB = 64;

let desk: EdgeDesk;
beforeAll(async () => {
  desk = await openEdgeDesk({ requestsPerSecond: 1_000 });
  const honest = gzipSync('no line that a parser knows\n'.repeat(5_000));
  for (let round = 0; round < 10; round += 1) expect((await send(honest, 'gzip')).status).toBe(200);
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

async function expectSmall(name: string, work: () => Promise<unknown>): Promise<void> {
  const base = residentOf(desk.siaga.pid);
  const growth = (await peakDuring(desk.siaga.pid, work)) - base;
  console.log(`bomb, ${name}: ${growth.toFixed(1)} MiB over ${base.toFixed(0)} at most`);
  expect(growth).toBeLessThan(allowedGrowthMiB);
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

  it('costs no more when sixteen come at once, again and again', async () => {
    const sixteen = async () => {
      for (let round = 0; round < 3; round += 1) {
        const answers = await Promise.all(Array.from({ length: 16 }, () => send(bomb, 'gzip')));
        expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 413));
      }
    };
    await expectSmall('sixteen at once', sixteen);
  });

  it('in front of a long body is answered to its sender, who is still sending, before it is closed', async () => {
    const long = Buffer.concat([bomb, randomBytes(7 * mebibyte)]);
    for (let round = 0; round < 20; round += 1) {
      const { status, text, isClosed } = await send(long, 'gzip');
      expect([status, isClosed]).toEqual([413, true]);
      expect(text).toContain(tooLarge);
    }
  });
});
