import { io, type Socket } from 'socket.io-client';
import type { SourceHealth } from '../../shared/live/frame.ts';
import { livePath, type ClientToServer, type ServerToClient } from '../../shared/live/protocol.ts';
import { claimAdmin } from './claim-admin.ts';

/** A stored event as the API shows it. */
export type StoredEvent = Readonly<Record<string, string | number | null>>;

/** A user who asks the API without a browser. */
export interface ApiSession {
  /** Of the session; outlives a restart. */
  readonly cookie: string;
  /** Every stored event of a source, newest first. */
  eventsOf(source: string): Promise<StoredEvent[]>;
  /** How many events of a source are stored. */
  storedOf(source: string): Promise<number>;
  /** What the next frame says of a source. */
  healthOf(source: string): Promise<SourceHealth | undefined>;
}

interface Page {
  readonly events: StoredEvent[];
  readonly total: number;
  readonly next: string | null;
}

/** Signs in as the first administrator with the one-time password, as `claimAdmin` does. */
export async function signInByApi(url: string, oneTimePassword: string): Promise<ApiSession> {
  const { cookie } = await claimAdmin(url, oneTimePassword);

  const page = async (source: string, limit: number, before: string | null): Promise<Page> => {
    // A time without a year may be of the last one.
    const range = `from=${Date.now() - 390 * 86_400_000}&to=${Date.now() + 86_400_000}`;
    const after = before === null ? '' : `&before=${before}`;
    const query = `${range}&filter=siaga.source:${source}&limit=${limit}${after}`;
    const answer = await fetch(`${url}/api/events?${query}`, { headers: { cookie } });
    if (!answer.ok) throw new Error(`GET /api/events: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Page;
  };
  return {
    cookie,
    healthOf: (source) => nextHealth({ url, cookie, source }),
    storedOf: async (source) => (await page(source, 1, null)).total,
    eventsOf: async (source) => {
      const all: StoredEvent[] = [];
      let before: string | null = null;
      do {
        const { events, next }: Page = await page(source, 500, before);
        all.push(...events);
        before = next;
      } while (before !== null);
      return all;
    },
  };
}

async function nextHealth(where: {
  url: string;
  cookie: string;
  source: string;
}): Promise<SourceHealth | undefined> {
  const socket: Socket<ServerToClient, ClientToServer> = io(where.url, {
    path: livePath,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { cookie: where.cookie, origin: where.url },
  });
  try {
    return await new Promise((resolve, reject) => {
      socket.on('connect_error', reject);
      socket.on('connect', () => {
        socket.emit('live:subscribe', { frameSeq: null, alertCursor: null }, () => undefined);
      });
      socket.on('frame:sent', ({ sources }) => resolve(sources.find(({ id }) => id === where.source)));
    });
  } finally {
    socket.disconnect();
  }
}
