import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storableText } from '../../server/store/state/storable-text.ts';
import { hostileTexts } from '../fixtures/hostile-corpus.ts';
import { launch } from './browser.ts';
import {
  agencyTexts,
  fileTexts,
  labelText,
  openNamesDesk,
  registeredTexts,
  ruleTexts,
  type NamesDesk,
} from './hostile-names-desk.ts';
import { clean, drawn, folded, openWatched, type WatchedScreen } from './hostile-screen.ts';
import { runCommand } from './siaga-command.ts';

/** Of the corpus, what is a name by its letters; all else is refused as a name of a wall, a token or a user. */
const namesOfTokens = [
  'constructor',
  'constructor.prototype.polluted',
  'toString',
  'undefined',
  '\u0430dmin',
];
const namesOfUsers = ['constructor', 'constructor.prototype.polluted', 'undefined'];
/** What a browser can call itself: a header has no control characters and no space at its ends. */
const userAgents = hostileTexts.filter(
  ({ name, text }) => !/\p{Cc}/u.test(text) && text.trim() === text && name !== 'lone surrogate',
);
const owners = ['vera', 'wira', 'yana'];
const sessionsEach = 19;

let desk: NamesDesk;
let browser: Browser;
let admin: WatchedScreen;
const cookies = new Map<string, string>();

beforeAll(async () => {
  desk = await openNamesDesk();
  for (const name of owners) cookies.set(name, await desk.addUser(name, 'analyst'));
  browser = await launch();
  admin = await openWatched(browser, { url: desk.siaga.url, cookie: desk.cookie });
});
afterAll(async () => {
  await browser?.close();
  await desk?.close();
});

const hour = () => `from=${Date.now() - 3_600_000}&to=${Date.now() + 60_000}`;
/** A session's browser as the server read it from the bytes of its header. */
const asRead = (text: string): string => Buffer.from(text).toString('latin1').slice(0, 300);

/** Opens each row of the audit log that is listed, and gathers what their details say. */
async function auditDetails(action: string): Promise<string> {
  const { page, go } = admin;
  await go(`/audit?${new URLSearchParams({ action })}`);
  const rows = page.locator('tbody tr button[aria-expanded]');
  await expect.poll(() => rows.count()).toBeGreaterThan(0);
  let told = '';
  for (let row = 0; row < (await rows.count()); row += 1) {
    await rows.nth(row).click();
    told += ` ${folded(await page.locator('tbody td[colspan]').innerText())}`;
    await rows.nth(row).click();
  }
  return told;
}

describe('a hostile name', () => {
  it.each([
    ['a wall', '/api/walls', { diagonalInch: 55, distanceM: 4, detail: 'full' }, namesOfTokens],
    ['a token', '/api/tokens', { scopes: ['live:read'], expiresInDays: 1 }, namesOfTokens],
    ['a user', '/api/users', { role: 'viewer' }, namesOfUsers],
  ])('of %s is refused as invalid unless it is letters', async (_what, path, more, accepted) => {
    const taken: string[] = [];
    for (const { text } of hostileTexts) {
      const { status, code } = await desk.ask('POST', path, { body: { name: text, ...more } });
      if (status === 201) taken.push(text);
      else expect([text, status, code]).toEqual([text, 400, 'invalid']);
    }
    expect(taken.toSorted()).toEqual(accepted.toSorted());
  });

  it('of an agency in the body of a request is refused: only ids of the configuration are agencies', async () => {
    for (const { text } of hostileTexts) {
      const body = { name: 'xena', role: 'viewer', agency: text };
      const { status, code } = await desk.ask('POST', '/api/users', { body });
      expect([text, status, code]).toEqual([text, 400, 'invalid']);
    }
  });

  it('of agencies and users stays text on the screen of users', async () => {
    const { page } = admin;
    await page.goto(`${desk.siaga.url}/users`);
    for (const name of namesOfUsers) await admin.shows(name);
    await page.getByRole('button', { name: 'Tambah pengguna' }).click();
    const offered = await page.locator('select[name="agency"] option').allTextContents();
    expect(offered.length).toBe(agencyTexts.length);
    for (const { text } of agencyTexts)
      expect(
        offered.some((option) => option.includes(text)),
        text,
      ).toBe(true);
    for (const name of namesOfUsers) await page.getByRole('button', { name, exact: true }).click();
    expect(admin.misdeeds).toEqual(clean);
  });

  it('of a browser stays text among the sessions of its user, to others and to the user', async () => {
    expect(userAgents.length).toBeGreaterThan(30);
    for (const [index, owner] of owners.entries()) {
      const own = userAgents.slice(index * sessionsEach, (index + 1) * sessionsEach);
      for (const { text } of own) expect(await desk.signInBy(owner, text)).toBe(200);
      await admin.page.goto(`${desk.siaga.url}/users`);
      await admin.page.getByRole('button', { name: owner, exact: true }).click();
      for (const { text } of own) await admin.shows(asRead(text));
      const cookie = cookies.get(owner) ?? '';
      const screen = await openWatched(browser, { url: desk.siaga.url, cookie });
      await screen.page.goto(`${desk.siaga.url}/account`);
      for (const { text } of own) await screen.shows(asRead(text));
      // What a tooltip says hides nothing either.
      const titles = await screen.page
        .locator('td[title]')
        .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('title')).join(''));
      expect(titles).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(screen.misdeeds).toEqual(clean);
      await screen.context.close();
    }
    expect(owners.length * sessionsEach).toBeGreaterThanOrEqual(userAgents.length);
    expect(admin.misdeeds).toEqual(clean);
  });

  it('of a token stays text on the screen of its owner', async () => {
    await admin.page.goto(`${desk.siaga.url}/account`);
    for (const name of namesOfTokens) await admin.shows(name);
    expect(admin.misdeeds).toEqual(clean);
  });

  it('of a wall stays text on the screen of walls, and on the wall', async () => {
    const { page } = admin;
    await page.goto(`${desk.siaga.url}/walls`);
    for (const name of namesOfTokens) await admin.shows(name);
    const body = { name: 'constructor.prototype', diagonalInch: 55, distanceM: 4, detail: 'full' };
    const made = await desk.ask('POST', '/api/walls', { body });
    const wall = await openWatched(browser, { url: desk.siaga.url, cookie: null });
    await wall.page.goto(desk.siaga.url + (made.json as { address: string }).address);
    await wall.page.getByText('Gagal/menit').waitFor();
    expect(wall.misdeeds).toEqual(clean);
    await wall.context.close();
    expect(admin.misdeeds).toEqual(clean);
  });

  it('of the way to another provider of identities stays text beside the sign-in', async () => {
    const stranger = await openWatched(browser, { url: desk.siaga.url, cookie: null });
    await stranger.page.goto(desk.siaga.url);
    await stranger.shows(labelText);
    // That nobody is signed in is answered by a 401.
    expect(stranger.misdeeds).toEqual(clean);
    await stranger.context.close();
  });

  it('of an account of the register, and of its role, stays text on the board of parties', async () => {
    await admin.page.goto(`${desk.siaga.url}/parties?party=P01`);
    for (const { text } of registeredTexts) await admin.shows(text);
    expect(admin.misdeeds).toEqual(clean);
  });
});

interface ListedAlert {
  readonly id: string;
  readonly rule: { readonly title: { readonly id: string } };
}

describe('a hostile text of a file', () => {
  it('that is the title, the description and the advice of a rule stays text on the alert, the queue and the wall', async () => {
    const at = new Date().toUTCString().replace(/^\w+, (\d+) (\w+) (\d+) (\S+) GMT$/, '$1/$2/$3:$4 +0000');
    const lines = ruleTexts.map(
      (_text, index) =>
        `192.0.2.${index + 1} - - [${at}] "GET /hostile-rule-${index} HTTP/1.1" 200 5 "-" "-"`,
    );
    expect(JSON.parse(await desk.send(lines))).toMatchObject({ stored: lines.length, unparsed: 0 });
    const list = async () =>
      (await desk.ask('GET', '/api/alerts?status=open&limit=500')).json as { alerts: ListedAlert[] };
    await expect.poll(async () => (await list()).alerts.length).toBe(ruleTexts.length);
    const { alerts } = await list();
    expect(new Set(alerts.map(({ rule }) => rule.title.id))).toEqual(
      new Set(ruleTexts.map(({ text }) => text)),
    );
    await admin.page.goto(`${desk.siaga.url}/alerts`);
    for (const { id, rule } of alerts) {
      await admin.go(`/alerts/${id}`);
      // By the hand of who runs this server: drawn as it is, hidden characters and all.
      await expect.poll(admin.text, { interval: 20 }).toContain(folded(rule.title.id));
    }
    await admin.page.goto(desk.siaga.url);
    await admin.page.locator('[role=option]').first().waitFor();
    await admin.page.goto(`${desk.siaga.url}/wall`);
    // The wall shortens what it shows of a title.
    await expect.poll(admin.text).toMatch(/<[a-z/]/);
    expect(admin.misdeeds).toEqual(clean);
  });

  it('that is the name of an imported file stays text in the audit log and on the screen of sources', async () => {
    for (const { name, text } of fileTexts) {
      const args = ['import', join('logs', text), '--source', 'arsip', '--format', 'combined'];
      const { code, out, err } = await runCommand(desk.folder, ...args);
      expect(code, `${name}: ${err}`).toBe(0);
      expect(out + err).not.toMatch(/[^\P{C}\n\r]|[\u202a-\u202e]/u);
    }
    await admin.page.goto(`${desk.siaga.url}/audit`);
    const told = await auditDetails('import:ended');
    for (const { name, text } of fileTexts) expect(told, name).toContain(drawn(text));
    await admin.go('/sources?source=arsip');
    await admin.page.locator('table').first().waitFor();
    expect(admin.misdeeds).toEqual(clean);
  });
});

describe('a hostile text of a sender', () => {
  it('that is rejected stays text among the samples of the screen of sources', async () => {
    const actions = hostileTexts.map(({ text }) => JSON.stringify({ delete: { _index: text, _id: text } }));
    const answer = JSON.parse(await desk.send(actions, '/_bulk')) as { errors: boolean; items: unknown[] };
    expect([answer.errors, answer.items.length]).toEqual([true, hostileTexts.length]);
    await admin.page.goto(`${desk.siaga.url}/sources?source=web`);
    await expect.poll(admin.text).toContain('"delete":{"_index":"');
    expect(await admin.text()).toContain('data-hostile');
    expect(admin.misdeeds).toEqual(clean);
  });
});

describe('a hostile text of a user', () => {
  it('that is looked for, or exported, stays text in the audit log', async () => {
    for (const { text } of hostileTexts) {
      const asked = new URLSearchParams({ text, format: 'csv' });
      const { status } = await desk.ask('GET', `/api/events/export?${hour()}&${asked}`);
      expect(status).toBe(200);
    }
    await admin.page.goto(`${desk.siaga.url}/audit`);
    const told = await auditDetails('events:exported');
    for (const { name, text } of hostileTexts.filter(({ text: each }) => each.trim() !== ''))
      if (name !== 'lone surrogate')
        expect(told, name).toContain(drawn(new URLSearchParams({ text }).toString()));
    expect(admin.misdeeds).toEqual(clean);
  });

  it('that is the reason of a closing stays text in the audit log', async () => {
    const { json } = await desk.ask('GET', '/api/alerts?status=open&limit=500');
    const { alerts } = json as { alerts: ListedAlert[] };
    const reasons = hostileTexts
      .filter(({ name, text }) => text.trim().length >= 3 && name !== 'lone surrogate')
      .slice(0, alerts.length);
    for (const [index, { text }] of reasons.entries()) {
      const body = { verdict: 'benign', reason: text };
      const { status } = await desk.ask('POST', `/api/alerts/${alerts[index]?.id}/close`, { body });
      expect(status).toBe(200);
    }
    const told = await auditDetails('alert:closed');
    for (const { name, text } of reasons) expect(told, name).toContain(drawn(storableText(text.trim())));
    expect(admin.misdeeds).toEqual(clean);
  });

  it('that narrows the audit log stays text in its filters', async () => {
    for (const { text } of hostileTexts) {
      const said = text.replaceAll('\ud800', '');
      await admin.go(
        `/audit?${new URLSearchParams({ actor: said, action: said, agency: said, outcome: said })}`,
      );
      await expect.poll(() => admin.page.locator('form input').first().isVisible()).toBe(true);
    }
    expect(admin.misdeeds).toEqual(clean);
  });

  it('left the server as it was', async () => {
    expect((await fetch(`${desk.siaga.url}/readyz`)).status).toBe(200);
    expect((await runCommand(desk.folder, 'audit', 'verify')).code).toBe(0);
  });
});
