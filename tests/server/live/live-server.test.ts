import { grantsOfRole } from '../../../shared/authority.ts';
import type { SocketFact } from '../../../server/audit/socket-notes.ts';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket as TcpSocket } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEdge } from '../../../server/edge/edge.ts';
import { defaultLimits } from '../../../server/limits/limits.ts';
import { createLiveServer, type LiveIdentity, type LiveServer } from '../../../server/live/live-server.ts';
import { createRecentFrames, type RecentFrames } from '../../../server/live/recent-frames.ts';
import { createPseudonyms } from '../../../server/personal/pseudonyms.ts';
import { createPersonalViews } from '../../../server/personal/view.ts';
import type { Frame } from '../../../shared/live/frame.ts';
import { livePath, type ClientToServer, type ServerToClient } from '../../../shared/live/protocol.ts';

type Client = Socket<ServerToClient, ClientToServer>;

const kind = { registered: 38, present: 38 };
const frame = (seq: number): Frame => ({
  seq,
  at: seq * 1_000,
  events: seq,
  unparsed: 0,
  signals: 0,
  logins: { success: seq, failure: 0, blocked: 0 },
  parties: [],
  partyFailures: {},
  topFailures: [],
  accounts: { national: kind, aceh: { registered: 7, present: 7 }, absent: [], unknown: [] },
  sources: [],
  coverage: [],
  usualFailures: null,
  watermark: null,
});

const grants = grantsOfRole.analyst;
let http: Server;
let live: LiveServer;
let recent: RecentFrames;
let url = '';
let sessions: Map<string, LiveIdentity>;
let endSession: (sessionKey: string, reason: 'signed-out' | 'expired' | 'revoked') => void = () => undefined;
let facts: SocketFact[];
let clients: Client[] = [];

beforeEach(async () => {
  sessions = new Map([['ana', { sessionKey: 'ana', user: 'ana', due: null, grants }]]);
  facts = [];
  recent = createRecentFrames([]);
  http = createServer();
  live = createLiveServer({
    http,
    identify: ({ cookie }) => sessions.get(cookie ?? '') ?? null,
    onSessionEnded: (listener) => {
      endSession = listener;
      return () => undefined;
    },
    mayConnect: ({ headers }) => headers.origin === 'https://siaga.example',
    snapshot: ({ alertCursor }) =>
      Promise.resolve({
        now: 1,
        mode: 'production',
        version: '0',
        parties: [],
        frame: recent.newest(),
        recent: recent.series(0),
        alerts: [],
        openAlerts: 0,
        missed: [],
        alertCursor: alertCursor ?? 0,
      }),
    recent,
    personal: createPersonalViews(createPseudonyms(Buffer.alloc(32, 7))),
    now: () => 0,
    log: () => undefined,
    edge: createEdge({
      limits: defaultLimits,
      trustedProxies: [],
      delayMs: () => 0,
      now: () => 0,
      log: () => undefined,
    }),
    onSocket: (fact) => facts.push(fact),
  });
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const client of clients) client.disconnect();
  clients = [];
  live.close();
  http.closeAllConnections();
  await new Promise((resolve) => void http.close(resolve));
});

function open(cookie: string, origin = 'https://siaga.example'): Client {
  const client: Client = io(url, {
    path: livePath,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { cookie, origin },
  });
  clients.push(client);
  return client;
}

const connected = (client: Client) =>
  new Promise<string>((resolve) => {
    client.on('connect', () => resolve('connected'));
    client.on('connect_error', ({ message }) => resolve(message));
  });

async function subscribed(cookie = 'ana'): Promise<Client> {
  const client = open(cookie);
  await connected(client);
  await client.emitWithAck('live:subscribe', { frameSeq: null, alertCursor: null });
  return client;
}

describe('a live socket', () => {
  it('is told of when it comes, when it goes, and when it is refused', async () => {
    const client = await subscribed();
    await connected(open('nobody'));
    await connected(open('ana', 'https://evil.example'));
    client.disconnect();
    await expect.poll(() => facts.length).toBe(4);
    const [came, unknown, foreign, went] = facts;
    expect(came).toMatchObject({ kind: 'connected', headers: { cookie: 'ana' }, address: '127.0.0.1' });
    expect(unknown).toMatchObject({ kind: 'refused', reason: 'unauthorised', address: '127.0.0.1' });
    expect(foreign).toMatchObject({ kind: 'refused', reason: 'origin', headers: { cookie: 'ana' } });
    expect(went).toEqual({
      kind: 'ended',
      id: came?.kind === 'connected' ? came.id : '',
      reason: 'client namespace disconnect',
    });
  });

  it('is refused without an identity that may see it', async () => {
    expect(await connected(open('nobody'))).toBe('unauthorised');
    sessions.set('new', { sessionKey: 'new', user: 'new', due: 'password', grants });
    expect(await connected(open('new'))).toBe('password-due');
  });

  it.each(['https://siaga.example.evil.example', 'http://siaga.example', 'null'])(
    'is refused from origin %s',
    async (origin) => {
      expect(await connected(open('ana', origin))).not.toBe('connected');
    },
  );

  it('gets nothing before it subscribed, then every frame', async () => {
    const early = open('ana');
    await connected(early);
    const seen = vi.fn();
    early.on('frame:sent', seen);
    const client = await subscribed();
    const next = new Promise<Frame>((resolve) => void client.on('frame:sent', resolve));
    live.sendFrame(frame(1));
    expect((await next).seq).toBe(1);
    expect(seen).not.toHaveBeenCalled();
  });

  it('gets alert changes at once, in order', async () => {
    const client = await subscribed();
    const seqs: number[] = [];
    const done = new Promise<void>((resolve) => {
      client.on('alerts:changed', (changes) => {
        seqs.push(...changes.map(({ seq }) => seq));
        if (seqs.length === 3) resolve();
      });
    });
    const change = (seq: number) => ({ seq }) as never;
    live.sendChanges([change(1)]);
    live.sendChanges([change(2), change(3)]);
    await done;
    expect(seqs).toEqual([1, 2, 3]);
  });

  it('asks for the frames it missed', async () => {
    const client = await subscribed();
    for (let seq = 1; seq <= 5; seq += 1) recent.push(frame(seq));
    expect(await client.emitWithAck('frames:resync', { after: 3 })).toMatchObject({
      recent: { success: [4, 5] },
      frame: { seq: 5 },
    });
  });

  it('loses its data at once when its session ends, and is told why', async () => {
    const client = await subscribed();
    const seen = vi.fn();
    client.on('frame:sent', seen);
    const ended = new Promise((resolve) => void client.on('session:ended', resolve));
    const gone = new Promise((resolve) => void client.on('disconnect', resolve));
    sessions.delete('ana');
    endSession('ana', 'revoked');
    live.sendFrame(frame(1));
    expect(await ended).toEqual({ reason: 'revoked' });
    await gone;
    expect(seen).not.toHaveBeenCalled();
  });

  it('loses its data with the next frame when its session expired and nobody said so', async () => {
    const client = await subscribed();
    const seen = vi.fn();
    client.on('frame:sent', seen);
    const gone = new Promise((resolve) => void client.on('disconnect', resolve));
    sessions.clear();
    live.sendFrame(frame(1));
    await gone;
    expect(seen).not.toHaveBeenCalled();
  });

  it('sees pseudonyms without the permission to see more', async () => {
    const failures: [string, number][] = [['203.0.113.9', 3]];
    sessions.set('vera', { sessionKey: 'vera', user: 'vera', due: null, grants: grantsOfRole.viewer });
    const [masked, clear] = [await subscribed('vera'), await subscribed()];
    const next = (client: Client) => new Promise<Frame>((resolve) => void client.once('frame:sent', resolve));
    const frames = Promise.all([next(masked), next(clear)]);
    live.sendFrame({ ...frame(1), topFailures: failures });
    const [seen, known] = await frames;
    expect(seen?.topFailures).toEqual([[expect.stringMatching(/^ip-\w{12}$/), 3]]);
    expect(known?.topFailures).toEqual(failures);
    recent.push({ ...frame(1), topFailures: failures });
    expect(JSON.stringify(await masked.emitWithAck('frames:resync', { after: 0 }))).not.toContain('203.0');
  });

  it('is ended with the next frame when it may see less than before', async () => {
    const client = await subscribed();
    const seen = vi.fn();
    client.on('frame:sent', seen);
    const ended = new Promise((resolve) => void client.on('session:ended', resolve));
    sessions.set('ana', { sessionKey: 'ana', user: 'ana', due: null, grants: grantsOfRole.viewer });
    live.sendFrame(frame(1));
    expect(await ended).toEqual({ reason: 'revoked' });
    expect(seen).not.toHaveBeenCalled();
  });

  it('that may see more than before sees it once it subscribes again, and once only', async () => {
    sessions.set('vera', { sessionKey: 'vera', user: 'vera', due: null, grants: grantsOfRole.viewer });
    const client = await subscribed('vera');
    sessions.set('vera', { sessionKey: 'vera', user: 'vera', due: null, grants });
    await client.emitWithAck('live:subscribe', { frameSeq: null, alertCursor: null });
    const frames: Frame[] = [];
    client.on('frame:sent', (one) => void frames.push(one));
    live.sendFrame({ ...frame(1), topFailures: [['203.0.113.9', 3]] });
    await vi.waitFor(() => expect(frames).not.toEqual([]));
    await client.emitWithAck('frames:resync', { after: 0 });
    expect(frames.map(({ topFailures }) => topFailures)).toEqual([[['203.0.113.9', 3]]]);
  });

  it.each([
    ['no object', 'x'],
    ['text for a number', { frameSeq: '1', alertCursor: null }],
    ['nothing', {}],
    ['prototypes', JSON.parse('{"__proto__":{"frameSeq":1}}')],
  ])('that asks with %s is told what was expected', async (_what, body) => {
    const client = open('ana');
    await connected(client);
    expect(await client.emitWithAck('live:subscribe', body as never)).toMatchObject({
      error: { code: 'bad-request' },
    });
  });

  it('that asks too often is closed, others are not', async () => {
    const [noisy, calm] = [await subscribed(), await subscribed()];
    const gone = new Promise((resolve) => void noisy.on('disconnect', resolve));
    for (let n = 0; n <= defaultLimits.socketMessages; n += 1)
      noisy.emit('frames:resync', { after: 0 }, () => undefined);
    await gone;
    expect(calm.connected).toBe(true);
  });

  it('that sends more than a message may hold is closed, others are not', async () => {
    const [noisy, calm] = [await subscribed(), await subscribed()];
    const gone = new Promise((resolve) => void noisy.on('disconnect', resolve));
    noisy.emit('live:subscribe', 'x'.repeat(defaultLimits.socketMessageBytes) as never, () => undefined);
    await gone;
    expect(calm.connected).toBe(true);
  });

  it('is one of at most so many of its user', async () => {
    for (let n = 0; n < defaultLimits.socketsPerUser; n += 1)
      expect(await connected(open('ana'))).toBe('connected');
    expect(await connected(open('ana'))).toBe('too-many-sockets-of-this-user');
  });

  it('that sends events nobody declared changes nothing', async () => {
    const client = await subscribed();
    for (const name of [
      'alerts:changed',
      'frame:sent',
      'disconnecting',
      'newListener',
      '__proto__',
      'join',
    ]) {
      if (name === 'disconnecting' || name === 'newListener') continue;
      (client as unknown as Socket).emit(name, { room: 'live' });
    }
    expect(await client.emitWithAck('frames:resync', { after: 0 })).toMatchObject({ frame: null });
  });
});

describe('a slow socket', () => {
  const upgrade = (socket: TcpSocket) =>
    new Promise<void>((resolve) => {
      socket.once('data', () => resolve());
      socket.write(
        `GET ${livePath}/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\nOrigin: https://siaga.example\r\nCookie: ana\r\n\r\n',
      );
    });
  const send = (socket: TcpSocket, text: string) => {
    const head =
      text.length < 126 ? [0x81, 0x80 | text.length] : [0x81, 0xfe, text.length >> 8, text.length & 255];
    socket.write(Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), Buffer.from(text)]));
  };

  it('misses frames instead of making a queue grow, and gets the newest once it reads again', async () => {
    const slow = connect((http.address() as AddressInfo).port, '127.0.0.1');
    await upgrade(slow);
    send(slow, '40');
    send(slow, '420["live:subscribe",{"frameSeq":null,"alertCursor":null}]');
    const quick = await subscribed();
    await vi.waitFor(() => expect(live.connected()).toBe(2));
    slow.pause();

    const topFailures = Array.from({ length: 4_000 }, (_v, n): [string, number] => [`203.0.113.${n}`, n]);
    const frames = 200;
    for (let seq = 1; seq <= frames; seq += 1) {
      const arrived = new Promise((resolve) => void quick.once('frame:sent', resolve));
      live.sendFrame({ ...frame(seq), topFailures });
      await arrived;
    }

    let text = '';
    slow.on('data', (bytes) => void (text += bytes.toString('latin1')));
    slow.resume();
    const seqs = () => [...text.matchAll(/"frame:sent",\{"seq":(\d+)/g)].map((match) => Number(match[1]));
    const last = frames + 1;
    await vi.waitFor(() => {
      live.sendFrame(frame(last));
      expect(seqs()).toContain(last);
    });
    expect(new Set(seqs()).size).toBeLessThan(frames);
    slow.destroy();
  });
});
