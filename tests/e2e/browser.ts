import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { generateSync } from 'otplib';
import { chromium, type Browser, type Page } from 'playwright-core';
import { watchBrowser } from './canary-watch.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);

/** Debian's Chromium, headless, without the connections that it would make by itself. */
export async function launch(): Promise<Browser> {
  if (!executablePath) throw new Error('no Chromium found; on Debian: apt-get install chromium');
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  watchBrowser(browser);
  return browser;
}

/** What a page must never do: errors on its console, or anything that its content security policy forbids. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => void complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return complaints;
}

export const ownPassword = 'kata-sandi-uji-9Q';

/** Enrols a second factor on the card that asks for it; returns the recovery codes. */
async function enrol(page: Page): Promise<string[]> {
  await page.locator('input[name="current"]').fill(ownPassword);
  await page.locator('button[type="submit"]').click();
  const secret = await page.locator('code[data-secret]').innerText();
  const code = generateSync({ secret: secret.replaceAll(/\s/g, '') });
  await page.locator('input[name="code"]').fill(code);
  await page.locator('button[type="submit"]').click();
  const kept = page.locator('button[data-kept]');
  await kept.waitFor();
  const codes = await page.locator('main li code').allInnerTexts();
  await kept.click();
  return codes;
}

/** Signs in with the one-time password and sets an own one, through the screens; enrols a second factor where it is due, and returns the recovery codes. */
export async function signInFirst(page: Page, url: string, oneTimePassword: string): Promise<string[]> {
  await page.goto(url);
  await page.locator('input[autocomplete="username"]').fill('admin');
  await page.locator('input[type="password"]').fill(oneTimePassword);
  await page.locator('button[type="submit"]').click();
  await page.locator('input[autocomplete="new-password"]').first().waitFor();
  await page.locator('input[autocomplete="current-password"]').fill(oneTimePassword);
  for (const field of await page.locator('input[autocomplete="new-password"]').all())
    await field.fill(ownPassword);
  await page.locator('button[type="submit"]').click();
  await page.locator('input[autocomplete="new-password"]').first().waitFor({ state: 'detached' });
  const card = page.locator('input[name="current"]');
  await card.or(page.locator('nav')).or(page.locator('dl')).first().waitFor();
  return (await card.count()) > 0 ? enrol(page) : [];
}

/** Breaches of WCAG 2 A and AA that axe finds on the page as it is: rule and element. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // A page's own policy forbids injected scripts; what is evaluated through the debugger is not injected.
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: checker } = window as unknown as { axe: typeof axe };
    const { violations } = await checker.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  });
}
