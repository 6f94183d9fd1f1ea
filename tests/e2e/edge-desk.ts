import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { livePath, type ClientToServer, type ServerToClient } from '../../shared/live/protocol.ts';
import type { LimitsAnswer } from '../../shared/api/limits.ts';
import { ownPassword } from './browser.ts';
import { runCommand } from './siaga-command.ts';
import { freePort, privateFolder, startSiaga, type SiagaProcess } from './siaga-process.ts';

export const sourceToken = 'token-of-the-flood-test-0001';
export const otherToken = 'token-of-another-source-0001';
export const metricsToken = 'token-of-the-scraper-000001';
/** The tokens as the configuration of the desk reads them. */
export const deskEnv = {
  TEST_METRICS_TOKEN: metricsToken,
  TEST_SOURCE_TOKEN: sourceToken,
  TEST_OTHER_TOKEN: otherToken,
};

/** A built server in production with its limits set low, an analyst, and a steady feed. */
export interface EdgeDesk {
  readonly siaga: SiagaProcess;
  readonly port: number;
  readonly syslogPort: number;
  readonly folder: string;
  /** Cookie of the analyst. */
  readonly cookie: string;
  /** How often each limit was reached, by `GET /api/limits`. */
  reached(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

export async function openEdgeDesk(
  limits: Readonly<Record<string, string | number>>,
  trustedProxy = '127.0.0.2',
  more: readonly string[] = [],
): Promise<EdgeDesk> {
  const { folder, remove } = await privateFolder();
  const syslogPort = await freePort();
  const config = join(folder, 'siaga.yaml');
  const lines = [
    `parties: ${await writeLongRegister(folder)}`,
    `server: { origins: ["https://siaga.example"], secureCookies: false, trustedProxies: [${trustedProxy}] }`,
    'metrics: { tokenEnv: TEST_METRICS_TOKEN }',
    ...more,
    'limits:',
    ...Object.entries(limits).map(([name, value]) => `  ${name}: ${value}`),
    'sources:',
    '  - { id: feed, kind: http, format: combined, tokenEnv: TEST_SOURCE_TOKEN }',
    '  - { id: other, kind: http, format: combined, tokenEnv: TEST_OTHER_TOKEN, expectEvery: never }',
    `  - { id: syslog, kind: syslog, tcp: "127.0.0.1:${syslogPort}" }`,
    '',
  ];
  await writeFile(config, lines.join('\n'));
  const siaga = await startSiaga({
    folder,
    args: ['--config', config],
    env: deskEnv,
  });
  const port = Number(new URL(siaga.url).port);
  const cookie = await signInAnalyst(folder, siaga.url);
  return {
    siaga,
    port,
    syslogPort,
    folder,
    cookie,
    reached: async () => {
      const answer = await fetch(`${siaga.url}/api/limits`, { headers: { cookie } });
      const { limits: all } = (await answer.json()) as LimitsAnswer;
      return Object.fromEntries(all.map(({ name, total }) => [name, total]));
    },
    close: async () => {
      await siaga.stop();
      await remove();
    },
  };
}

/** A register so long that a snapshot is large. */
async function writeLongRegister(folder: string): Promise<string> {
  const rows = Array.from(
    { length: 900 },
    (_value, index) => `P${index},Partai Nasional Nomor ${index},national,${index + 1},2026-01-01`,
  );
  const path = join(folder, 'parties.csv');
  await writeFile(path, ['id,name,kind,number,expectedSince', ...rows, ''].join('\n'));
  return path;
}

/** Cookie of a new analyst, `anton`, whose session begins with the last answer. */
export async function signInAnalyst(folder: string, url: string): Promise<string> {
  const added = await runCommand(folder, 'user', 'add', 'anton', '--role', 'analyst');
  const once = added.out.trim();
  let cookie = '';
  const post = async (path: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json', origin: url, cookie };
    const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()} ${added.err}`);
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
  };
  await post('/api/session', { name: 'anton', password: once });
  await post('/api/session/password', { current: once, next: ownPassword });
  return cookie;
}

export interface Analyst {
  /** Numbers of the frames that came, and how long each was under way, ms. */
  readonly frames: { readonly seq: number; readonly at: number; readonly delayMs: number }[];
  isConnected(): boolean;
  /** Why its session ended, once it was told. */
  ended(): string | null;
  close(): void;
}

/** An analyst's screen: subscribed, noting every frame. */
export async function watch(url: string, cookie: string): Promise<Analyst> {
  const socket: Socket<ServerToClient, ClientToServer> = io(url, {
    path: livePath,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { cookie, origin: url },
  });
  const frames: { seq: number; at: number; delayMs: number }[] = [];
  let ended: string | null = null;
  socket.on('frame:sent', ({ seq, at }) => void frames.push({ seq, at, delayMs: Date.now() - at }));
  socket.on('session:ended', ({ reason }) => void (ended = reason));
  await new Promise<void>((resolve, reject) => {
    socket.on('connect_error', reject);
    socket.on('connect', resolve);
  });
  await socket.emitWithAck('live:subscribe', { frameSeq: null, alertCursor: null });
  return {
    frames,
    isConnected: () => socket.connected,
    ended: () => ended,
    close: () => void socket.disconnect(),
  };
}

/** Posts a few lines ten times a second until stopped. */
export function steadyFeed(url: string): () => Promise<{ posted: number; refused: number }> {
  let going = true;
  const sums = { posted: 0, refused: 0 };
  const loop = (async () => {
    while (going) {
      const stamp = /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(new Date().toUTCString()) ?? [];
      const time = `${stamp[1]}/${stamp[2]}/${stamp[3]}:${stamp[4]} +0000`;
      const line = `198.51.100.7 - - [${time}] "GET /sipol/anggota HTTP/1.1" 200 512 "-" "Mozilla/5.0"\n`;
      const headers = { authorization: `Bearer ${sourceToken}`, 'content-type': 'text/plain' };
      const ok = await fetch(`${url}/ingest/v1/feed`, {
        method: 'POST',
        headers,
        body: line.repeat(20),
      }).then(
        (answer) => answer.ok,
        () => false,
      );
      sums[ok ? 'posted' : 'refused'] += 1;
      await new Promise((resolve) => void setTimeout(resolve, 100));
    }
  })();
  return async () => {
    going = false;
    await loop;
    return sums;
  };
}
