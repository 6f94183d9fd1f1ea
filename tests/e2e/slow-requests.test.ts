import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEdgeDesk, otherToken, type EdgeDesk } from './edge-desk.ts';
import { expectUnaffected, honestClient } from './honest-client.ts';
import { open, statusOf } from './raw-connection.ts';

const connections = 2_000;
/** Fewer than the usual 400 of an address. */
const perAddress = 250;
const dripMs = 10_000;
/** Deadlines as they are without configuration, and how often they are looked at. */
const [headersMs, requestMs, lookMs] = [10_000, 30_000, 1_000];
/** What a machine with other work may add. */
const slackMs = 2_000;

let desk: EdgeDesk;
beforeAll(async () => {
  // No limit but the number of requests that one honest client makes here.
  desk = await openEdgeDesk({ requestsPerSecond: 1_000 });
});
afterAll(() => desk?.close());

interface Slow {
  readonly socket: Socket;
  readonly kind: string;
  answer: string;
  /** How long it was held, ms; `null` while it is. */
  heldMs: number | null;
}

// Slow bodies of a source with its token take the places of that source, and of no other.
const heads: [string, () => string][] = [
  ['headers to the screens', () => `GET / HTTP/1.1\r\nHost: 127.0.0.1:${desk.port}\r\n`],
  ['headers to ingest', () => `POST /ingest/v1/feed HTTP/1.1\r\nHost: 127.0.0.1:${desk.port}\r\n`],
  [
    'a body to the API',
    () =>
      `POST /api/session HTTP/1.1\r\nHost: 127.0.0.1:${desk.port}\r\nOrigin: ${desk.siaga.url}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n`,
  ],
  [
    'a body to ingest',
    () =>
      `POST /ingest/v1/other HTTP/1.1\r\nHost: 127.0.0.1:${desk.port}\r\nAuthorization: Bearer ${otherToken}\r\nContent-Length: 1000\r\n\r\n`,
  ],
];

function openSlow(index: number): Slow {
  const [kind, head] = heads[index % heads.length] ?? ['', () => ''];
  const from = `127.0.0.${20 + Math.floor(index / perAddress)}`;
  const slow: Slow = { socket: open({ port: desk.port, from }), kind, answer: '', heldMs: null };
  const begun = performance.now();
  slow.socket.write(head());
  const drip = setInterval(() => void slow.socket.write('x'), dripMs);
  slow.socket.on('data', (bytes) => void (slow.answer += bytes.toString('latin1')));
  slow.socket.on('close', () => {
    clearInterval(drip);
    slow.heldMs = performance.now() - begun;
  });
  return slow;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

it('S-42: 2,000 connections of a byte each ten seconds are dropped in time, and the honest are served', async () => {
  const stopBefore = honestClient(desk);
  await pause(4_000);
  const before = await stopBefore();
  const stop = honestClient(desk);
  const all = Array.from({ length: connections }, (_value, index) => openSlow(index));
  const end = performance.now() + requestMs + lookMs + slackMs;
  while (performance.now() < end && all.some(({ heldMs }) => heldMs === null)) await pause(100);
  const during = await stop();
  for (const [kind] of heads) {
    const of = all.filter((slow) => slow.kind === kind);
    const statuses = [...new Set(of.map(({ answer }) => statusOf(answer)))].toSorted((a, b) => a - b);
    const longest = Math.max(...of.map(({ heldMs }) => heldMs ?? Number.POSITIVE_INFINITY));
    console.log(
      `${kind}: ${of.length} connections, held for ${longest.toFixed(0)} ms at most, answered ${statuses.join(' or ')}`,
    );
    expect(longest).toBeLessThan((kind.startsWith('headers') ? headersMs : requestMs) + lookMs + slackMs);
    // A source takes so many requests at once and sends the others away.
    expect(kind === 'a body to ingest' ? [408, 429] : [408]).toEqual(statuses);
  }
  console.log(`an honest client: ${expectUnaffected(before, during)}`);
  const { headersTime, requestTime } = await desk.reached();
  expect(headersTime).toBe(connections / 2);
  expect(requestTime).toBeGreaterThanOrEqual(connections / 4);
});
