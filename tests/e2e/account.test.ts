import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems, complaintsOf, launch, ownPassword, signInFirst } from './browser.ts';
import { privateFolder, startSiaga, type SiagaProcess } from './siaga-process.ts';

let folder: Awaited<ReturnType<typeof privateFolder>>;
let siaga: SiagaProcess;
let browser: Browser;
let page: Page;
let complaints: string[] = [];
let recoveryCodes: string[] = [];

beforeAll(async () => {
  folder = await privateFolder();
  const log = join(folder.folder, 'web.log');
  await writeFile(log, '');
  siaga = await startSiaga({ folder: folder.folder, args: ['--watch', log] });
  browser = await launch();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
});
afterAll(async () => {
  await browser?.close();
  await siaga?.stop();
  await folder?.remove();
});

/** What axe finds in each theme and language, as the page is. */
async function problemsInAll(): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    // Colours on their way from one theme to the other are nobody's.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    found.push(...(await accessibilityProblems(page)));
    await page.getByRole('button', { name: 'ID EN' }).click();
  }
  return found;
}

describe('an account', () => {
  it('of an administrator gets a second factor before anything else, by screens without a complaint', async () => {
    recoveryCodes = await signInFirst(page, siaga.url, siaga.oneTimePassword());
    await page.locator('nav').first().waitFor();
    complaints = complaintsOf(page);
    await page.goto(`${siaga.url}/account`);
    await page.getByText('sesi ini').waitFor();
    await page.getByRole('button', { name: 'Ganti perangkat' }).waitFor();
    expect(await problemsInAll()).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('moves to another device by the password and a recovery code', async () => {
    await page.getByRole('button', { name: 'Ganti perangkat' }).click();
    await page.locator('input[name="code"]').waitFor();
    expect(await problemsInAll()).toEqual([]);
    await page.locator('input[name="current"]').fill(ownPassword);
    await page.locator('input[name="code"]').fill(recoveryCodes[0] ?? '');
    await page.locator('button[type="submit"]').click();
    await page.locator('code[data-secret]').waitFor();
    expect(await problemsInAll()).toEqual([]);
    await page.goto(`${siaga.url}/account`);
    await page.getByText('tersisa: 9').waitFor();
  });

  it('is added, given a role and shown a one-time password', async () => {
    await page.goto(`${siaga.url}/users`);
    await page.getByRole('button', { name: 'Tambah pengguna' }).click();
    await page.locator('input[name="name"]').fill('lina');
    await page.getByLabel('Peran').selectOption('lead');
    await page.getByLabel('Instansi').selectOption('BSSN');
    await page.getByRole('button', { name: 'Tambah', exact: true }).click();
    const oneTime = await page.locator('[role="status"] code').innerText();
    await page.getByRole('button', { name: 'lina' }).click();
    await page.getByText('Tidak ada sesi.').waitFor();
    expect(await problemsInAll()).toEqual([]);

    const other = await browser.newContext();
    const lina = await other.newPage();
    await lina.goto(siaga.url);
    await lina.locator('input[autocomplete="username"]').fill('lina');
    await lina.locator('input[type="password"]').fill(oneTime);
    await lina.locator('button[type="submit"]').click();
    await lina.locator('input[autocomplete="new-password"]').first().waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'lina' }).click();
    await page.getByRole('button', { name: 'Akhiri semua sesi' }).click();
    await page.getByText('Tidak ada sesi.').waitFor();
    expect((await lina.request.get(`${siaga.url}/api/session`)).status()).toBe(401);
    await other.close();
    expect(complaints).toEqual([]);
  });

  it('whose sign-in begins anew takes password and recovery code', async () => {
    await page.getByRole('button', { name: /Menu pengguna/ }).click();
    await page.getByRole('navigation', { name: 'Administrasi' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Keluar' }).click();
    await page.locator('input[autocomplete="username"]').fill('admin');
    await page.locator('input[type="password"]').fill(ownPassword);
    await page.locator('button[type="submit"]').click();
    await page.locator('input[name="code"]').waitFor();
    expect(await problemsInAll()).toEqual([]);
    await page.locator('input[name="code"]').fill(recoveryCodes[1] ?? '');
    await page.locator('button[type="submit"]').click();
    await page.locator('nav').first().waitFor();
  });
});
