import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from './siaga-command.ts';
import { privateFolder, startSiaga, type SiagaProcess } from './siaga-process.ts';

const password = 'trembesi-Kw7-jalak-Qx';
let folder = '';
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ folder, remove } = await privateFolder());
  const line = (n: number) =>
    `192.0.2.${n % 250} - - [23/Nov/2026:13:52:04 +0700] "GET /a?n=${n} HTTP/1.1" 200 5 "-" "x"\n`;
  await writeFile(join(folder, 'web.log'), Array.from({ length: 100_000 }, (_value, n) => line(n)).join(''));
  const imported = await runCommand(folder, 'import', 'web.log');
  expect(imported.code).toBe(0);
});
afterAll(() => remove());

async function signIn(url: string, secret: string, next?: string): Promise<string> {
  const post = (path: string, body: object, cookie = '') =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url, cookie },
      body: JSON.stringify(body),
    });
  const cookieOf = (answer: Response) => answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const cookie = cookieOf(await post('/api/session', { name: 'vera', password: secret }));
  if (next === undefined) return cookie;
  return cookieOf(await post('/api/session/password', { current: secret, next }, cookie));
}

/** Searches over all lines that nobody waits for. */
function search({ url }: SiagaProcess, cookie: string): void {
  const range = `from=${Date.parse('2026-11-23T00:00:00Z')}&to=${Date.now()}&text=zzz`;
  for (const path of ['events', 'events/top', 'events/histogram']) {
    const field = path === 'events/top' ? '&field=url.original' : '';
    fetch(`${url}/api/${path}?${range}${field}`, { headers: { cookie } }).catch(() => undefined);
  }
}

describe('a server that is told to stop while searches are under way', () => {
  it('ends cleanly each time', async () => {
    const codes: (number | null)[] = [];
    for (let round = 0; round < 4; round += 1) {
      const siaga = await startSiaga({ folder, args: ['--watch', join(folder, 'other.log')] });
      const oneTime =
        round === 0 ? await runCommand(folder, 'user', 'add', 'vera', '--role', 'analyst') : null;
      const cookie = await (oneTime
        ? signIn(siaga.url, oneTime.out.trim(), password)
        : signIn(siaga.url, password));
      search(siaga, cookie);
      await new Promise((resolve) => void setTimeout(resolve, 15 + round * 10));
      codes.push(await siaga.stop());
    }
    expect(codes).toEqual([0, 0, 0, 0]);
  });
});
