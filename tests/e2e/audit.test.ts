import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createdTokenSchema } from '../../shared/api/tokens.ts';
import { createdUserSchema } from '../../shared/api/schemas.ts';
import { accessibilityProblems, complaintsOf, launch } from './browser.ts';
import { claimAdmin, claimUser } from './claim-admin.ts';
import { privateFolder, startSiaga, type SiagaProcess } from './siaga-process.ts';

const hostile = '<img src=x onerror=window.owned=1>\u202e"\'{{7*7}}';

let folder: Awaited<ReturnType<typeof privateFolder>>;
let siaga: SiagaProcess;
let browser: Browser;
let admin: string;
let page: Page;
let complaints: string[];

async function ask(method: string, path: string, body?: object, cookie = admin): Promise<unknown> {
  const headers = { 'content-type': 'application/json', origin: siaga.url, cookie };
  const answer = await fetch(siaga.url + path, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  return answer.status === 204 ? null : answer.json();
}

/** A page of its own browser, signed in by that cookie, on the audit screen. */
async function openAudit(cookie: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const [name = '', value = ''] = cookie.split('=');
  await context.addCookies([{ name, value, url: siaga.url, httpOnly: true, sameSite: 'Strict' }]);
  const opened = await context.newPage();
  await opened.goto(`${siaga.url}/audit`);
  await opened.locator('tbody tr').first().waitFor();
  return opened;
}

async function leadOf(name: string, agency: string): Promise<Page> {
  const made = createdUserSchema.parse(await ask('POST', '/api/users', { name, role: 'lead', agency }));
  const { cookie } = await claimUser(siaga.url, name, made.oneTimePassword);
  return openAudit(cookie);
}

/** Cells of the rows that are drawn: time, actor, agency, act, target, from, outcome. */
const rowsOf = (of: Page): Promise<string[][]> =>
  of
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
const column = async (of: Page, index: number): Promise<string[]> => [
  ...new Set((await rowsOf(of)).map((row) => row[index] ?? '')),
];

beforeAll(async () => {
  folder = await privateFolder();
  const log = join(folder.folder, 'web.log');
  await writeFile(log, '');
  siaga = await startSiaga({ folder: folder.folder, args: ['--watch', log] });
  admin = (await claimAdmin(siaga.url, siaga.oneTimePassword())).cookie;
  await ask('PATCH', `/api/users/${encodeURIComponent(hostile)}`, { role: 'lead' });
  for (let index = 0; index < 60; index += 1) {
    const wish = { name: `skrip ${index}`, scopes: ['live:read'], expiresInDays: 1 };
    const { token } = createdTokenSchema.parse(await ask('POST', '/api/tokens', wish));
    await ask('DELETE', `/api/tokens/${token.id}`);
  }
  browser = await launch();
  page = await openAudit(admin);
  complaints = complaintsOf(page);
});
afterAll(async () => {
  await browser?.close();
  await siaga?.stop();
  await folder?.remove();
});

const apply = (of: Page) => of.getByRole('button', { name: 'Terapkan' }).click();
const clear = (of: Page) => of.getByRole('button', { name: 'Bersihkan' }).click();

describe('the audit screen of an administrator', () => {
  it('says that the chain is whole, as far as it was checked', async () => {
    await page.getByText(/rantai diperiksa sampai baris [\d.]+ pukul \d\d:\d\d WIB: utuh/).waitFor();
  });

  it('shows older rows page by page, each once, down to the first sign-in', async () => {
    expect(await rowsOf(page)).toHaveLength(100);
    const older = page.getByRole('button', { name: 'Yang lebih lama' });
    await older.click();
    await older.waitFor({ state: 'detached' });
    const rows = await rowsOf(page);
    expect(rows.length).toBeGreaterThan(125);
    expect(rows).toContainEqual([
      expect.stringMatching(/\d\d:\d\d:\d\d/),
      'admin',
      'KPU',
      'masuk',
      '—',
      '127.0.0.1',
      'terlaksana',
    ]);
    const targets = rows.map((row) => `${row[3]} ${row[4]}`).filter((row) => row.startsWith('token dibuat'));
    expect(targets).toEqual(Array.from({ length: 60 }, (_, n) => `token dibuat token skrip ${59 - n}`));
  });

  it('narrows by act and outcome, by the address too, and widens again', async () => {
    await page.getByRole('combobox', { name: 'Tindakan' }).selectOption('token dicabut');
    await apply(page);
    await page.waitForURL(/action=token(%3A|:)revoked/);
    await expect.poll(() => column(page, 3)).toEqual(['token dicabut']);
    expect(await rowsOf(page)).toHaveLength(60);
    await clear(page);
    await page.waitForURL(`${siaga.url}/audit`);
    await page.getByRole('combobox', { name: 'Hasil' }).selectOption('refused');
    await apply(page);
    await expect.poll(() => column(page, 6)).toEqual(['▲ DITOLAK']);
    await page.goto(`${siaga.url}/audit?actor=nobody`);
    await page.getByText('Tidak ada tindakan yang cocok dalam rentang ini.').waitFor();
    await clear(page);
    await expect.poll(async () => (await rowsOf(page)).length).toBe(100);
  });

  it('shows a hostile name of a user as text', async () => {
    await page.goto(`${siaga.url}/audit?action=user:updated&outcome=refused`);
    await expect.poll(async () => (await rowsOf(page)).length).toBe(1);
    const [[, , , , target] = []] = await rowsOf(page);
    expect(target).toContain('user <img src=x onerror=window.owned=1>');
    expect(target).not.toContain('\u202e');
    await page.locator('tbody th button').click();
    await page.getByText('not-found').waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    expect(await page.evaluate(() => 'owned' in window)).toBe(false);
    expect(complaints).toEqual([]);
  });

  it('has nothing that axe objects to, in both themes and languages', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await accessibilityProblems(page)).toEqual([]);
      await page.getByRole('button', { name: 'ID EN' }).click();
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.getByText('user changed').waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });
});

describe('the audit screen of an agency’s lead', () => {
  it('shows what the own agency did, the own sign-in among it, and nothing of another', async () => {
    const lead = await leadOf('lina', 'BSSN');
    expect(await column(lead, 2)).toEqual(['BSSN']);
    expect(await column(lead, 1)).toEqual(['lina']);
    expect(await column(lead, 3)).toContain('masuk');
    expect(await column(lead, 5)).toEqual(['127.0.0.1']);
    await lead.getByText('Hanya tindakan instansi Anda, BSSN').waitFor();
    await lead.goto(`${siaga.url}/audit?agency=KPU`);
    await lead.getByText('Tidak ada tindakan yang cocok dalam rentang ini.').waitFor();
    await lead.context().close();
  });

  it('has pseudonyms for addresses, and no details, where the agency may not see personal data', async () => {
    const lead = await leadOf('ratna', 'BRIN');
    const from = await column(lead, 5);
    expect(from).toHaveLength(1);
    expect(from[0]).toMatch(/^ip-[a-z0-9]+$/);
    await lead.locator('tbody th button').first().click();
    await lead.getByText('Rincian dapat memuat data pribadi, yang tidak boleh Anda lihat.').waitFor();
    expect(await lead.locator('table').innerHTML()).not.toContain('127.0.0.1');
    await lead.context().close();
  });
});
