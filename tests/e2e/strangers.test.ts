import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEdgeDesk, steadyFeed, watch, type Analyst, type EdgeDesk } from './edge-desk.ts';
import { openRaw } from './raw-connection.ts';

const trafficMs = 30_000;
const holdMs = 2_500;

let desk: EdgeDesk;
let analyst: Analyst;
let stopFeed: ReturnType<typeof steadyFeed>;
beforeAll(async () => {
  desk = await openEdgeDesk({
    connectionsPerAddress: 2_000,
    socketsPerAddress: 2_000,
    socketMessages: 10_000,
  });
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
  // Each question on a socket of its own, since many of them end it; held until frames have passed by.
  const ask = async (question: string, cookie: string | undefined): Promise<void> => {
    const headers = cookie === undefined ? [] : [`Cookie: ${cookie}`];
    const raw = await openRaw({ port: desk.port, headers });
    raw.send('40');
    if (question !== '40') raw.send(question);
    await raw.closed(holdMs);
    heard.push(raw.text());
    raw.socket.destroy();
  };
  const rounds = strangers.map(async ({ cookie }) => {
    let opened = 0;
    while (Date.now() < until) {
      await Promise.all(asks.map((question) => ask(question, cookie)));
      opened += asks.length;
    }
    return opened;
  });
  const opened = await Promise.all(rounds);
  await stopFeed();
  const frames = analyst.frames.length;
  console.log(
    `strangers: ${opened.join(', ')} sockets ${strangers.map(({ name }) => name).join(', ')}; heard ${heard.join('').length} bytes; meanwhile an analyst got ${frames} frames`,
  );
  expect(frames).toBeGreaterThan(trafficMs / 1_000 - 5);
  expect(heard.length).toBeGreaterThan(20);
  // An event, an answer, or a part of a snapshot; a refusal may repeat the name that was asked for.
  const data = /42\[|43\d*\[|"(?:recent|parties|alerts|frame|seq)":/;
  for (const text of heard) expect(text).not.toMatch(data);
});
