import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded } from '../../server/store/events/clickhouse-connection.ts';
import type { Ledger } from '../../shared/api/ledger.ts';
import { signInByApi } from './api-session.ts';
import { runCommand, type Ended } from './siaga-command.ts';
import {
  freePort,
  privateFolder,
  spawnSiaga,
  startSiaga,
  writeRegister,
  type SiagaProcess,
} from './siaga-process.ts';

let folder = '';
let remove: () => Promise<void>;
let server: SiagaProcess;
/** Of the first administrator; outlives the restarts. */
let adminCookie = '';

beforeAll(async () => {
  ({ folder, remove } = await privateFolder());
  await writeFile(join(folder, 'web.log'), '');
});
afterAll(() => remove());

const siaga = (...args: readonly string[]): Promise<Ended> => runCommand(folder, ...args);
const start = () => startSiaga({ folder, args: ['--watch', join(folder, 'web.log')] });
const failedLogin = (second: number): string =>
  `203.0.113.9 - - [23/Nov/2026:12:00:${String(second).padStart(2, '0')} +0700] "POST /login HTTP/1.1" 401 12 "-" "Mozilla/5.0"\n`;
/** Sixty failed logins in a minute: live they would raise an alert. */
const attack = Array.from({ length: 60 }, (_value, second) => failedLogin(second)).join('');
const ledgerOf = async (...args: readonly string[]): Promise<Ledger> =>
  JSON.parse((await siaga('ledger', '--json', ...args)).out) as Ledger;
const importedOf = (ledger: Ledger) => ledger.sources.find(({ source }) => source === 'import');

describe('commands beside a running server', () => {
  beforeAll(async () => {
    server = await start();
  });
  afterAll(async () => {
    expect(await server.stop()).toBe(0);
  });

  it('reach it by a socket that only its owner may open', async () => {
    const { mode } = await stat(join(folder, 'data', 'control.sock'));
    expect(mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'data'))).mode & 0o077).toBe(0);
  });

  it('a second server on the folder is refused and leaves the socket alone', async () => {
    const args = ['--watch', join(folder, 'web.log')];
    const second = spawnSiaga({ folder, args, port: await freePort() });
    expect(await second.exit).toBe(1);
    expect(second.output()).toContain('most often another Siaga runs on it');
    expect((await siaga('user', 'list')).code).toBe(0);
  });

  it('siaga import: history is stored and counted, not judged, not silent, and no part of a frame', async () => {
    const api = await signInByApi(server.url, server.oneTimePassword());
    await writeFile(join(folder, 'old.log'), `${attack}\u001b[31mgarbage`);
    const first = await siaga('import', 'old.log');
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/^old\.log: 61 lines: 61 stored \(1 unparsed\); /);
    const health = await api.healthOf('import');
    expect(health).toMatchObject({
      kind: 'import',
      totals: { stored: 61, unparsed: 1, late: 0 },
      silent: false,
    });
    expect(health?.lagMs).toBeNull();
    adminCookie = api.cookie;
    const ask = async (path: string): Promise<unknown> =>
      (await fetch(server.url + path, { headers: { cookie: adminCookie } })).json();
    expect(await ask('/api/alerts?status=all')).toMatchObject({ total: 0 });
    const day = `from=${Date.parse('2026-11-23T00:00:00Z')}&to=${Date.parse('2026-11-24T00:00:00Z')}`;
    const { events } = (await ask(`/api/events?${day}&limit=100`)) as { events: Record<string, unknown>[] };
    expect(events).toHaveLength(60);
    for (const event of events)
      expect(event).toMatchObject({
        'siaga.history': 'import',
        'siaga.source': 'import',
        'event.action': 'user-login',
      });
    const trend = (await ask('/api/trend')) as { failure: number[]; events: number[] };
    expect([...trend.failure, ...trend.events].reduce((sum, count) => sum + count, 0)).toBe(0);
  });

  it('siaga import: the same file again, renamed and compressed, stores nothing; what was added is stored', async () => {
    const log = await readFile(join(folder, 'old.log'));
    await writeFile(join(folder, 'old.log.1.gz'), gzipSync(log));
    await writeFile(join(folder, 'no-name-for-gzip'), gzipSync(log));
    for (const name of ['old.log', 'old.log.1.gz', 'no-name-for-gzip'])
      expect((await siaga('import', name)).out).toContain(
        `${name}: 61 lines: 0 stored (0 unparsed), 61 there already`,
      );
    await appendFile(join(folder, 'old.log'), `\n${failedLogin(1)}`);
    expect((await siaga('import', 'old.log')).out).toContain(
      '62 lines: 1 stored (0 unparsed), 61 there already',
    );
    await writeFile(join(folder, 'older.log'), log.subarray(0, 2_000));
    const older = await siaga('import', 'older.log');
    expect(older.code).toBe(1);
    expect(older.err).toContain('older.log: begins as ');
  });

  it('siaga import: refuses what it can not do, and says why', async () => {
    await writeFile(join(folder, 'broken.gz'), gzipSync(attack).subarray(0, 60));
    expect(await siaga('import', '--source', 'web', 'old.log')).toMatchObject({ code: 1 });
    expect((await siaga('import', '--source', 'A b', 'old.log')).code).toBe(2);
    expect((await siaga('import', '--zone', 'Mars', 'old.log')).code).toBe(2);
    expect((await siaga('import', '-')).code).toBe(2);
    const broken = await siaga('import', '--source', 'other', 'broken.gz');
    expect([broken.code, broken.err]).toEqual([1, 'siaga import: broken.gz: unexpected end of file\n']);
  });

  it('siaga ledger: balances, of all sources and of one', async () => {
    const { code, out } = await siaga('ledger', '--from', '-1h');
    expect(code).toBe(0);
    expect(out).toMatch(/^import +62 +62 +1 +0 +0 +0 +0 +62 {2}✓$/m);
    expect(out).toMatch(
      /^It balances: 62 received, 62 stored \+ 0 rejected \+ 0 pending; the event store holds 62\.$/m,
    );
    expect((await ledgerOf('--source', 'import')).sources.map(({ source }) => source)).toEqual(['import']);
    expect((await siaga('ledger', '--from', 'soon')).code).toBe(2);
    expect((await siaga('ledger', '--from', '2026-11-24', '--to', '2026-11-23')).code).toBe(2);
  });

  it('siaga user: adds, changes and ends at once', async () => {
    const added = await siaga('user', 'add', 'sari', '--role', 'analyst');
    expect(added.code).toBe(0);
    const password = added.out.trimEnd();
    const cookie = await signIn(server.url, 'sari', password);
    const session = () => fetch(`${server.url}/api/session`, { headers: { cookie } });
    expect((await session()).status).toBe(200);
    expect((await siaga('user', 'disable', 'sari')).out).toBe('sari: analyst, disabled\n');
    expect((await session()).status).toBe(401);
    expect((await siaga('user', 'enable', 'sari')).out).toBe('sari: analyst\n');
    expect((await siaga('user', 'role', 'sari', 'lead')).out).toBe('sari: lead\n');
    const reset = await siaga('user', 'password', 'sari');
    expect(reset.out.trimEnd()).not.toBe(password);
    expect(await signIn(server.url, 'sari', reset.out.trimEnd())).not.toBe('');
    expect((await siaga('user', 'reset-factor', 'sari')).out).toBe('sari: no second factor\n');
    expect((await siaga('user', 'list')).out).toMatch(/^sari +lead +active +/m);
    expect(server.output()).not.toContain(password);
  });

  it.each([
    [['add', 'sari', '--role', 'viewer'], 1, 'siaga user: the name is taken\n'],
    [['disable', 'admin'], 1, 'siaga user: the last admin can be neither disabled nor demoted\n'],
    [['reset-factor', 'nobody'], 1, 'siaga user: no such user\n'],
    [['enable', 'nobody'], 1, 'siaga user: no such user\n'],
    [['add', 'budi'], 2, 'siaga user: --role: found nothing, expected one of viewer'],
    [['add', '__proto__', '--role', 'admin'], 2, 'siaga user: NAME: found "__proto__"'],
    [['__proto__'], 2, 'siaga user: found "__proto__", expected one of list'],
    [['list', 'all'], 2, 'siaga user: list: found 1 arguments, expected 0'],
  ])('siaga user %j ends with code %i', async (args, code, message) => {
    const ended = await siaga('user', ...args);
    expect([ended.code, ended.out]).toEqual([code, '']);
    expect(ended.err.startsWith(message), ended.err).toBe(true);
  });
});

/** The session's cookie; empty when the password is refused. */
async function signIn(url: string, name: string, password: string): Promise<string> {
  const answer = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ name, password }),
  });
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

describe('commands on a stopped server', () => {
  it('open the stores themselves: the ledger, users, and an import that the next start does not judge', async () => {
    expect((await siaga('ledger')).code).toBe(0);
    expect((await siaga('user', 'list')).out).toMatch(/^sari +lead/m);
    expect((await siaga('import', 'old.log')).out).toContain('0 stored (0 unparsed), 62 there already');
    await writeFile(join(folder, 'more.log'), attack.replaceAll('203.0.113.9', '198.51.100.7'));
    expect((await siaga('import', 'more.log')).out).toContain('60 lines: 60 stored');
    const again = await start();
    const alerts = await fetch(`${again.url}/api/alerts?status=all`, { headers: { cookie: adminCookie } });
    expect(await alerts.json()).toMatchObject({ total: 0 });
    expect(importedOf(await ledgerOf())).toMatchObject({ stored: 122, balanced: true });
    await again.kill();
    // The socket of a killed server is there and nobody answers.
    expect((await stat(join(folder, 'data', 'control.sock'))).isSocket()).toBe(true);
    expect((await siaga('ledger')).code).toBe(0);
    const third = await start();
    expect((await siaga('user', 'list')).code).toBe(0);
    expect(await third.stop()).toBe(0);
  });

  it('siaga ledger ends with code 1 when a line is gone behind its back, and says where', async () => {
    const connection = await openEmbedded(join(folder, 'data', 'events'));
    await connection.command(
      "ALTER TABLE events DELETE WHERE `siaga.source` = 'import' AND `event.dataset` = 'unparsed' SETTINGS mutations_sync = 2",
    );
    await connection.close();
    const { code, out } = await siaga('ledger');
    expect(code).toBe(1);
    expect(out).toMatch(/^import +122 +122 +1 +0 +0 +0 +0 +121 {2}✗ store -1$/m);
    expect(out).toMatch(/^Minutes that differ:$/m);
    expect(out).toMatch(/^IT DOES NOT BALANCE: 122 received, 122 stored .* holds 121\.$/m);
    expect((await ledgerOf()).balanced).toBe(false);
  });

  it('make no data folder for a question', async () => {
    const ended = await siaga('ledger', '--data', 'nowhere');
    expect(ended.code).toBe(2);
    expect(ended.err).toContain('nowhere: found no such folder');
    await expect(stat(join(folder, 'nowhere'))).rejects.toThrow('ENOENT');
  });
});

describe('a data folder whose path is too long for a socket', () => {
  it('has a server that says so and goes on; commands say why they can not reach it, and work without it', async () => {
    const data = 'd'.repeat(120);
    const args = ['--watch', join(folder, 'web.log')];
    const running = await startSiaga({ folder, args, env: { SIAGA_DATA: join(folder, data) } });
    expect(running.output()).toContain('"event":"control:missing"');
    const ended = await siaga('ledger', '--data', data);
    expect(ended.code).toBe(1);
    expect(ended.err).toContain(
      'is in use by another process, and its path is too long for a control socket',
    );
    expect(await running.stop()).toBe(0);
    expect((await siaga('ledger', '--data', data)).code).toBe(0);
  });
});

describe('siaga token', () => {
  it('makes a token that a source takes, and never replaces a file unasked', async () => {
    const printed = await siaga('token', 'new');
    expect(printed.out).toMatch(/^[\w-]{43}\n$/);
    expect((await siaga('token', 'new', '--file', 'http.token')).out).toBe('');
    const token = await readFile(join(folder, 'http.token'), 'utf8');
    expect((await stat(join(folder, 'http.token'))).mode & 0o777).toBe(0o600);
    const refused = await siaga('token', 'new', '--file', 'http.token');
    expect([refused.code, refused.err]).toEqual([
      1,
      'siaga token: http.token: is there already; --force replaces it\n',
    ]);
    expect(await readFile(join(folder, 'http.token'), 'utf8')).toBe(token);
    const config = join(folder, 'http.yaml');
    await writeRegister(folder);
    await writeFile(
      config,
      'parties: parties.csv\nsources:\n  - { id: sipol, kind: http, tokenFile: http.token }\n',
    );
    const siagaHttp = await startSiaga({
      folder,
      args: ['--config', config],
      env: { SIAGA_DATA: join(folder, 'http-data') },
    });
    const sent = await fetch(`${siagaHttp.url}/ingest/v1/sipol`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token.trimEnd()}` },
      body: '{"event.action":"x"}\n',
    });
    expect(sent.status).toBe(200);
    expect(await siagaHttp.stop()).toBe(0);
    expect((await siaga('token', 'new', '--file', 'http.token', '--force')).code).toBe(0);
    expect(await readFile(join(folder, 'http.token'), 'utf8')).not.toBe(token);
  });
});
