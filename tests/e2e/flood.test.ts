import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ownPassword } from './browser.ts';
import { metricsToken, openEdgeDesk, steadyFeed, watch, type Analyst, type EdgeDesk } from './edge-desk.ts';
import { open, openRaw, say, upgradeOf, statusOf } from './raw-connection.ts';

const connectionsPerAddress = 400;
const socketsPerAddress = 150;
const floodOf = 2_000;
const slowHeads = 300;
const slowReaders = 50;
const signIns = 1_500;
const signInsOverMs = 10_000;

let desk: EdgeDesk;
let analysts: Analyst[] = [];
let stopFeed: ReturnType<typeof steadyFeed>;

beforeAll(async () => {
  desk = await openEdgeDesk({
    connectionsPerAddress,
    socketsPerAddress,
    socketsPerUser: 100,
    socketMessages: 10_000,
    headersTime: '2s',
    socketBacklogBytes: '64KiB',
  });
  stopFeed = steadyFeed(desk.siaga.url);
  analysts = [await watch(desk.siaga.url, desk.cookie), await watch(desk.siaga.url, desk.cookie)];
});

afterAll(async () => {
  for (const analyst of analysts) analyst.close();
  await desk?.close();
});

const worst = (): number =>
  Math.max(...analysts.flatMap(({ frames }) => frames.map(({ delayMs }) => delayMs)));
const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

it('S-48: of 2,000 upgrades of one address the cap lets in its number and no more', async () => {
  const { port } = desk;
  const head = upgradeOf(port, [`Origin: ${desk.siaga.url}`]);
  const sockets = Array.from({ length: floodOf }, () => open({ port, from: '127.0.0.9' }));
  let upgraded = 0;
  let now = 0;
  let most = 0;
  for (const socket of sockets) {
    let isUpgraded = false;
    socket.once('data', (bytes) => {
      isUpgraded = bytes.toString('latin1').startsWith('HTTP/1.1 101');
      if (!isUpgraded) return;
      upgraded += 1;
      most = Math.max(most, (now += 1));
    });
    socket.on('close', () => {
      if (isUpgraded) now -= 1;
    });
    socket.write(head);
  }
  await expect
    .poll(() => sockets.filter(({ closed }) => closed).length, { timeout: 10_000 })
    .toBe(floodOf - socketsPerAddress);
  const reached = await desk.reached();
  console.log(
    `flood: ${floodOf} upgrades, ${upgraded} let in, refused ${reached['connectionsPerAddress']} as connections and ${reached['socketsPerAddress']} as sockets; worst frame ${worst()} ms`,
  );
  expect(most).toBe(socketsPerAddress);
  expect((reached['connectionsPerAddress'] ?? 0) + (reached['socketsPerAddress'] ?? 0)).toBe(
    floodOf - socketsPerAddress,
  );
  expect(
    statusOf(
      await say(
        { port, from: '127.0.0.10' },
        `GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      ),
    ),
  ).toBe(200);
  for (const socket of sockets) socket.destroy();
});

it('S-42: connections with endless headers are dropped by their deadline', async () => {
  const sockets = Array.from({ length: slowHeads }, () => open({ port: desk.port, from: '127.0.0.11' }));
  const answers = sockets.map(async (socket) => {
    let text = '';
    socket.on('data', (bytes) => void (text += bytes.toString('latin1')));
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n');
    const drip = setInterval(() => void socket.write('X-A: 1\r\n'), 500);
    await once(socket, 'close');
    clearInterval(drip);
    return statusOf(text);
  });
  const statuses = await Promise.all(answers);
  const { headersTime } = await desk.reached();
  console.log(`slow headers: ${slowHeads} sent, ${headersTime} dropped; worst frame ${worst()} ms`);
  expect(new Set(statuses)).toEqual(new Set([408]));
  expect(headersTime).toBe(slowHeads);
});

it('slow readers are cut once too many bytes wait for them', async () => {
  const { port, cookie } = desk;
  const readers = await Promise.all(
    Array.from({ length: slowReaders }, () => openRaw({ port, cookie, from: '127.0.0.12' })),
  );
  for (const { socket } of readers) socket.pause();
  const cut = async () => (await desk.reached())['socketBacklogBytes'] ?? 0;
  const subscribe = '["live:subscribe",{"frameSeq":null,"alertCursor":null}]';
  let asked = 0;
  for (let round = 0; round < 60 && (await cut()) < slowReaders; round += 1) {
    for (const { socket, send } of readers) {
      if (socket.destroyed) continue;
      for (let n = 0; n < 4; n += 1) send(`42${round * 4 + n}${subscribe}`);
    }
    asked += 4;
    await pause(300);
  }
  console.log(
    `slow readers: ${slowReaders}, cut ${await cut()} after ${asked} questions each; worst frame ${worst()} ms`,
  );
  expect(await cut()).toBe(slowReaders);
  for (const { socket } of readers) socket.resume();
  const closed = await Promise.all(readers.map((reader) => reader.closed()));
  expect(closed.every(Boolean)).toBe(true);
});

it('a flood of sign-ins is sent away, and the password of an analyst still signs in', async () => {
  const { port, siaga } = desk;
  const signIn = (from: string, name: string, password: string): Promise<string> => {
    const body = JSON.stringify({ name, password });
    const head = [
      'POST /api/session HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      `Origin: ${siaga.url}`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      'Connection: close',
    ];
    return say({ port, from }, `${head.join('\r\n')}\r\n\r\n${body}`, 20_000);
  };
  const counts = new Map<number, number>();
  const begun = performance.now();
  const flood = Array.from({ length: signIns }, async (_value, index) => {
    await pause((index * signInsOverMs) / signIns);
    // Names that are there and that aren't, of sixty addresses.
    const name = index % 2 === 0 ? 'anton' : `nobody-${index}`;
    const status = statusOf(await signIn(`127.0.1.${1 + (index % 60)}`, name, `wrong-password-${index}`));
    counts.set(status, (counts.get(status) ?? 0) + 1);
  });
  await Promise.all(flood);
  const seconds = (performance.now() - begun) / 1_000;
  const told = [...counts].toSorted(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status}`);
  console.log(
    `sign-ins: ${signIns} in ${seconds.toFixed(1)} s: ${told.join(', ')}; worst frame ${worst()} ms`,
  );
  // Wrong, too often of that address, or no place among those who wait.
  expect([...counts.keys()].filter((status) => ![401, 429, 503].includes(status))).toEqual([]);
  expect((counts.get(429) ?? 0) + (counts.get(503) ?? 0)).toBeGreaterThan(0);
  expect(statusOf(await signIn('127.0.0.13', 'anton', ownPassword))).toBe(200);
});

it('the analysts missed no frame, the feed no line, and /metrics tells what was refused', async () => {
  await pause(3_000);
  const { posted, refused } = await stopFeed();
  for (const { frames, isConnected } of analysts) {
    expect(isConnected()).toBe(true);
    const first = frames[0]?.seq ?? 0;
    expect(frames.map(({ seq }) => seq)).toEqual(frames.map((_frame, index) => first + index));
    expect(frames.length).toBeGreaterThan(5);
  }
  const headers = { authorization: `Bearer ${metricsToken}` };
  const text = await fetch(`${desk.siaga.url}/metrics`, { headers }).then((answer) => answer.text());
  const reached = await desk.reached();
  for (const limit of ['connectionsPerAddress', 'socketsPerAddress', 'headersTime', 'socketBacklogBytes'])
    expect(text).toContain(`siaga_limit_reached_total{limit="${limit}"} ${reached[limit]}`);
  console.log(
    `frames ${analysts.map(({ frames }) => frames.length).join(' and ')}, worst ${worst()} ms; batches ${posted}, refused ${refused}`,
  );
  expect(refused).toBe(0);
});
