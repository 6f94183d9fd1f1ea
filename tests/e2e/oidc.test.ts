import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { person } from '../server/auth/oidc/support.ts';
import {
  clientId,
  clientSecret,
  startProvider,
  type TestProvider,
} from '../server/auth/oidc/test-provider.ts';
import { accessibilityProblems, complaintsOf, launch } from './browser.ts';
import { freePort, privateFolder, startSiaga, writeRegister, type SiagaProcess } from './siaga-process.ts';

let folder: Awaited<ReturnType<typeof privateFolder>>;
let provider: TestProvider;
let siaga: SiagaProcess;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let complaints: string[];

const button = () => page.getByRole('link', { name: 'Masuk dengan SSO KPU' });
const menu = () => page.getByRole('navigation', { name: 'Menu utama' });
const signOutHere = async () => {
  await page.getByRole('button', { name: /Menu pengguna siti/ }).click();
  await page.getByRole('button', { name: 'Keluar' }).click();
};
const signInThere = async (login: string) => {
  await button().click();
  await page.waitForURL(`${provider.issuer}/interaction/**`);
  await page.locator('input[name=login]').fill(login);
  await page.locator('button').click();
};

beforeAll(async () => {
  folder = await privateFolder();
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  // For a browser `localhost` is another site than `127.0.0.1`, so that what is strict is judged as between two machines.
  provider = await startProvider({ host: 'localhost', siaga: origin, tellsEnds: true });
  provider.people.set('s1', person('siti', 'analyst'));
  provider.people.set('s2', person('sari', 'nothing'));
  const config = join(folder.folder, 'siaga.yaml');
  writeFileSync(
    config,
    [
      `parties: ${await writeRegister(folder.folder)}`,
      `server: { origins: ['${origin}'] }`,
      'sources: [{ id: sipol, kind: http, format: ecs-json, tokenEnv: SIPOL_TOKEN, expectEvery: never }]',
      'oidc:',
      `  issuer: ${provider.issuer}`,
      `  clientId: ${clientId}`,
      '  clientSecretEnv: OIDC_SECRET',
      '  label: Masuk dengan SSO KPU',
      `  redirectOrigin: ${origin}`,
      '  claims: { role: groups, agency: agency }',
      '  roles: { siaga-analyst: analyst }',
      '  agencies: { bssn: BSSN }',
      '  signOut: provider-and-back',
      '',
    ].join('\n'),
  );
  siaga = await startSiaga({
    folder: folder.folder,
    args: ['--config', config],
    env: { SIPOL_TOKEN: 'token-of-the-e2e-test-0123456789', OIDC_SECRET: clientSecret },
    port,
  });
  browser = await launch();
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'id-ID' });
  page = await context.newPage();
  complaints = complaintsOf(page);
});

afterAll(async () => {
  await browser?.close();
  await siaga?.stop();
  await provider?.close();
  await folder?.remove();
});

describe('signing in elsewhere with a browser', () => {
  it('shows the way there, and says why it came to nothing', async () => {
    await page.goto(siaga.url);
    await button().waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await signInThere('s2');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('tidak punya peran');
    expect(page.url()).toBe(`${siaga.url}/`);
    await context.clearCookies();
  });

  it('comes back to the screen that was asked for, signed in, although the strict cookie does not go with that navigation', async () => {
    const asked: { path: string; hasSession: boolean }[] = [];
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.origin !== siaga.url) return;
      void request.allHeaders().then(({ cookie = '' }) => {
        asked.push({ path: url.pathname, hasSession: cookie.includes('siaga_session=') });
      });
    });
    await page.goto(`${siaga.url}/sources?q=1`);
    await signInThere('s1');
    await menu().waitFor();
    expect(page.url()).toBe(`${siaga.url}/sources?q=1`);
    const shells = asked.filter(({ path }) => path === '/sources');
    expect(shells.at(-1)).toEqual({ path: '/sources', hasSession: false });
    expect(asked.filter(({ path }) => path === '/api/session').at(-1)?.hasSession).toBe(true);
    const cookies = await context.cookies(siaga.url);
    expect(cookies.map(({ name, sameSite, httpOnly }) => ({ name, sameSite, httpOnly }))).toEqual([
      { name: 'siaga_session', sameSite: 'Strict', httpOnly: true },
    ]);
  });

  it('is a session like any other: it outlives a reload, and signing out ends it here and at the provider', async () => {
    await page.reload();
    await menu().waitFor();
    await signOutHere();
    await page.waitForURL(`${provider.issuer}/session/end?**`);
    const there = new URL(page.url()).searchParams;
    expect(there.get('id_token_hint')?.split('.')).toHaveLength(3);
    expect(there.get('post_logout_redirect_uri')).toBe(`${siaga.url}/api/oidc/signed-out`);
    // Ours is over before the provider has asked anything.
    expect((await context.cookies(siaga.url)).map(({ name }) => name)).toEqual(['siaga_oidc_out']);
    await page.locator('button[name=logout]').click();
    await page.getByRole('status').waitFor();
    expect(await page.getByRole('status').textContent()).toContain('juga di penyedia identitas');
    expect(page.url()).toBe(`${siaga.url}/`);
    expect((await context.cookies(siaga.url)).map(({ name }) => name)).toEqual([]);
    expect(await accessibilityProblems(page)).toEqual([]);
    // Nobody who sits down there next comes in by one click.
    await button().click();
    await page.waitForURL(`${provider.issuer}/interaction/**`);
    await page.goto(siaga.url);
    // A 401 is how the screen learns that nobody is signed in.
    expect(complaints.filter((complaint) => !complaint.includes('401'))).toEqual([]);
  });

  it('ends on an open screen within two seconds when it ends at the provider', async () => {
    await signInThere('s1');
    await menu().waitFor();
    const elsewhere = await context.newPage();
    await elsewhere.goto(`${provider.issuer}/session/end`);
    const began = performance.now();
    await elsewhere.locator('button[name=logout]').click();
    await button().waitFor({ timeout: 2_000 });
    const tookMs = performance.now() - began;
    console.log(`from the click at the provider to our sign-in screen: ${Math.round(tookMs)} ms`);
    expect(tookMs).toBeLessThan(2_000);
    expect(await page.getByRole('navigation').count()).toBe(0);
  });

  it('leaves nothing secret in the log', () => {
    expect(siaga.output()).toContain('session:begun');
    expect(siaga.output()).not.toContain(clientSecret);
  });
});
