import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems, complaintsOf, launch, signInFirst } from './browser.ts';
import { privateFolder, startSiaga, type SiagaProcess } from './siaga-process.ts';

let folder: Awaited<ReturnType<typeof privateFolder>>;
let siaga: SiagaProcess;
let browser: Browser;
let desk: Page;

const start = async (port?: number) =>
  startSiaga({
    folder: folder.folder,
    args: [],
    ...(port === undefined ? {} : { port }),
  });

beforeAll(async () => {
  folder = await privateFolder();
  siaga = await start();
  browser = await launch();
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  desk = await context.newPage();
  await signInFirst(desk, siaga.url, siaga.oneTimePassword());
  await desk.getByRole('button', { name: /Menu pengguna/ }).click();
  await desk.getByRole('link', { name: 'Layar dinding' }).click();
  await desk.getByRole('heading', { name: 'Layar dinding', level: 1 }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await siaga?.stop();
  await folder?.remove();
});

/** Makes a wall on the admin's screen; the address it shows. */
async function makeWall(name: string, detail = 'titles'): Promise<string> {
  await desk.getByLabel('Nama, misalnya tempatnya').fill(name);
  await desk.getByLabel('Yang ditampilkan').selectOption(detail);
  await desk.getByRole('button', { name: 'Buat alamat' }).click();
  const shown = desk.getByRole('region', { name: `Alamat untuk ${name}` });
  await shown.waitFor();
  expect(await shown.getByRole('img', { name: 'Kode QR alamat ini' }).isVisible()).toBe(true);
  return (await shown.locator('code').textContent()) ?? '';
}

/** A screen with a browser of its own, on the wall's address. */
async function openScreen(address: string): Promise<{ page: Page; requests: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const requests: string[] = [];
  page.on(
    'request',
    (request) => void requests.push(`${request.url()} ${request.headers()['referer'] ?? ''}`),
  );
  await page.goto(address);
  return { page, requests };
}

/** Every address that the tab's history leads to; what was typed first Chromium notes for itself beside it. */
async function historyOf(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { entries } = await session.send('Page.getNavigationHistory');
  return entries.map(({ url }) => url);
}

const rowOf = (name: string) => desk.getByRole('row').filter({ hasText: name });

describe('a wall without a user', () => {
  it('shows the wall by its address alone, which then holds no token and opens nothing more', async () => {
    const address = await makeWall('Lobi');
    expect(address).toMatch(new RegExp(`^${siaga.url}/wall#token=siaga_wall_[\\w-]{43}$`));
    const token = address.split('#token=')[1] ?? '';
    expect(await accessibilityProblems(desk)).toEqual([]);

    const { page, requests } = await openScreen(address);
    const complaints = complaintsOf(page);
    await page.getByText('Gagal/menit').waitFor();
    expect(page.url()).toBe(`${siaga.url}/wall`);
    expect(await historyOf(page)).toEqual(['about:blank', `${siaga.url}/wall`]);
    expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toContain(token);
    const kept = await page.evaluate(() =>
      JSON.stringify([Object.values(localStorage), sessionStorage.length]),
    );
    expect(kept).toBe('[["1"],0]');
    expect(requests.filter((request) => request.includes(token))).toEqual([]);
    expect(await page.getByRole('navigation').count()).toBe(0);
    expect(await page.getByRole('link').count()).toBe(0);
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ name: 'siaga_wall', httpOnly: true, sameSite: 'Strict' });
    expect(await page.evaluate(() => document.cookie)).toBe('');

    await page.reload();
    await page.getByText('Gagal/menit').waitFor();
    const { page: second } = await openScreen(address);
    await second.getByText('Alamat ini tidak membuka dinding').waitFor();
    expect(second.url()).toBe(`${siaga.url}/wall`);
    await expect.poll(() => rowOf('Lobi').textContent(), { timeout: 20_000 }).toContain('menyala');
    expect(complaints).toEqual([]);
    await second.context().close();
    await page.context().close();
  });

  it('goes on after a restart of the server, and within two seconds of its end shows nothing', async () => {
    const address = await makeWall('Aula');
    const { page } = await openScreen(address);
    await page.getByText('Gagal/menit').waitFor();
    const port = Number(new URL(siaga.url).port);
    await siaga.stop();
    siaga = await start(port);
    await page.reload();
    await page.getByText('Gagal/menit').waitFor();
    await desk.reload();
    const asked: number[] = [];
    page.on('request', () => void asked.push(Date.now()));
    await rowOf('Aula').getByRole('button', { name: 'Cabut Aula' }).click();
    await page.getByText('Layar ini tidak lagi menjadi dinding').waitFor({ timeout: 2_000 });
    const over = Date.now();
    const text = await page.evaluate(() => document.body.textContent);
    expect(text?.trim()).toBe('Layar ini tidak lagi menjadi dinding. Mintalah alamat baru.');
    expect(await page.title()).toBe('Siaga');
    await page.waitForTimeout(20_000);
    expect(asked.filter((at) => at > over + 1_000).length).toBeLessThanOrEqual(1);
    await page.reload();
    await page.getByText('Layar ini tidak lagi menjadi dinding').waitFor();
    await page.context().close();
  });

  it('set otherwise is drawn so, and outside of its new network loses its data', async () => {
    const { page } = await openScreen(await makeWall('Teras', 'full'));
    const complaints = complaintsOf(page);
    const opened = page.getByText('Terbuka', { exact: true });
    await opened.waitFor();
    await desk.getByRole('button', { name: 'Ubah Teras' }).click();
    const form = desk.getByRole('form', { name: 'Ubah Teras' });
    expect(await accessibilityProblems(desk)).toEqual([]);
    await form.getByLabel('Yang ditampilkan').selectOption('figures');
    await form.getByRole('button', { name: 'Simpan' }).click();
    await page.getByText('Dinding ini menampilkan angka saja').waitFor({ timeout: 5_000 });
    expect(await opened.count()).toBe(0);
    await page.getByText('Gagal/menit').waitFor();

    // Cut off and let in again, though nothing that it shows has changed.
    const again = page.waitForEvent('websocket', { timeout: 4_000 });
    await desk.getByRole('button', { name: 'Ubah Teras' }).click();
    await form.getByLabel(/^Hanya dari jaringan ini/).fill('127.0.0.0/8');
    await form.getByRole('button', { name: 'Simpan' }).click();
    await (
      await again
    ).waitForEvent('framereceived', {
      predicate: ({ payload }) => String(payload).includes('frame:sent'),
      timeout: 4_000,
    });

    await desk.getByRole('button', { name: 'Ubah Teras' }).click();
    await form.getByLabel(/^Hanya dari jaringan ini/).fill('192.0.2.0/24, salah');
    await form.getByRole('button', { name: 'Simpan' }).click();
    await form.getByRole('alert').filter({ hasText: 'expected a network' }).waitFor();
    await form.getByLabel(/^Hanya dari jaringan ini/).fill('192.0.2.0/24');
    await form.getByRole('button', { name: 'Simpan' }).click();
    await page.getByText('Layar ini tidak lagi menjadi dinding').waitFor({ timeout: 5_000 });
    expect(await page.getByText('Gagal/menit').count()).toBe(0);
    await rowOf('Teras').filter({ hasText: '192.0.2.0/24' }).waitFor();
    // That the screen is refused is what its console says, and nothing else.
    expect(complaints.filter((complaint) => !/401/.test(complaint))).toEqual([]);
    await page.context().close();
  });

  it('that shows figures only says nothing of alerts, nor that all is well', async () => {
    const { page } = await openScreen(await makeWall('Selasar', 'figures'));
    await page.getByText('Dinding ini menampilkan angka saja').waitFor();
    expect(await page.getByText('Terbuka', { exact: true }).count()).toBe(0);
    expect(await page.getByText('NORMAL').count()).toBe(0);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.context().close();
  });

  it('read from too far away is drawn larger, with less on it', async () => {
    await desk.getByLabel('Jarak pembaca terjauh (m)').fill('8');
    await desk.getByText('layar 88 inci').waitFor();
    const { page } = await openScreen(await makeWall('Balai', 'full'));
    await page.getByText('Gagal/menit').waitFor();
    expect(await page.getByText('SIMULASI').count()).toBe(1);
    expect(await page.getByRole('complementary').count()).toBe(0);
    const size = await page.getByText('Gagal/menit').evaluate((node) => node.getBoundingClientRect().height);
    await desk.getByLabel('Jarak pembaca terjauh (m)').fill('5');
    const { page: near } = await openScreen(await makeWall('Depan', 'full'));
    await near.getByText('Gagal/menit').waitFor();
    const usual = await near.getByText('Gagal/menit').evaluate((node) => node.getBoundingClientRect().height);
    expect(size / usual).toBeCloseTo(1.5, 1);
    const overflow = await page.evaluate(
      () =>
        [...document.querySelectorAll('section, header, p')].filter((node) => {
          const { right, bottom } = node.getBoundingClientRect();
          return right > innerWidth + 1 || bottom > innerHeight + 1;
        }).length,
    );
    expect(overflow).toBe(0);
    await page.context().close();
    await near.context().close();
  });

  it('is not opened in the browser of whoever made it, and not spent by that', async () => {
    const address = await makeWall('Meja');
    const own = await desk.context().newPage();
    await own.goto(address);
    await own.getByText('di sini seseorang sedang masuk').waitFor();
    expect(own.url()).toBe(`${siaga.url}/wall`);
    await own.close();
    const { page } = await openScreen(address);
    await page.getByText('Gagal/menit').waitFor();
    await page.context().close();
  });
});
