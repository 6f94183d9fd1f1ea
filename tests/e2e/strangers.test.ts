import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEdgeDesk, steadyFeed, watch, type Analyst, type EdgeDesk } from './edge-desk.ts';
import { openRaw } from './raw-connection.ts';

const trafficMs = 30_000;

let desk: EdgeDesk;
let analyst: Analyst;
let stopFeed: ReturnType<typeof steadyFeed>;
beforeAll(async () => {
  desk = await openEdgeDesk({ connectionsPerAddress: 2_000, socketsPerAddress: 2_000, unknownEvents: 100 });
  stopFeed = steadyFeed(desk.siaga.url);
  analyst = await watch(desk.siaga.url, desk.cookie);
});
afterAll(async () => {
  analyst?.close();
  await desk?.close();
});

const rooms = [
  'frames',
  'alerts',
  'frames-masked',
  'alerts-masked',
  'live',
  'frame:sent',
  'alerts:changed',
  'admin',
  '*',
  '',
  'user:anton',
  'wall',
  '__proto__',
];
const asks = [
  '40',
  '40{"token":"x"}',
  '420["live:subscribe",{"frameSeq":null,"alertCursor":null}]',
  '421["frames:resync",{"after":0}]',
  ...rooms.flatMap((room) => [
    `42["join",${JSON.stringify(room)}]`,
    `42["subscribe",${JSON.stringify(room)}]`,
    `40/${room},`,
    `42/${room},["live:subscribe",{"frameSeq":null,"alertCursor":null}]`,
  ]),
];
const strangers = [
  { name: 'without a cookie' },
  { name: 'with an empty cookie', cookie: 'siaga_session=' },
  { name: 'with a cookie of nobody', cookie: `siaga_session=${'A'.repeat(43)}` },
  { name: 'with a cookie of a prototype', cookie: 'siaga_session=__proto__' },
];

it('S-23: who is not signed in hears nothing in thirty seconds of traffic, whatever is asked', async () => {
  const until = Date.now() + trafficMs;
  const heard: string[] = [];
  const rounds = strangers.map(async ({ cookie }) => {
    let opened = 0;
    for (; Date.now() < until; opened += 1) {
      const raw = await openRaw({
        port: desk.port,
        headers: cookie === undefined ? [] : [`Cookie: ${cookie}`],
      });
      for (const ask of asks) raw.send(ask);
      await raw.closed(Math.min(2_000, Math.max(0, until - Date.now())));
      heard.push(raw.text());
      raw.socket.destroy();
    }
    return opened;
  });
  const opened = await Promise.all(rounds);
  await stopFeed();
  const frames = analyst.frames.length;
  console.log(
    `strangers: ${opened.join(', ')} sockets ${strangers.map(({ name }) => name).join(', ')}, ${asks.length} questions each; heard ${heard.join('').length} bytes; meanwhile an analyst got ${frames} frames`,
  );
  expect(frames).toBeGreaterThan(trafficMs / 1_000 - 5);
  expect(heard.length).toBeGreaterThan(20);
  for (const text of heard) expect(text).not.toMatch(/frame|alerts|snapshot|parties|recent|\b42\[|43\d/);
});
