import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { revealHidden } from '../../client/ui/Untrusted.tsx';
import { watchMisdeeds, type Misdeeds } from './hostile-watch.ts';

/** What hostile text did when it stayed text. */
export const clean: Misdeeds = {
  elements: [],
  ran: [],
  violations: [],
  dialogs: [],
  requests: [],
  complaints: [],
};

/** Without what only the browser folds. */
export const folded = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** A hostile text as a screen draws it. */
export const drawn = (text: string): string => folded(revealHidden(text));

/** A page that is watched from its first moment on, of whoever has that cookie. */
export interface WatchedScreen {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly misdeeds: Misdeeds;
  /** Goes to another screen as a link does, without loading the page anew. */
  go(path: string): Promise<void>;
  /** Text of the whole page, folded. */
  text(): Promise<string>;
  /** Waits until the page shows the text as it is drawn. */
  shows(text: string): Promise<void>;
}

export async function openWatched(
  browser: Browser,
  { url, cookie }: { readonly url: string; readonly cookie: string | null },
): Promise<WatchedScreen> {
  const context = await browser.newContext({ viewport: { width: 1_600, height: 900 }, locale: 'id-ID' });
  const [name = '', value = ''] = (cookie ?? '').split('=');
  if (cookie !== null) await context.addCookies([{ name, value, url }]);
  const misdeeds = await watchMisdeeds(context, url);
  const page = await context.newPage();
  const text = async (): Promise<string> => folded(await page.evaluate(() => document.body.innerText));
  return {
    context,
    page,
    misdeeds,
    text,
    go: (path) => page.evaluate((to) => history.pushState(null, '', to), path),
    shows: (hostile) =>
      expect
        .poll(text, { interval: 20, message: `${page.url()} shows ${JSON.stringify(hostile)}` })
        .toContain(drawn(hostile)),
  };
}
