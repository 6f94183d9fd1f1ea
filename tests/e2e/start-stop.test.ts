import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems, complaintsOf, launch, signInFirst } from './browser.ts';
import { freePort, privateFolder, spawnSiaga, startSiaga } from './siaga-process.ts';

let folder: Awaited<ReturnType<typeof privateFolder>>;

beforeAll(async () => {
  folder = await privateFolder();
});
afterAll(() => folder.remove());

describe('the start', () => {
  it('is refused by a bad configuration, with every problem, code 2 and nothing half started', async () => {
    const config = join(folder.folder, 'bad.yaml');
    await writeFile(
      config,
      'server: { port: 99999 }\nparties: missing.csv\nsources:\n  - { id: web, kind: file, path: 5 }\n  - { id: web, kind: http, token: x }\n',
    );
    const { exit, output } = spawnSiaga({
      folder: folder.folder,
      args: ['--config', config],
      port: await freePort(),
      env: { SIAGA_PORT: '' },
    });
    expect(await exit).toBe(2);
    expect(output()).toMatch(/bad\.yaml:1: server\.port: found number 99999, expected /);
    expect(output()).toMatch(/bad\.yaml:2: parties: .*missing\.csv/);
    expect(output()).toMatch(/bad\.yaml:4: sources\[0\]\.path: found number 5, expected /);
    expect(existsSync(join(folder.folder, 'data'))).toBe(false);
  });

  it('is refused on a data folder that another Siaga uses, which goes on', async () => {
    const data = { SIAGA_DATA: join(folder.folder, 'shared-data') };
    const log = join(folder.folder, 'a.log');
    await writeFile(log, '');
    const first = await startSiaga({ folder: folder.folder, args: ['--watch', log], env: data });
    const second = spawnSiaga({
      folder: folder.folder,
      args: ['--watch', log],
      env: data,
      port: await freePort(),
    });
    expect(await second.exit).toBe(1);
    expect(second.output()).toContain('most often another Siaga runs on it');
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
    expect(await first.stop()).toBe(0);
  });

  it('is refused on a port in use, naming it', async () => {
    const log = join(folder.folder, 'b.log');
    await writeFile(log, '');
    const first = await startSiaga({
      folder: folder.folder,
      args: ['--watch', log],
      env: { SIAGA_DATA: join(folder.folder, 'd1') },
    });
    const port = Number(new URL(first.url).port);
    const second = spawnSiaga({
      folder: folder.folder,
      args: ['--watch', log],
      port,
      env: { SIAGA_DATA: join(folder.folder, 'd2') },
    });
    expect(await second.exit).toBe(1);
    expect(second.output()).toContain(`127.0.0.1:${port} is in use by another process`);
    expect(await first.stop()).toBe(0);
  });

  it('is undone by one signal, whatever connections stand open', async () => {
    const log = join(folder.folder, 'e.log');
    await writeFile(log, '');
    const siaga = await startSiaga({
      folder: folder.folder,
      args: ['--watch', log],
      env: { SIAGA_DATA: join(folder.folder, 'd4') },
    });
    const port = Number(new URL(siaga.url).port);
    const silent = connect(port, '127.0.0.1');
    const half = connect(port, '127.0.0.1', () => void half.write('GET /api/session HTTP/1.1\r\nHost: 127'));
    for (const socket of [silent, half]) socket.on('error', () => undefined);
    await expect.poll(() => half.bytesWritten).toBeGreaterThan(0);
    expect(await siaga.stop()).toBe(0);
    expect(siaga.output()).not.toContain('did not stop');
  });

  it('prints the one-time password until an administrator has set an own one', async () => {
    const env = { SIAGA_DATA: join(folder.folder, 'd3') };
    const log = join(folder.folder, 'c.log');
    await writeFile(log, '');
    const first = await startSiaga({ folder: folder.folder, args: ['--watch', log], env });
    const password = first.oneTimePassword();
    await first.stop();
    const second = await startSiaga({ folder: folder.folder, args: ['--watch', log], env });
    expect(second.oneTimePassword()).not.toBe(password);
    const signIn = await fetch(`${second.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'admin', password }),
    });
    expect(signIn.status).toBe(401);
    await second.stop();
  });
});

describe('the demo', () => {
  it('shows made-up traffic of 45 parties that came in as real traffic does, and says so on every screen', async () => {
    const siaga = await startSiaga({
      folder: folder.folder,
      args: [],
      env: { SIAGA_DATA: join(folder.folder, 'demo') },
    });
    const browser = await launch();
    try {
      const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
      await signInFirst(page, siaga.url, siaga.oneTimePassword());
      await page.getByText('SIMULASI').first().waitFor();
      const complaints = complaintsOf(page);
      for (const path of ['/', '/investigate', '/sources', '/wall']) {
        await page.goto(siaga.url + path);
        await page.getByText('SIMULASI').first().waitFor();
        expect(await accessibilityProblems(page), path).toEqual([]);
      }
      for (const path of ['/parties?party=P01', '/parties?view=list&party=P01']) {
        await page.goto(siaga.url + path);
        await page.getByRole('complementary').getByText('operator01a').first().waitFor();
        expect(await accessibilityProblems(page), path).toEqual([]);
      }
      const parties = await page.evaluate(() =>
        fetch('/api/parties').then(
          (answer) => answer.json() as Promise<{ parties: { party: { name: string; kind: string } }[] }>,
        ),
      );
      const names = parties.parties.map(({ party }) => party.name);
      expect(names).toHaveLength(45);
      expect(names).toContain('Partai Nasional 01');
      expect(names).toContain('Partai Lokal Aceh 07');
      const stored = (source: string) =>
        page.evaluate(
          (query) =>
            fetch(`/api/events?${query}`)
              .then((answer) => answer.json() as Promise<{ total: number }>)
              .then(({ total }) => total),
          `from=${Date.now() - 600_000}&to=${Date.now() + 60_000}&filter=siaga.source:${source}&limit=1`,
        );
      await expect.poll(() => stored('nginx'), { timeout: 20_000 }).toBeGreaterThan(50);
      await expect.poll(() => stored('sipol'), { timeout: 20_000 }).toBeGreaterThan(5);
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
      expect(await siaga.stop()).toBe(0);
    }
  });
});
