import { appendFile, readFile } from 'node:fs/promises';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complaintsOf, launch, signInFirst } from './browser.ts';
import { startNginx, type NginxProcess } from './nginx-process.ts';
import { privateFolder, startSiaga, writeRegister, type SiagaProcess } from './siaga-process.ts';

const token = 'token-of-the-e2e-test-0123456789';

let folder: Awaited<ReturnType<typeof privateFolder>>;
let nginx: NginxProcess;
let siaga: SiagaProcess;
let browser: Browser;
let page: Page;
let complaints: string[];

const figure = (label: string) => page.locator('dl > div', { has: page.locator('dt', { hasText: label }) });

const results = () => page.locator('[role=listbox] [role=option]');

const ask = (path: string, address: string, method = 'GET') =>
  fetch(nginx.url + path, { method, headers: { 'x-test-address': address } });

async function ingest(lines: readonly object[]): Promise<unknown> {
  const answer = await fetch(`${siaga.url}/ingest/v1/sipol`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: lines.map((line) => JSON.stringify(line)).join('\n'),
  });
  expect(answer.status).toBe(200);
  return answer.json();
}

const loginOf = (party: string, user: string) => ({
  '@timestamp': new Date().toISOString(),
  event: { kind: 'event', category: ['authentication'], action: 'user-login', outcome: 'success' },
  user: { name: user },
  source: { ip: '192.0.2.44' },
  organization: { id: party },
});

beforeAll(async () => {
  folder = await privateFolder();
  nginx = await startNginx(folder.folder);
  const parties = await writeRegister(folder.folder);
  const config = join(folder.folder, 'siaga.yaml');
  writeFileSync(
    config,
    [
      `parties: ${parties}`,
      'sources:',
      `  - { id: nginx, kind: file, path: ${nginx.accessLog}, start: beginning, logins: true, expectEvery: 10m }`,
      '  - { id: sipol, kind: http, format: ecs-json, tokenEnv: SIPOL_TOKEN, expectEvery: 10m }',
      '',
    ].join('\n'),
  );
  siaga = await startSiaga({
    folder: folder.folder,
    args: ['--config', config],
    env: { SIPOL_TOKEN: token },
  });
  browser = await launch();
  page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  complaints = complaintsOf(page);
});

afterAll(async () => {
  await browser?.close();
  await siaga?.stop();
  await nginx?.stop();
  await folder?.remove();
});

describe('from a log line to the screen', () => {
  it('shows nothing to anybody who has not signed in', async () => {
    await page.goto(`${siaga.url}/wall`);
    await page.locator('input[autocomplete="username"]').waitFor();
    for (const path of [
      '/api/session',
      '/api/alerts',
      '/api/parties',
      '/api/trend',
      '/api/events?from=0&to=1',
    ]) {
      expect((await fetch(siaga.url + path)).status, path).toBe(401);
    }
    complaints.length = 0;
  });

  it('lets the first administrator in with the one-time password, and asks for an own one', async () => {
    await signInFirst(page, siaga.url, siaga.oneTimePassword());
    await figure('Aceh').waitFor();
    // The browser itself reports the one refusal before the sign-in.
    complaints.length = 0;
  });

  it('shows requests that a real nginx writes', async () => {
    for (let n = 0; n < 20; n += 1) await ask(`/sipol/beranda?n=${n}`, '192.0.2.7');
    const written = (await readFile(nginx.accessLog, 'utf8')).trimEnd().split('\n').length;
    await expect.poll(linesStored, { timeout: 10_000 }).toBe(written);
  });

  it('counts the accounts of 38 national and 7 Aceh parties as they are heard', async () => {
    await expect.poll(() => figure('Aceh').innerText()).toContain('0/7');
    const national = Array.from({ length: 38 }, (_value, index) => `P${String(index + 1).padStart(2, '0')}`);
    expect(await ingest(national.map((party) => loginOf(party, `operator-${party}`)))).toEqual({
      received: 38,
      stored: 38,
      unparsed: 0,
      rejected: [],
      unparsedLines: [],
    });
    await ingest([1, 2, 3, 4, 5, 6].map((number) => loginOf(`A${number}`, `operator-a${number}`)));
    await expect.poll(() => figure('Akun partai').innerText(), { timeout: 5_000 }).toContain('38/38');
    await expect.poll(() => figure('Aceh').innerText(), { timeout: 5_000 }).toContain('6/7');
  });

  it('raises an alert for an attack that nginx logs, and counts its failures', async () => {
    for (let n = 0; n < 30; n += 1) await ask('/login', '203.0.113.66', 'POST');
    await page.locator('[role=option]', { hasText: '203.0.113.66' }).waitFor({ timeout: 5_000 });
    await expect.poll(() => figure('Gagal').innerText(), { timeout: 5_000 }).toMatch(/\b30\b/);
  });

  it('raises an alert for an anomaly signal above the score and none below', async () => {
    const signal = (name: string, score: number) => ({
      '@timestamp': new Date().toISOString(),
      'event.kind': 'alert',
      'event.risk_score': score,
      'event.reason': '200 dokumen dalam 1 menit',
      'rule.name': name,
      'organization.id': 'P03',
    });
    await ingest([signal('unggah-kecil', 20), signal('unggah-massal', 90)]);
    await page.locator('[role=option]', { hasText: 'unggah-massal' }).waitFor({ timeout: 5_000 });
    expect(await page.locator('[role=option]', { hasText: 'unggah-kecil' }).count()).toBe(0);
  });

  it('keeps a line that nothing understands, and shows it', async () => {
    await appendFile(nginx.accessLog, '<script>alert(1)</script> is no access log\n');
    await page.goto(`${siaga.url}/investigate?filter=event.dataset:unparsed`);
    await results().filter({ hasText: 'tak terurai' }).first().click();
    await page
      .locator('pre, code')
      .filter({ hasText: '<script>alert(1)</script> is no access log' })
      .first()
      .waitFor();
    expect(await page.evaluate(() => document.querySelectorAll('script:not([src])').length)).toBe(0);
  });

  it('drills down from an address to its raw lines', async () => {
    await page.goto(siaga.url);
    await page.locator('a[href*="source.ip"]', { hasText: '203.0.113.66' }).first().click();
    await page.waitForURL(/investigate/);
    await results().filter({ hasText: '/login' }).first().click();
    await page
      .getByText(/203\.0\.113\.66 - - \[.*POST \/login HTTP\/1\.1" 401/)
      .first()
      .waitFor({ timeout: 10_000 });
  });

  it('lets an analyst acknowledge and close an alert with a reason, for everybody at once', async () => {
    const other = await (
      await browser.newContext({ storageState: await page.context().storageState() })
    ).newPage();
    await other.goto(siaga.url);
    await other.locator('[role=option]', { hasText: '203.0.113.66' }).waitFor();
    await page.goto(siaga.url);
    await page.locator('[role=option]', { hasText: '203.0.113.66' }).click();
    await page.getByRole('button', { name: /^Akui/ }).click();
    await other.locator('[role=option]', { hasText: 'admin' }).waitFor({ timeout: 5_000 });
    await page.getByRole('button', { name: /^Tutup…/ }).click();
    await page.locator('input[type=radio]').first().check();
    await page.locator('textarea').fill('Uji penetrasi yang disetujui');
    await page.locator('form button[type=submit]').click();
    await other
      .locator('[role=option]', { hasText: '203.0.113.66' })
      .waitFor({ state: 'detached', timeout: 10_000 });
    await other.context().close();
  });

  it('speaks English one click away', async () => {
    await page.goto(siaga.url);
    await page
      .getByRole('button', { name: /English|EN/ })
      .first()
      .click();
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('en');
    await page.getByRole('link', { name: /Investigate/ }).waitFor();
  });

  it('serves the wall with every party of the register', async () => {
    await page.goto(`${siaga.url}/wall`);
    await page.getByText('A7', { exact: true }).first().waitFor({ timeout: 10_000 });
    await page.getByText('38', { exact: true }).first().waitFor();
  });

  it('never broke its content security policy nor logged an error', () => {
    expect(complaints).toEqual([]);
  });

  it('stops cleanly when told to, and a restart misses nothing that was written meanwhile', async () => {
    const before = await linesStored();
    expect(await siaga.stop()).toBe(0);
    for (let n = 0; n < 5; n += 1) await ask(`/sipol/while-stopped?n=${n}`, '192.0.2.7');
    siaga = await restart();
    await expect.poll(linesStored, { timeout: 10_000 }).toBe(before + 5);
    await page.goto(siaga.url);
    await page.getByText('38/38').first().waitFor({ timeout: 5_000 });
  });

  it('stores every line exactly once though it is killed while it reads', async () => {
    const before = await linesStored();
    const lines = Array.from({ length: 60_000 }, (_value, n) => accessLine(n)).join('');
    await appendFile(nginx.accessLog, lines);
    await expect.poll(linesStored, { interval: 20, timeout: 10_000 }).toBeGreaterThan(before);
    await siaga.kill();
    siaga = await restart();
    await expect.poll(linesStored, { interval: 200, timeout: 20_000 }).toBe(before + 60_000);
  });
});

const accessLine = (n: number) =>
  `192.0.2.${n % 250} - - [23/Nov/2026:13:52:04 +0700] "GET /sipol/beranda?n=${n} HTTP/1.1" 200 5120 "-" "Mozilla/5.0"\n`;

/** As the same server, on the same port and data, so that the signed-in page goes on. */
const restart = () =>
  startSiaga({
    folder: folder.folder,
    port: Number(new URL(siaga.url).port),
    args: ['--config', join(folder.folder, 'siaga.yaml')],
    env: { SIPOL_TOKEN: token },
  });

/** Lines of nginx in the store, asked as the signed-in user; 0 while the server doesn't answer. */
async function linesStored(): Promise<number> {
  const cookies = await page.context().cookies();
  const from = Date.parse('2026-11-01T00:00:00Z');
  const answer = await fetch(
    `${siaga.url}/api/events?from=${from}&to=${Date.now() + 60_000}&filter=siaga.source:nginx&limit=1`,
    {
      headers: { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') },
    },
  );
  return answer.ok ? ((await answer.json()) as { total: number }).total : 0;
}
