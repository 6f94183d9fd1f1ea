import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApi, type ApiDesk } from './support.ts';

let api: ApiDesk;
beforeAll(async () => {
  api = await openApi({});
});
afterAll(() => api.close());

const evil = 'evil.example';
const hostile = [
  `https://${evil}/x`,
  `//${evil}/x`,
  `https:\\\\${evil}`,
  `javascript:fetch('//${evil}')`,
  `data:text/html,${evil}`,
  `/\\${evil}`,
];
/** Names under which others take an address into what they store. */
const names = [
  'url',
  'originalUrl',
  'externalUrl',
  'address',
  'link',
  'href',
  'next',
  'redirect',
  'callback',
  'host',
];
const headers = {
  referer: `https://${evil}/from`,
  'x-forwarded-host': evil,
  'x-forwarded-proto': 'javascript',
  'x-original-url': `https://${evil}/`,
  forwarded: `host=${evil}`,
};

/** Every row of the state store, but the audit log, which keeps what was asked. */
async function stored(): Promise<string> {
  const { db } = api.desk.store;
  const rows = await Promise.all([
    db.selectFrom('tokens').selectAll().execute(),
    db.selectFrom('users').selectAll().execute(),
    db.selectFrom('sessions').selectAll().execute(),
  ]);
  return JSON.stringify(rows);
}

describe('S-04: what is shared', () => {
  const wall = { name: 'Ruang rapat', diagonalInch: 55, distanceM: 4, detail: 'titles' };
  const token = { name: 'skrip', scopes: ['live:read'], expiresInDays: 1 };

  test.each(hostile)('holds no address that its maker gave: %s', async (address) => {
    const extra = Object.fromEntries(names.map((name) => [name, address]));
    const asked = { cookie: api.cookieOf('admin'), method: 'POST', headers };
    const made = await api.ask('/api/walls', { ...asked, body: { ...extra, ...wall } });
    expect(made.status).toBe(201);
    // A path of ours: the origin is that of the page that shows it.
    expect((made.json as { address: string }).address).toMatch(/^\/wall#token=[\w-]+$/);
    const program = await api.ask('/api/tokens', { ...asked, body: { ...extra, ...token } });
    expect(program.status).toBe(201);
    const lists = await Promise.all(
      ['/api/walls', '/api/tokens', '/api/session/list', '/api/users'].map((path) =>
        api.ask(path, { cookie: api.cookieOf('admin') }),
      ),
    );
    for (const { status, text } of [made, program, ...lists]) {
      expect(status).toBeLessThan(300);
      expect(text).not.toContain(evil);
    }
    expect(await stored()).not.toContain(evil);
  });

  test.each(hostile)('has no name that is an address: %s', async (address) => {
    for (const [path, body] of [
      ['/api/walls', wall],
      ['/api/tokens', token],
    ] as const) {
      const asked = { cookie: api.cookieOf('admin'), method: 'POST', headers };
      const answer = await api.ask(path, { ...asked, body: { ...body, name: address } });
      expect(answer.status).toBe(400);
    }
    expect(await stored()).not.toContain(evil);
  });
});
