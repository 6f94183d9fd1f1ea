import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createEdge } from '../../../server/edge/edge.ts';
import { defaultLimits } from '../../../server/limits/limits.ts';
import { createPseudonyms } from '../../../server/personal/pseudonyms.ts';
import { createPersonalViews } from '../../../server/personal/view.ts';
import { createLiveServer, type LiveServer } from '../../../server/live/live-server.ts';
import { createRecentFrames } from '../../../server/live/recent-frames.ts';
import type { Permission } from '../../../shared/authority.ts';
import { livePath, type ClientToServer, type ServerToClient } from '../../../shared/live/protocol.ts';
import { askers, createAskers, withInjected, type Asker } from '../api/askers.ts';
import { frameOf } from '../metrics/support.ts';
import { openAuth, type AuthDesk } from '../auth/support.ts';

type Client = Socket<ServerToClient, ClientToServer>;

/** What a client may ask for, with a right message, and what the server sends by itself. */
const commands = [
  { name: 'live:subscribe', permission: 'live:read', body: { frameSeq: null, alertCursor: null } },
  { name: 'frames:resync', permission: 'live:read', body: { after: 0 } },
] as const satisfies readonly { name: keyof ClientToServer; permission: Permission; body: object }[];
const broadcasts = [
  { name: 'frame:sent', permission: 'live:read' },
  { name: 'alerts:changed', permission: 'alerts:read' },
] as const satisfies readonly { name: keyof ServerToClient; permission: Permission }[];

// Events of the protocol that no table has: none, or the compiler says so.
const missingCommands: Exclude<keyof ClientToServer, (typeof commands)[number]['name']>[] = [];
const missingBroadcasts: Exclude<
  keyof ServerToClient,
  (typeof broadcasts)[number]['name'] | 'session:ended'
>[] = [];

const origin = 'https://siaga.example';
let desk: AuthDesk;
let http: Server;
let live: LiveServer;
let headersOf: (name: string) => Record<string, string>;
let clients: Client[] = [];

beforeAll(async () => {
  desk = await openAuth();
  const auth = withInjected(desk.auth);
  ({ headersOf } = await createAskers(desk));
  const recent = createRecentFrames([]);
  http = createServer();
  live = createLiveServer({
    http,
    identify: (headers) => {
      const identity = auth.identify(headers);
      if (!identity) return null;
      const { sessionKey, name, due, grants } = identity;
      return { sessionKey, user: name, due, grants };
    },
    onSessionEnded: auth.onSessionEnded,
    mayConnect: ({ headers }) => headers.origin === origin,
    snapshot: () =>
      Promise.resolve({
        now: 1,
        mode: 'production',
        version: '0',
        parties: [],
        frame: null,
        recent: recent.series(0),
        alerts: [],
        openAlerts: 0,
        missed: [],
        alertCursor: 0,
      }),
    recent,
    personal: createPersonalViews(createPseudonyms(Buffer.alloc(32, 7))),
    edge: createEdge({
      limits: defaultLimits,
      trustedProxies: [],
      delayMs: () => 0,
      now: () => 0,
      log: () => undefined,
    }),
    now: () => 0,
    log: () => undefined,
  });
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  for (const client of clients) client.disconnect();
  clients = [];
});
afterAll(async () => {
  live.close();
  http.closeAllConnections();
  await new Promise((resolve) => void http.close(resolve));
  await desk.store.close();
});

/** Opens a socket as that asker; resolves with the words of the refusal, or `null`. */
async function open({ name }: Asker): Promise<{ client: Client; refusal: string | null }> {
  const { port } = http.address() as AddressInfo;
  const client: Client = io(`http://127.0.0.1:${port}`, {
    path: livePath,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { ...headersOf(name), origin },
  });
  clients.push(client);
  const refusal = await new Promise<string | null>((resolve) => {
    client.on('connect', () => resolve(null));
    client.on('connect_error', ({ message }) => resolve(message));
  });
  return { client, refusal };
}

/** What the rules say of letting somebody in. */
function expectedRefusal({ standing }: Asker): string | null {
  if (!standing) return 'unauthorised';
  if (standing.due) return `${standing.due}-due`;
  return standing.grants['live:read'] ? null : 'forbidden';
}

const may = (asker: Asker, permission: Permission): boolean =>
  expectedRefusal(asker) === null && asker.standing?.grants[permission] !== undefined;

describe('who may open a socket', () => {
  it('is what the rules say, for everybody', async () => {
    const answers: [string, string | null][] = [];
    for (const asker of askers) answers.push([asker.name, (await open(asker)).refusal]);
    expect(answers).toEqual(askers.map((asker) => [asker.name, expectedRefusal(asker)]));
  });

  it('has every event of the protocol in a table', () => {
    expect([...missingCommands, ...missingBroadcasts]).toEqual([]);
  });
});

const quiet = 400;

describe.each(commands)('the command $name', ({ name, permission, body }) => {
  it('is answered to those who may, and to nobody else', async () => {
    const answers = await Promise.all(
      askers.map(async (asker) => {
        const { client } = await open(asker);
        const answer: unknown = await client
          .timeout(quiet)
          .emitWithAck(name, body as never)
          .catch(() => null);
        return [asker.name, answer !== null && !Object.hasOwn(answer as object, 'error')];
      }),
    );
    expect(answers).toEqual(askers.map((asker) => [asker.name, may(asker, permission)]));
  });
});

describe('what the server sends by itself', () => {
  it('goes to those who may, and to nobody else', async () => {
    const heard = await Promise.all(
      askers.map(async (asker) => {
        const { client } = await open(asker);
        const names = new Set<string>();
        client.onAny((event: string) => void names.add(event));
        await client
          .timeout(quiet)
          .emitWithAck('live:subscribe', { frameSeq: null, alertCursor: null })
          .catch(() => null);
        return { asker, names };
      }),
    );
    live.sendFrame(frameOf([]));
    live.sendChanges([]);
    await new Promise((resolve) => void setTimeout(resolve, quiet));
    expect(heard.map(({ asker, names }) => [asker.name, [...names].toSorted()])).toEqual(
      askers.map((asker) => [
        asker.name,
        broadcasts
          .filter(({ permission }) => may(asker, permission))
          .map(({ name }) => name)
          .toSorted(),
      ]),
    );
  });
});
