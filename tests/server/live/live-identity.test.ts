import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket as TcpSocket } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Identity } from '../../../server/auth/auth.ts';
import { createEdge } from '../../../server/edge/edge.ts';
import { defaultLimits } from '../../../server/limits/limits.ts';
import { createLiveServer, type LiveServer } from '../../../server/live/live-server.ts';
import { createPseudonyms } from '../../../server/personal/pseudonyms.ts';
import { createPersonalViews } from '../../../server/personal/view.ts';
import { createRecentFrames } from '../../../server/live/recent-frames.ts';
import type { CreateWall, WallDetail } from '../../../shared/api/tokens.ts';
import type { TokenScope } from '../../../shared/authority.ts';
import { livePath, type ClientToServer, type ServerToClient } from '../../../shared/live/protocol.ts';
import { alertOf, changeOf } from '../../client/live-samples.ts';
import { frameOf } from '../metrics/support.ts';
import { addUser, claimAdmin, openAuth, sentBack, type AuthDesk } from '../auth/support.ts';

type Client = Socket<ServerToClient, ClientToServer>;

let desk: AuthDesk;
let http: Server;
let live: LiveServer;
let url = '';
let tcp: TcpSocket[] = [];
let clients: Client[] = [];
let feed: ReturnType<typeof setInterval>;
/** Levels of walls that changed without a word. */
const quietly = new Map<string, WallDetail>();
let admin: Identity;
let analyst: Identity;

const secretAlert = alertOf('rahasia');
const snapshot = {
  now: 1,
  mode: 'production' as const,
  version: '0',
  parties: [],
  frame: null,
  recent: createRecentFrames([]).series(0),
  alerts: [secretAlert],
  openAlerts: 7,
  missed: [changeOf(1, secretAlert)],
  alertCursor: 3,
};

/** The identity of a cookie, which must be somebody's. */
function who(cookie: string): Identity {
  const identity = desk.auth.identify({ cookie });
  if (!identity) throw new Error('no session');
  return identity;
}

beforeEach(async () => {
  desk = await openAuth();
  const { auth } = desk;
  admin = who(await claimAdmin(auth));
  analyst = who(await addUser(auth, 'anton', 'analyst'));
  http = createServer();
  http.on('connection', (socket) => void tcp.push(socket));
  live = createLiveServer({
    http,
    identify: (headers) => {
      const identity = auth.identify(headers);
      const detail = quietly.get(identity?.sessionKey ?? '') ?? identity?.detail;
      return identity && { ...identity, user: identity.name, detail };
    },
    onSessionEnded: auth.onSessionEnded,
    mayConnect: () => true,
    edge: createEdge({
      limits: defaultLimits,
      trustedProxies: [],
      delayMs: () => 0,
      now: () => 0,
      log: () => undefined,
    }),
    snapshot: () => Promise.resolve(snapshot),
    recent: createRecentFrames([]),
    personal: createPersonalViews(createPseudonyms(Buffer.alloc(32, 7))),
    now: () => 0,
    log: () => undefined,
  });
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  let seq = 0;
  feed = setInterval(() => {
    live.sendFrame(frameOf([], { seq: (seq += 1) }));
    live.sendChanges([changeOf(seq, secretAlert)]);
  }, 100);
});
afterEach(async () => {
  clearInterval(feed);
  for (const client of clients) client.disconnect();
  [clients, tcp] = [[], []];
  live.close();
  http.closeAllConnections();
  await new Promise((resolve) => void http.close(resolve));
});

async function open(headers: Record<string, string>) {
  const seen = { frames: 0, changes: 0, ended: '' };
  const client: Client = io(url, {
    path: livePath,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: headers,
  });
  clients.push(client);
  client.on('frame:sent', () => void (seen.frames += 1));
  client.on('alerts:changed', () => void (seen.changes += 1));
  client.on('session:ended', ({ reason }) => void (seen.ended = reason));
  const result = await new Promise<string>((resolve) => {
    client.on('connect', () => resolve('connected'));
    client.on('connect_error', ({ message }) => resolve(message));
  });
  const answer =
    result === 'connected'
      ? await client.emitWithAck('live:subscribe', { frameSeq: null, alertCursor: null })
      : null;
  return { client, result, answer, seen, wire: tcp.at(-1) };
}

async function token(scopes: TokenScope[]) {
  const made = await desk.auth.tokens.create(analyst, { name: 'skrip', scopes, expiresInDays: 1 });
  if (!made.ok) throw new Error(made.code);
  return { id: made.value.token.id, headers: { authorization: `Bearer ${made.value.secret}` } };
}

async function make(detail: CreateWall['detail'], changes: Partial<CreateWall> = {}) {
  const settings = { name: 'Lobi', diagonalInch: 55, distanceM: 5, network: [], expiresAt: null };
  const made = await desk.auth.walls.create(admin, { ...settings, detail, ...changes });
  if (!made.ok) throw new Error(made.code);
  return made.value;
}

async function hang(detail: CreateWall['detail'], changes: Partial<CreateWall> = {}) {
  const { wall, secret } = await make(detail, changes);
  const { result } = await desk.auth.walls.open(secret, '127.0.0.1');
  if (!result.ok) throw new Error(result.code);
  return { id: wall.id, headers: { cookie: sentBack(result.value.cookie) } };
}

/** That nothing at all is sent any more two seconds after it should have ended, while the feed goes on. */
async function staysSilent(wire: TcpSocket | undefined): Promise<void> {
  await new Promise((resolve) => void setTimeout(resolve, 2_000));
  const sent = wire?.bytesWritten ?? -1;
  await new Promise((resolve) => void setTimeout(resolve, 1_000));
  expect(wire?.bytesWritten).toBe(sent);
  expect(wire?.destroyed).toBe(true);
}

describe('a program with a token', () => {
  it('gets frames, and alerts only if it may read them', async () => {
    const both = await open((await token(['live:read', 'alerts:read'])).headers);
    const frames = await open((await token(['live:read'])).headers);
    await expect.poll(() => frames.seen.frames).toBeGreaterThan(5);
    expect(both.seen.changes).toBeGreaterThan(3);
    expect(frames.seen.changes).toBe(0);
    expect(both.answer).toMatchObject({ openAlerts: 7, alerts: [{ id: 'rahasia' }] });
    expect(frames.answer).toMatchObject({ openAlerts: 0, alerts: [], missed: [] });
  });

  it('is refused without live:read, with a wrong token, and with a cookie', async () => {
    expect((await open((await token(['alerts:read'])).headers)).result).toBe('forbidden');
    expect((await open({ authorization: 'Bearer siaga_api_x' })).result).toBe('unauthorised');
    const { headers } = await token(['live:read']);
    expect((await open({ ...headers, cookie: 'a=b' })).result).toBe('unauthorised');
  });

  it('loses everything within two seconds when its owner loses a role', async () => {
    await desk.auth.updateUser('anton', { role: 'lead' });
    const { headers } = await token(['live:read', 'personal:read']);
    const { seen, wire } = await open(headers);
    await expect.poll(() => seen.frames).toBeGreaterThan(3);
    await desk.auth.updateUser('anton', { role: 'viewer' });
    await staysSilent(wire);
    expect(seen.ended).toBe('revoked');
    expect((await open(headers)).result).toBe('connected');
  });

  it.each([
    ['is disabled', () => desk.auth.updateUser('anton', { disabled: true })],
    ['must change the password', () => desk.auth.resetPassword('anton')],
  ])('loses everything within two seconds when its owner %s', async (_what, change) => {
    const { headers } = await token(['live:read']);
    const { seen, wire } = await open(headers);
    await expect.poll(() => seen.frames).toBeGreaterThan(3);
    await change();
    await staysSilent(wire);
    expect(seen.ended).toBe('revoked');
    expect((await open(headers)).result).not.toBe('connected');
  });
});

describe('a wall', () => {
  it('gets frames, and alerts only where it shows them', async () => {
    const [full, figures] = [
      await open((await hang('full')).headers),
      await open((await hang('figures')).headers),
    ];
    await expect.poll(() => figures.seen.frames).toBeGreaterThan(5);
    expect(full.seen.changes).toBeGreaterThan(3);
    expect(figures.seen.changes).toBe(0);
    expect(figures.answer).toMatchObject({ openAlerts: 0, alerts: [] });
  });

  it('is silent at once when it is revoked', async () => {
    const { id, headers } = await hang('full');
    const { seen, wire } = await open(headers);
    await expect.poll(() => seen.frames).toBeGreaterThan(3);
    await desk.auth.walls.revoke(id, null);
    await staysSilent(wire);
    expect(seen.ended).toBe('revoked');
  });

  it('is silent once its time has come, though nobody swept', async () => {
    const { headers } = await hang('full', { expiresAt: desk.clock.now + 60_000 });
    const { seen, wire } = await open(headers);
    await expect.poll(() => seen.frames).toBeGreaterThan(3);
    desk.clock.now += 60_000;
    await staysSilent(wire);
    expect(seen.ended).toBe('expired');
  });

  it.each([
    ['titles', 'figures', 0],
    ['full', 'titles', 1],
    ['figures', 'full', 1],
  ] as const)(
    'set from %s to %s is cut off at once and comes back to a new snapshot',
    async (from, to, shown) => {
      const { id, headers } = await hang(from);
      const { client, seen, wire } = await open(headers);
      await expect.poll(() => seen.frames).toBeGreaterThan(3);
      await desk.auth.walls.change(id, null, { detail: to });
      await expect.poll(() => seen.ended, { timeout: 500 }).toBe('revoked');
      await staysSilent(wire);
      const again = await open(headers);
      expect(again.answer).toMatchObject({ openAlerts: shown === 0 ? 0 : 7, missed: [] });
      expect((again.answer as { alerts: unknown[] }).alerts).toHaveLength(shown);
      expect(client.connected).toBe(false);
    },
  );

  it('bound to a network that its screen is not in loses everything within two seconds', async () => {
    const { id, headers } = await hang('full');
    const { seen, wire } = await open(headers);
    await expect.poll(() => seen.frames).toBeGreaterThan(3);
    await desk.auth.walls.change(id, null, { network: ['192.0.2.0/24'] });
    await staysSilent(wire);
    expect((await open(headers)).result).toBe('unauthorised');
    await desk.auth.walls.change(id, null, { network: ['192.0.2.0/24', '127.0.0.0/8'] });
    expect((await open(headers)).result).toBe('connected');
  });

  it('is told no level but its own, though nobody said that it changed', async () => {
    const { id, headers } = await hang('full');
    const { seen, wire } = await open(headers);
    await expect.poll(() => seen.frames).toBeGreaterThan(3);
    quietly.set(id, 'titles');
    await staysSilent(wire);
    expect(seen.ended).toBe('revoked');
  });

  it('given another name goes on as it was', async () => {
    const { id, headers } = await hang('full');
    const { seen } = await open(headers);
    await desk.auth.walls.change(id, null, { name: 'Aula' });
    const before = seen.frames;
    await expect.poll(() => seen.frames).toBeGreaterThan(before + 3);
    expect(seen.ended).toBe('');
  });

  it('is refused from another network', async () => {
    const { headers } = await hang('full', { network: ['127.0.0.0/8'] });
    expect((await open(headers)).result).toBe('connected');
    const { secret } = await make('full', { network: ['192.0.2.0/24'] });
    const { result } = await desk.auth.walls.open(secret, '192.0.2.1');
    const cookie = result.ok ? sentBack(result.value.cookie) : '';
    expect(desk.auth.identify({ cookie, address: '192.0.2.1' })?.kind).toBe('wall');
    expect((await open({ cookie })).result).toBe('unauthorised');
  });
});
