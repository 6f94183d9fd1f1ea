import { createSocket } from 'node:dgram';
import { readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileTexts } from '../fixtures/hostile-corpus.ts';
import { signInByApi, type ApiSession, type StoredEvent } from './api-session.ts';
import { runCommand } from './siaga-command.ts';
import { freePort, privateFolder, startSiaga, writeRegister, type SiagaProcess } from './siaga-process.ts';

const sources = ['lines', 'ecs', 'bulk', 'otlp'] as const;
const tokenOf = (source: string) => `token-of-forged-lines-${source}`;

let folder: Awaited<ReturnType<typeof privateFolder>>;
let siaga: SiagaProcess;
let api: ApiSession;
let tcpPort: number;
let udpPort: number;

/** A file name that a hostile person chose; only / and NUL can't be in one. */
const fileName = 'hostile\n{"level":"info","event":"forged"}\u001b[2J\u202e.log';

beforeAll(async () => {
  folder = await privateFolder();
  tcpPort = await freePort();
  udpPort = await freePort();
  await mkdir(join(folder.folder, 'logs'));
  await writeFile(join(folder.folder, 'logs', fileName), 'a line of a file with a hostile name\n');
  const config = join(folder.folder, 'siaga.yaml');
  await writeFile(
    config,
    [
      `parties: ${await writeRegister(folder.folder)}`,
      'sources:',
      ...sources.map(
        (id) =>
          `  - { id: ${id}, kind: http, format: ${id === 'lines' ? 'combined' : 'auto'}, tokenEnv: TOKEN_${id}, expectEvery: never }`,
      ),
      '  - { id: file, kind: file, path: "logs/*", start: beginning, expectEvery: never }',
      `  - { id: tcp, kind: syslog, tcp: "127.0.0.1:${tcpPort}", expectEvery: never }`,
      `  - { id: udp, kind: syslog, udp: "127.0.0.1:${udpPort}", expectEvery: never }`,
      '',
    ].join('\n'),
  );
  siaga = await startSiaga({
    folder: folder.folder,
    args: ['--config', config],
    env: Object.fromEntries(sources.map((id) => [`TOKEN_${id}`, tokenOf(id)])),
  });
  api = await signInByApi(siaga.url, siaga.oneTimePassword());
});
afterAll(async () => {
  await siaga?.stop();
  await folder?.remove();
});

async function send(path: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  const [source = ''] = path.split('/');
  return fetch(`${siaga.url}/ingest/v1/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokenOf(source)}`, ...headers },
    body,
  });
}

const forged = '192.0.2.9 - - [23/Nov/2026:12:00:00 +0700] "GET /forged HTTP/1.1" 200 1 "-" "-"';
/** What ends a line somewhere, but not in a log: bare CR, VT, FF, NEL, LS, PS, file and record separators. */
const separators = ['\r', '\u000b', '\u000c', '\u0085', '\u2028', '\u2029', '\u001c', '\u001e'];
/** Within a text that something else delimits, a line feed is one more. */
const embedded = [...separators, '\n', '\r\n'];
const textsOf = (within: readonly string[]) => within.map((end) => `before${end}${forged}`);

const ecsOf = (text: string) => ({
  '@timestamp': new Date().toISOString(),
  'event.kind': 'event',
  'event.action': 'user-login',
  'event.outcome': 'failure',
  'user.name': text,
});

/** Stored events of a source, once there are so many and then no more. */
async function eventsOf(source: string, count: number): Promise<StoredEvent[]> {
  await expect.poll(() => api.storedOf(source), { timeout: 20_000 }).toBeGreaterThanOrEqual(count);
  const events = await api.eventsOf(source);
  expect(events, source).toHaveLength(count);
  expect(new Set(events.map((event) => event['event.sequence'])).size).toBe(count);
  expect(events.filter((event) => event['url.path'] === '/forged')).toEqual([]);
  return events;
}
const valuesOf = (events: readonly StoredEvent[], field: string) =>
  new Set(events.map((event) => event[field]));

describe('S-35: one line is one record, whatever stands in it', () => {
  it('in lines as they are', async () => {
    const lines = textsOf(separators).map((text) => `192.0.2.7 - - [x] "${text}"`);
    const answer = await send('lines', `${lines.join('\n')}\n`);
    expect(await answer.json()).toMatchObject({ received: lines.length, stored: lines.length });
    expect(valuesOf(await eventsOf('lines', lines.length), 'event.original')).toEqual(new Set(lines));
  });

  it('in ECS JSON', async () => {
    const texts = textsOf(embedded);
    await send('ecs', texts.map((text) => JSON.stringify(ecsOf(text))).join('\n'));
    expect(valuesOf(await eventsOf('ecs', texts.length), 'user.name')).toEqual(new Set(texts));
  });

  it('in _bulk, under an index with a hostile name', async () => {
    const texts = textsOf(embedded);
    const items = texts.flatMap((text) => [
      JSON.stringify({ create: { _index: `../${text}`, _id: `../../${text}` } }),
      JSON.stringify(ecsOf(text)),
    ]);
    const answer = await send(
      `bulk/${encodeURIComponent('..\n{"event":"forged"}')}/_bulk`,
      `${items.join('\n')}\n`,
      {
        'content-type': 'application/x-ndjson',
      },
    );
    expect(answer.status).toBe(200);
    expect(valuesOf(await eventsOf('bulk', texts.length), 'user.name')).toEqual(new Set(texts));
  });

  it('in OpenTelemetry logs, of a service with a hostile name', async () => {
    const texts = textsOf(embedded);
    const name = { key: 'service.name', value: { stringValue: `../../x\n${forged}` } };
    const logRecords = texts.map((text) => ({
      timeUnixNano: String(BigInt(Date.now()) * 1_000_000n),
      body: { stringValue: text },
    }));
    const body = { resourceLogs: [{ resource: { attributes: [name] }, scopeLogs: [{ logRecords }] }] };
    const answer = await send('otlp/v1/logs', JSON.stringify(body), { 'content-type': 'application/json' });
    expect(answer.status, await answer.text()).toBe(200);
    await eventsOf('otlp', texts.length);
  });

  it('in syslog by TCP, counted, and by UDP, from a host and a program with hostile names', async () => {
    const messages = textsOf(embedded).map(
      (text) => `<13>1 - ../../h\u001b[2J {"event":"forged"} - - - ${text}`,
    );
    const socket = connect(tcpPort, '127.0.0.1');
    const framed = messages.map((message) => `${Buffer.byteLength(message)} ${message}`).join('');
    await new Promise<void>((resolve) => socket.end(framed, resolve));
    await eventsOf('tcp', messages.length);
    const sender = createSocket('udp4');
    for (const message of messages)
      await new Promise((resolve) => {
        sender.send(message, udpPort, '127.0.0.1', resolve);
      });
    sender.close();
    await eventsOf('udp', messages.length);
  });

  it('in our own log and in the audit log, which no name forges a line of', async () => {
    const names = [
      'admin\n{"at":"2026-11-23T00:00:00.000Z","level":"info","event":"forged"}',
      'admin\r\n{"level":"info","event":"forged"}',
      ...textsOf(embedded),
      ...hostileTexts.map(({ text }) => text),
    ].map((text) => text.slice(0, 100));
    for (const name of names) {
      const answer = await fetch(`${siaga.url}/api/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: siaga.url },
        body: JSON.stringify({ name, password: 'salah' }),
      });
      expect([401, 429]).toContain(answer.status);
    }
    const lines = siaga
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    expect(lines.length).toBeGreaterThan(names.length);
    for (const line of lines) {
      const { event } = JSON.parse(line) as { event: string };
      expect(event).not.toBe('forged');
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }
    const listed = await runCommand(folder.folder, 'audit', 'list', '--json', '--limit', '1000');
    const rows = listed.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { seq: number });
    const numbers = rows.map(({ seq }) => seq).toSorted((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_seq, index) => index + (numbers[0] ?? 0)));
    const table = await runCommand(folder.folder, 'audit', 'list', '--limit', '1000');
    expect(table.out).not.toContain('forged');
    expect((await runCommand(folder.folder, 'audit', 'verify')).code).toBe(0);
  });
});

describe('S-30: a name of a source or of a sender', () => {
  const paths = [
    '../lines',
    'lines/../lines',
    'lines\n',
    'lines\0',
    '/etc/passwd',
    'lines%2f..',
    '__proto__',
  ];

  it.each(paths)('that is no source is refused as any other is: %j', async (name) => {
    const address = `${siaga.url}/ingest/v1/${encodeURIComponent(name)}`;
    const answer = await fetch(address, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokenOf('lines')}` },
      body: 'x\n',
    });
    const unknown = await fetch(`${siaga.url}/ingest/v1/nobody`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokenOf('lines')}` },
      body: 'x\n',
    });
    expect([answer.status, await answer.text()]).toEqual([401, await unknown.text()]);
  });

  it.each(['../../x', '/etc/passwd', '..\\x', '%2e%2e%2f', '$(id)', '"><b>'])(
    'that marks a batch is no path: %s',
    async (key) => {
      const before = await api.storedOf('lines');
      const body = `a line of the batch ${key}\n`;
      for (let tries = 0; tries < 2; tries += 1)
        expect((await send('lines', body, { 'idempotency-key': key })).status).toBe(200);
      expect(await api.storedOf('lines')).toBe(before + 1);
    },
  );

  it('becomes the name of no file: below the data folder all are ours, and beside it nothing is new', async () => {
    await eventsOf('file', 1);
    const imported = await runCommand(folder.folder, 'import', join('logs', fileName), '--source', '../x');
    expect(imported.code).toBe(2);
    expect(imported.err.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(await siaga.stop()).toBe(0);
    const names = readdirSync(join(folder.folder, 'data'), { recursive: true, encoding: 'utf8' });
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      expect(name).toMatch(/^[\w./%-]+$/);
      expect(name).not.toMatch(/hostile|forged|passwd|\.\.|before/);
    }
    expect(readdirSync(folder.folder).toSorted()).toEqual(['data', 'logs', 'parties.csv', 'siaga.yaml']);
    expect(readdirSync(join(folder.folder, 'logs'))).toEqual([fileName]);
  });
});
