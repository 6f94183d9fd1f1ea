import { appendFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { livePath } from '../../shared/live/protocol.ts';
import { person } from '../server/auth/oidc/support.ts';
import {
  clientId,
  clientSecret,
  startProvider,
  type TestProvider,
} from '../server/auth/oidc/test-provider.ts';
import { launch, ownPassword, signInFirst } from './browser.ts';
import { expectNoSecret, keepSecret, secretsIn, secretsKnown } from './canaries.ts';
import { runCommand } from './siaga-command.ts';
import { freePort, privateFolder, spawnSiaga, startSiaga, type SiagaProcess } from './siaga-process.ts';

const env = {
  WEB_TOKEN: 'Canary-web-token-0f5c21aa9d',
  METRICS_TOKEN: 'Canary-metrics-token-2e61b7c0f4',
  HEADS_TOKEN: 'Canary-heads-token-81d3c9e57a',
  OIDC_SECRET: clientSecret,
};

let folder: Awaited<ReturnType<typeof privateFolder>>;
let provider: TestProvider;
let siaga: SiagaProcess;
let browser: Browser;
let page: Page;
let codes: string[];
/** What the witness of the audit log was sent. */
const heads: string[] = [];
const witness = createServer((request, response) => {
  heads.push(request.headers.authorization ?? '');
  request.resume();
  response.end();
});

async function writeConfig(origin: string): Promise<string> {
  const config = join(folder.folder, 'siaga.yaml');
  const parties = join(folder.folder, 'parties.csv');
  await writeFile(parties, 'id,name,kind,number,expectedSince\nP01,Partai Satu,national,1,2026-01-01\n');
  await writeFile(join(folder.folder, 'access.log'), '');
  await writeFile(
    config,
    [
      `parties: ${parties}`,
      `server: { origins: ['${origin}'] }`,
      'metrics: { tokenEnv: METRICS_TOKEN }',
      `audit: { heads: { webhook: 'http://localhost:${(witness.address() as AddressInfo).port}/heads', tokenEnv: HEADS_TOKEN } }`,
      'sources:',
      '  - { id: web, kind: http, format: combined, tokenEnv: WEB_TOKEN, expectEvery: never }',
      '  - { id: file, kind: file, path: access.log, logins: true, expectEvery: never }',
      'oidc:',
      `  issuer: ${provider.issuer}`,
      `  clientId: ${clientId}`,
      '  clientSecretEnv: OIDC_SECRET',
      '  label: Masuk dengan SSO',
      `  redirectOrigin: ${origin}`,
      '  claims: { role: groups, agency: agency }',
      '  roles: { siaga-analyst: analyst }',
      '  agencies: { bssn: BSSN }',
      '',
    ].join('\n'),
  );
  return config;
}

beforeAll(async () => {
  folder = await privateFolder();
  await new Promise<void>((resolve) => witness.listen(0, '127.0.0.1', resolve));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  provider = await startProvider({ host: 'localhost', siaga: origin });
  provider.people.set('s1', person('siti', 'analyst'));
  const config = await writeConfig(origin);
  siaga = await startSiaga({ folder: folder.folder, args: ['--config', config], env, port });
  browser = await launch();
  page = await browser.newPage({ locale: 'id-ID' });
});
afterAll(async () => {
  await browser?.close();
  await siaga?.stop();
  await provider?.close();
  witness.close();
  await folder?.remove();
});

const lineAt = (at: Date) => {
  const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(at.toUTCString()) ?? [];
  return `192.0.2.7 - - [${day}/${month}/${year}:${clock} +0000] "POST /login HTTP/1.1" 401 5 "-" "curl"\n`;
};

const cookieOf = async (of: Page = page): Promise<string> =>
  (await of.context().cookies(siaga.url)).map(({ name, value }) => `${name}=${value}`).join('; ');

async function ask(method: string, path: string, { body, ...headers }: Record<string, string> = {}) {
  const answer = await fetch(siaga.url + path, {
    method,
    headers: { 'content-type': 'application/json', origin: siaga.url, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  return { status: answer.status, text: await answer.text() };
}

/** As the signed-in administrator. */
const asAdmin = async (method: string, path: string, body?: object) => {
  const cookie = await cookieOf();
  return ask(method, path, { cookie, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
};

const debugLines = (event: string): string[] =>
  siaga
    .output()
    .split('\n')
    .filter((line) => line.includes(`"level":"debug","event":"${event}"`));

describe('S-27: the search for secrets', () => {
  it.each([
    ['as it is', (secret: string) => `{"detail":"${secret}"}`],
    ['in JSON', (secret: string) => JSON.stringify({ secret })],
    ['in an address', (secret: string) => `/x?y=${encodeURIComponent(secret)}`],
    ['in hex', (secret: string) => Buffer.from(secret).toString('hex')],
    ['as Basic credentials', (secret: string) => Buffer.from(`id:${secret}`).toString('base64')],
    ['in base64 with more behind it', (secret: string) => Buffer.from(`${secret}!`).toString('base64')],
    ['cut', (secret: string) => `${secret.slice(0, 24)}…`],
  ])('finds one %s', async (_how, told) => {
    const secret = `canary of "the search"/${'x9-'.repeat(8)}`;
    keepSecret('control', secret);
    expect(await secretsIn(told(secret))).not.toEqual([]);
    expect(await secretsIn(told('something of no value, which is nobody’s secret at all'))).toEqual([]);
  });

  it('finds one that a real process printed, and fails its end', async () => {
    const spilled = 'canary-spilled-token-5d0e7781';
    const port = await freePort();
    const { exit } = spawnSiaga({
      folder: folder.folder,
      args: ['--log-level', spilled],
      env: { SPILLED_TOKEN: spilled },
      port,
    });
    await expect(exit).rejects.toThrow('what the server printed tells a secret: SPILLED_TOKEN');
  });
});

describe('S-27: with all secrets there are, in use and in wrong places', () => {
  it('signs in by password, second factor, recovery code and the provider of identities', async () => {
    codes = await signInFirst(page, siaga.url, siaga.oneTimePassword());
    expect(codes).toHaveLength(10);
    await ask('POST', '/api/session', {
      body: JSON.stringify({ name: 'admin', password: ownPassword, code: codes[0] }),
    });
    const renewed = await asAdmin('POST', '/api/session/recovery-codes', {
      current: ownPassword,
      code: codes[1] ?? '',
    });
    expect(renewed.status, renewed.text).toBe(200);
    const other = await browser.newPage({ locale: 'id-ID' });
    await other.goto(siaga.url);
    await other.getByRole('link', { name: 'Masuk dengan SSO' }).click();
    await other.locator('input[name=login]').fill('s1');
    await other.locator('button').click();
    await other.getByRole('navigation', { name: 'Menu utama' }).waitFor();
    await other.close();
  });

  it('makes a user, a token, a wall, and uses them', async () => {
    expect((await asAdmin('POST', '/api/users', { name: 'vera', role: 'viewer' })).status).toBe(201);
    expect((await asAdmin('POST', '/api/users/vera/password')).status).toBe(200);
    const token = await asAdmin('POST', '/api/tokens', {
      name: 'skrip',
      scopes: ['live:read', 'events:read'],
      expiresInDays: 1,
    });
    const { secret } = JSON.parse(token.text) as { secret: string };
    const authorization = `Bearer ${secret}`;
    expect((await ask('GET', '/api/trend', { authorization })).status).toBe(200);
    const socket = io(siaga.url, {
      path: livePath,
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      extraHeaders: { authorization },
    });
    await socket.emitWithAck('live:subscribe', { frameSeq: null, alertCursor: null });
    socket.emit(secret, { token: secret }, () => undefined);
    const wall = await asAdmin('POST', '/api/walls', {
      name: 'Lobi',
      diagonalInch: 55,
      distanceM: 4,
      detail: 'titles',
    });
    const screen = await browser.newPage({ locale: 'id-ID' });
    await screen.goto(siaga.url + (JSON.parse(wall.text) as { address: string }).address);
    await screen.getByText('Gagal/menit').waitFor();
    await screen.close();
    socket.disconnect();
  });

  it('puts each of them where it does not belong', async () => {
    const cookie = await cookieOf();
    const id = cookie.split('=')[1] ?? '';
    for (const secret of [id, env.WEB_TOKEN, env.METRICS_TOKEN, ownPassword, siaga.oneTimePassword()]) {
      const said = encodeURIComponent(secret);
      for (const path of [
        `/api/alerts?token=${said}`,
        `/api/alerts/${said}`,
        `/api/users/${said}`,
        `/wall/${said}`,
        `/${said}`,
        `/ingest/v1/${said}`,
        `/metrics?token=${said}`,
        `/api/oidc/callback?code=${said}&state=${said}`,
      ])
        await ask('GET', path, { cookie });
      await ask('POST', '/api/session', { body: JSON.stringify({ name: secret, password: secret }) });
      await ask('POST', '/api/session', { body: `{"name": "admin", "password": "${secret}"` });
      await ask('POST', '/api/users', { cookie, body: JSON.stringify({ name: secret, role: secret }) });
      for (const scheme of ['Bearer', 'Basic', 'ApiKey'])
        await ask('POST', '/ingest/v1/web', { authorization: `${scheme} ${secret}x`, body: 'line' });
      await ask('GET', '/metrics', { authorization: `Bearer ${secret}x` });
      await ask('GET', '/api/trend', { authorization: `Bearer siaga_api_${secret}` });
      await ask('GET', '/api/trend', { cookie: `siaga_session=${secret}; siaga_session=${secret}` });
      await ask('DELETE', '/api/session', { cookie, origin: `https://${secret}.example` });
    }
  });

  it('takes lines in by token and by file, and tells its work at level debug', async () => {
    const sent = await ask('POST', '/ingest/v1/web', {
      authorization: `Bearer ${env.WEB_TOKEN}`,
      'content-type': 'text/plain',
      body: lineAt(new Date()).repeat(3),
    });
    expect(sent.status, sent.text).toBe(200);
    await appendFile(join(folder.folder, 'access.log'), lineAt(new Date()).repeat(12));
    await expect.poll(() => debugLines('source:stored').join('\n')).toMatch(/file: \d+ bytes at 0, 12 lines/);
    expect(debugLines('request:answered').join('\n')).toMatch(
      /"user":"admin","address":"127\.0\.0\.1","detail":"POST \/api\/tokens 201 \d+ ms"/,
    );
    expect(debugLines('socket:asked').join('\n')).toMatch(/"user":"admin".*"detail":"live:subscribe \d+ ms"/);
    expect(debugLines('socket:asked').join('\n')).toContain('(no command of ours)');
    expect(debugLines('oidc:begun').join('\n')).toContain('sent to the provider');
    expect(debugLines('oidc:returned').join('\n')).toContain('signed in as siti');
  });

  it('tells none of them in any export, list or scrape', async () => {
    await expect.poll(() => heads.length).toBeGreaterThan(0);
    expect(heads).toContain(`Bearer ${env.HEADS_TOKEN}`);
    const range = `from=${Date.now() - 3_600_000}&to=${Date.now() + 60_000}`;
    const answers = await Promise.all([
      asAdmin('GET', `/api/events/export?${range}&format=csv`),
      asAdmin('GET', `/api/events/export?${range}&format=ndjson`),
      asAdmin('GET', '/api/audit?limit=200'),
      asAdmin('GET', '/api/audit/head'),
      asAdmin('GET', '/api/users'),
      asAdmin('GET', '/api/tokens'),
      asAdmin('GET', '/api/walls'),
      asAdmin('GET', '/api/session/list'),
      asAdmin('GET', '/api/session/second-factor'),
      asAdmin('GET', `/api/ledger?${range}`),
      asAdmin('GET', '/api/limits'),
      ask('GET', '/metrics', { authorization: `Bearer ${env.METRICS_TOKEN}` }),
    ]);
    for (const { status, text } of answers) {
      expect(status, text.slice(0, 300)).toBe(200);
      expect(text.length).toBeGreaterThan(10);
      await expectNoSecret(`an answer that begins with ${text.slice(0, 40)}`, text);
    }
    expect(answers[2]?.text).toContain('session:refused');
  });

  it('tells none of them by the command line, with the server and without it', async () => {
    const commands = [
      ['user', 'list'],
      ['user', 'list', '--json'],
      ['ledger'],
      ['ledger', '--json'],
      ['audit', 'list'],
      ['audit', 'list', '--json'],
      ['audit', 'verify'],
      ['scan', 'access.log'],
      ['parse', 'access.log'],
    ];
    for (const command of commands) {
      const { code, out, err } = await runCommand(folder.folder, ...command);
      expect(code, `${command.join(' ')}: ${err}`).toBeLessThan(2);
      expect(out, command.join(' ')).not.toBe('');
    }
    expect(secretsKnown()).toBeGreaterThan(40);
    expect(await siaga.stop(), siaga.output().slice(-2_000)).toBe(0);
    for (const command of commands) {
      const { code, err } = await runCommand(folder.folder, ...command);
      expect(code, `${command.join(' ')}: ${err}`).toBeLessThan(2);
    }
  });
});
