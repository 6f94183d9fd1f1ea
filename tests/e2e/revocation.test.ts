import { readdirSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { livePath, type ClientToServer, type ServerToClient } from '../../shared/live/protocol.ts';
import { runCommand } from './siaga-command.ts';
import { privateFolder, startSiaga, writeRegister, type SiagaProcess } from './siaga-process.ts';

const ingestToken = 'canary-ingest-token-4b1d9e0c7a';
const metricsToken = 'canary-metrics-token-93ac61f5d2';
const secrets = new Set([ingestToken, metricsToken]);

let folder: Awaited<ReturnType<typeof privateFolder>>;
let siaga: SiagaProcess;

beforeAll(async () => {
  folder = await privateFolder();
  const config = join(folder.folder, 'siaga.yaml');
  await writeFile(
    config,
    [
      `parties: ${await writeRegister(folder.folder)}`,
      'metrics: { tokenEnv: METRICS_TOKEN }',
      'sources:',
      '  - { id: web, kind: http, format: combined, tokenEnv: WEB_TOKEN, expectEvery: never }',
      '',
    ].join('\n'),
  );
  const env = { WEB_TOKEN: ingestToken, METRICS_TOKEN: metricsToken };
  siaga = await startSiaga({ folder: folder.folder, args: ['--config', config], env });
});
afterAll(async () => {
  await siaga?.stop();
  await folder?.remove();
});

const user = async (...args: readonly string[]): Promise<string> => {
  const { code, out, err } = await runCommand(folder.folder, 'user', ...args);
  if (code !== 0) throw new Error(err);
  return out.trim();
};

interface Person {
  readonly name: string;
  readonly password: string;
  cookie: string;
}

async function ask(person: Pick<Person, 'cookie'>, method: string, path: string, body?: object) {
  const headers = { 'content-type': 'application/json', origin: siaga.url, cookie: person.cookie };
  const answer = await fetch(siaga.url + path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
  const id = cookie?.split('=')[1];
  // A cookie that is taken away is empty.
  if (id) secrets.add(id);
  return { status: answer.status, cookie };
}

let made = 0;
/** A password that nobody else has. */
function newPassword(): string {
  made += 1;
  const password = `trembesi-Kw7-${made}${made}-jalak-Qx`;
  secrets.add(password);
  return password;
}

/** A user with a password of their own, signed in. */
async function newUser(name: string): Promise<Person> {
  const oneTime = await user('add', name, '--role', 'analyst');
  const password = newPassword();
  secrets.add(oneTime);
  const first = await ask({ cookie: '' }, 'POST', '/api/session', { name, password: oneTime });
  const second = await ask({ cookie: first.cookie ?? '' }, 'POST', '/api/session/password', {
    current: oneTime,
    next: password,
  });
  expect([first.status, second.status]).toEqual([200, 200]);
  return { name, password, cookie: second.cookie ?? '' };
}

type Client = Socket<ServerToClient, ClientToServer>;

/** A socket that takes the feed, and when it heard what. */
async function follow({ cookie }: Person) {
  const heard: { at: number; event: string }[] = [];
  const client: Client = io(siaga.url, {
    path: livePath,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { cookie, origin: siaga.url },
  });
  await new Promise<void>((resolve, reject) => {
    client.on('connect', () => resolve());
    client.on('connect_error', reject);
  });
  client.onAny((event: string) => void heard.push({ at: Date.now(), event }));
  await client.emitWithAck('live:subscribe', { frameSeq: null, alertCursor: null });
  await expect.poll(() => heard.length, { timeout: 5_000 }).toBeGreaterThan(0);
  return { client, heard };
}

const sendLines = (lines: string, token = ingestToken) =>
  fetch(`${siaga.url}/ingest/v1/web`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: lines,
  });

const ends: [string, (who: Person) => Promise<unknown>][] = [
  ['signed out', (who) => ask(who, 'DELETE', '/api/session')],
  ['disabled', ({ name }) => user('disable', name)],
  ['given another role', ({ name }) => user('role', name, 'viewer')],
  ['given a one-time password', async ({ name }) => void secrets.add(await user('password', name))],
  [
    'changing the own password',
    (who) => ask(who, 'POST', '/api/session/password', { current: who.password, next: newPassword() }),
  ],
];

describe('an open screen, with a steady feed', () => {
  it.concurrent.each(ends)('of a user who is %s gets nothing after two seconds', async (how, end) => {
    const who = await newUser(`u-${how.replaceAll(' ', '-')}`.slice(0, 40));
    const { client, heard } = await follow(who);
    const feed = setInterval(() => {
      void sendLines('192.0.2.7 - - [23/Nov/2026:13:52:04 +0700] "GET /a HTTP/1.1" 200 5 "-" "-"\n');
    }, 100);
    try {
      await end(who);
      const ended = Date.now();
      await new Promise((resolve) => void setTimeout(resolve, 4_000));
      expect(client.connected).toBe(false);
      expect(heard.filter(({ at }) => at > ended + 2_000)).toEqual([]);
      expect(heard.at(-1)?.event).toBe('session:ended');
      expect((await ask(who, 'GET', '/api/alerts')).status).toBe(401);
    } finally {
      clearInterval(feed);
      client.disconnect();
    }
  });
});

/** Every file below a folder. */
const filesBelow = (path: string): string[] =>
  readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile());

describe('what the server writes', () => {
  it('has no secret in it: no password, no session, no token, after sign-ins, refusals and errors', async () => {
    const wrong = 'canary-wrong-password-51f0';
    const foreign = 'canary-foreign-token-77b2';
    secrets.add(wrong).add(foreign);
    await ask({ cookie: '' }, 'POST', '/api/session', { name: 'admin', password: wrong });
    await ask({ cookie: `siaga_session=${foreign}` }, 'GET', '/api/session');
    await ask({ cookie: '' }, 'GET', `/api/alerts?token=${foreign}`);
    await sendLines('not a line', foreign);
    await sendLines(`{"broken": `);
    await fetch(`${siaga.url}/metrics`, { headers: { authorization: `Bearer ${foreign}` } });
    const metrics = await fetch(`${siaga.url}/metrics`, {
      headers: { authorization: `Bearer ${metricsToken}` },
    });
    expect(metrics.status).toBe(200);
    const told = `${await metrics.text()}\n${siaga.output()}`;
    expect(await siaga.stop()).toBe(0);
    const files = filesBelow(join(folder.folder, 'data'));
    expect(files.length).toBeGreaterThan(5);
    const places = [...secrets].flatMap((secret) => [
      ...(told.includes(secret) ? [`output: ${secret}`] : []),
      ...files.filter((file) => readFileSync(file).includes(secret)).map((file) => `${file}: ${secret}`),
    ]);
    expect(places).toEqual([]);
    expect(secrets.size).toBeGreaterThan(20);
  });
});
