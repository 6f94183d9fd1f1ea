import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEdgeDesk, steadyFeed, watch, type Analyst, type EdgeDesk } from './edge-desk.ts';
import { openRaw, say, statusOf } from './raw-connection.ts';

const messages = 100_000;
/** With so many that are no command a socket is closed, by `limits.unknownEvents`. */
const perSocket = 100;
const atOnce = 20;

let desk: EdgeDesk;
let analysts: Analyst[] = [];
let stopFeed: ReturnType<typeof steadyFeed>;
beforeAll(async () => {
  desk = await openEdgeDesk({
    socketMessages: 10_000,
    unknownEvents: perSocket,
    socketsPerUser: 1_000,
    socketsPerAddress: 10_000,
    connectionsPerAddress: 10_000,
    requestsPerSecond: 10_000,
  });
  stopFeed = steadyFeed(desk.siaga.url);
  analysts = [await watch(desk.siaga.url, desk.cookie), await watch(desk.siaga.url, desk.cookie)];
});
afterAll(async () => {
  for (const analyst of analysts) analyst.close();
  await desk?.close();
});

/** Names that are no event's, each of which ends its socket at once. */
const forbidden = [
  'connect',
  'connect_error',
  'disconnect',
  'disconnecting',
  'newListener',
  'removeListener',
];
const reserved = [
  'error',
  'connection',
  'close',
  'data',
  'packet',
  'drain',
  'session:ended',
  'frame:sent',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'live:subscribe',
  'frames:resync',
];
const bodies = [
  '{}',
  'null',
  '[]',
  '1',
  '"x"',
  '{"__proto__":{"polluted":1}}',
  '{"toString":1}',
  '{"after":1e999}',
  '{"after":{"valueOf":1}}',
  '{"frameSeq":null,"alertCursor":null,"x":1}',
  '[[[[[[]]]]]]',
  'true',
];

/** The same messages in each run. */
function createMessages(seed: number): (id: number) => string {
  let state = seed;
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  const odd = (): string =>
    Array.from({ length: random(12) }, () => String.fromCodePoint(random(0x2_00))).join('');
  const name = (): string => (random(2) === 0 ? (reserved[random(reserved.length)] ?? '') : odd());
  return (id) =>
    `42${id % 3 === 0 ? id : ''}[${JSON.stringify(name())},${bodies[random(bodies.length)] ?? ''}]`;
}

const message = createMessages(7);

const until = async (isSo: () => boolean, what: string): Promise<void> => {
  for (let tries = 0; tries < 2_000 && !isSo(); tries += 1)
    await new Promise((resolve) => void setTimeout(resolve, 5));
  if (!isSo()) throw new Error(what);
};

/** One socket that says its share: all but the last are looked at, and the last ends it. */
async function sendShare(index: number): Promise<void> {
  const { send, text, socket } = await openRaw(desk);
  for (let id = 1; id < perSocket; id += 1) send(message(id));
  // What is asked last is answered last.
  send('429999["frames:resync",{"after":0}]');
  await until(() => text().includes('439999['), 'a socket was closed or not answered');
  const answered = text().length;
  send(`42[${JSON.stringify(forbidden[index % forbidden.length])},{}]`);
  // A closing frame, or the end of the connection.
  await until(() => socket.destroyed || text().slice(answered).includes('\x88'), 'a socket was not closed');
  socket.destroy();
}

describe('S-17: a hundred thousand messages with names that are reserved or odd', () => {
  it('leave the server alive, and nobody else misses a frame', async () => {
    const begun = performance.now();
    for (let sent = 0; sent < messages; sent += atOnce * perSocket)
      await Promise.all(Array.from({ length: atOnce }, (_value, index) => sendShare(index)));
    const seconds = (performance.now() - begun) / 1_000;
    await new Promise((resolve) => void setTimeout(resolve, 2_000));
    const { posted, refused } = await stopFeed();
    const worst = Math.max(...analysts.flatMap(({ frames }) => frames.map(({ delayMs }) => delayMs)));
    console.log(
      `${messages} messages by ${messages / perSocket} sockets in ${seconds.toFixed(1)} s; analysts got ${analysts.map(({ frames }) => frames.length).join(' and ')} frames, the latest after ${worst} ms; batches ${posted}, refused ${refused}`,
    );
    expect(seconds).toBeLessThan(35);
    expect(refused).toBe(0);
    for (const { frames, isConnected } of analysts) {
      expect(isConnected()).toBe(true);
      const first = frames[0]?.seq ?? 0;
      expect(frames.map(({ seq }) => seq)).toEqual(frames.map((_frame, index) => first + index));
      expect(frames.length).toBeGreaterThan(seconds);
    }
    const ready = `GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:${desk.port}\r\nConnection: close\r\n\r\n`;
    expect(statusOf(await say(desk, ready))).toBe(200);
    process.kill(desk.siaga.pid, 0);
    expect(desk.siaga.output()).not.toMatch(/uncaught|unhandled|died/i);
  });
});
