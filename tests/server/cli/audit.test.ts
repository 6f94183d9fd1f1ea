import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { brokenHeadFileOf, headFileOf, openHeadKeeper } from '../../../server/audit/head-file.ts';
import { UsageProblem } from '../../../server/cli/arguments.ts';
import { audit } from '../../../server/cli/commands/audit.ts';
import { visible } from '../../../server/log.ts';
import { openAudit, rebuildFrom, rowAt, takeGuardsAway, type AuditDesk } from '../audit/support.ts';

let folder: string;
let desk: AuditDesk;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'siaga-audit-'));
  desk = await openAudit(join(folder, 'state.sqlite'));
  await desk.fill(5);
});
afterEach(async () => {
  await desk.store.close();
  await rm(folder, { recursive: true });
});

async function run(...args: string[]) {
  const said = { out: '', err: '' };
  const output = (name: 'out' | 'err') => ({
    isTerminal: false,
    columns: 80,
    write: (text: string | Uint8Array) => {
      said[name] += String(text);
      return Promise.resolve();
    },
  });
  const code = await audit.run([...args, '--data', folder], {
    stdin: Readable.from([]),
    stdout: output('out'),
    stderr: output('err'),
    env: {},
    cwd: folder,
    now: () => desk.clock.now,
  });
  return { code, ...said };
}

describe('siaga audit verify', () => {
  test('reads beside an open store, and says that all is there', async () => {
    const { code, out } = await run('verify');
    expect([code, out]).toEqual([
      0,
      `Unbroken: 5 rows, newest hash ${(await desk.audit.head()).hash}; no head is known that it could be held against.\n`,
    ]);
  });

  test('names the first wrong row', async () => {
    await takeGuardsAway(desk.store);
    await desk.store.db.updateTable('audit').set({ actor: 'nobody' }).where('seq', '=', 3).execute();
    expect(await run('verify')).toMatchObject({
      code: 1,
      out: 'BROKEN at row 3: it is not as it was written.\n',
    });
    const { code, out } = await run('verify', '--json');
    expect([code, JSON.parse(out)]).toEqual([1, { ok: false, rows: 2, brokenAt: 3, reason: 'changed' }]);
  });

  test('holds the log against heads that were sent out', async () => {
    const { seq, hash } = await rowAt(desk.store, 4);
    await writeFile(join(folder, 'heads.jsonl'), `{"at":1,"seq":0,"hash":"${'0'.repeat(64)}","count":0}\n\n`);
    expect((await run('verify', '--heads', 'heads.jsonl')).code).toBe(0);
    await writeFile(join(folder, 'heads.jsonl'), `${JSON.stringify({ at: 1, seq, hash, count: 4 })}\n`);
    expect((await run('verify', '--heads', 'heads.jsonl')).out).toContain('1 given ones agree');
    await takeGuardsAway(desk.store);
    await desk.store.db.updateTable('audit').set({ actor: 'nobody' }).where('seq', '=', 2).execute();
    await rebuildFrom(desk.store, 2);
    expect((await run('verify')).code).toBe(0);
    expect(await run('verify', '--heads', 'heads.jsonl')).toMatchObject({
      code: 1,
      out: expect.stringContaining('BROKEN at row 4: its hash is not the one that was kept') as string,
    });
  });

  test.each(['{', '{"seq":1}', `{"seq":-1,"hash":"${'0'.repeat(64)}"}`, '[]', '\u001b[2J'])(
    'refuses a file of heads with %j in it, and names the line',
    async (line) => {
      await writeFile(join(folder, 'heads.jsonl'), `\n${line}\n`);
      const { code, err } = await run('verify', '--heads', 'heads.jsonl');
      expect(code).toBe(1);
      expect(err).toContain('heads.jsonl:2: found no head');
    },
  );

  test('says what is missing where there is no log', async () => {
    await rm(join(folder, 'state.sqlite'));
    const { code, err } = await run('verify');
    expect([code, err]).toEqual([1, expect.stringContaining('found no such file')]);
  });

  test.each([[[]], [['check']], [['verify', 'x']], [['verify', '--actor', 'a']], [['list', '--heads', 'a']]])(
    'refuses %j',
    async (args) => {
      await expect(run(...args)).rejects.toThrow(UsageProblem);
    },
  );
});

describe('the head beside the store', () => {
  const keeperOf = () =>
    openHeadKeeper(folder, { db: desk.store.db, audit: desk.audit, now: () => desk.clock.now });

  test('is its owner’s, and is what the log is held against', async () => {
    await (await keeperOf()).keep();
    expect((await stat(headFileOf(folder))).mode & 0o777).toBe(0o600);
    expect((await run('verify')).out).toContain('1 heads of the data folder');
  });

  test('of a log whose end was cut off is put aside at the next start, and not forgotten', async () => {
    await (await keeperOf()).keep();
    await takeGuardsAway(desk.store);
    await desk.store.db.deleteFrom('audit').where('seq', '>', 3).execute();
    const { hash } = await rowAt(desk.store, 3);
    await desk.store.db.updateTable('audit_head').set({ seq: 3, hash, count: 3 }).execute();
    expect((await run('verify')).out).toContain('BROKEN at row 4');

    const keeper = await keeperOf();
    expect(keeper.broken).toBe(true);
    await keeper.keep();
    expect((await run('verify')).out).toContain('BROKEN at row 4');
    expect((await stat(brokenHeadFileOf(folder))).isFile()).toBe(true);
    expect((await keeperOf()).broken).toBe(false);
  });
});

describe('siaga audit list', () => {
  test('prints newest first, and narrowed', async () => {
    const { code, out } = await run('list');
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n')).toHaveLength(6);
    expect(out.split('\n')[1]).toMatch(/^\s*5 .*user4 .*alert:closed/);
    const one = await run('list', '--actor', 'user2', '--action', 'alert:closed', '--from', '-1h', '--json');
    expect(JSON.parse(one.out)).toMatchObject({ seq: 3, actor: 'user2' });
    expect((await run('list', '--limit', '2', '--json')).out.trimEnd().split('\n')).toHaveLength(2);
  });

  test('lets no text act on the terminal', async () => {
    const evil = '\u001b]0;pwned\u0007\u202e\r\nrow 9';
    await desk.audit.note({
      actor: evil,
      agency: evil,
      via: 'web',
      action: 'user:created',
      detail: { evil },
    });
    for (const args of [['list'], ['list', '--json']]) {
      const { out } = await run(...args);
      expect(visible(out.replaceAll('\n', ''))).toBe(out.replaceAll('\n', ''));
      expect(out.trimEnd().split('\n')).toHaveLength(args.length === 1 ? 7 : 6);
    }
  });

  test.each([
    ['--limit', '0'],
    ['--limit', 'many'],
    ['--outcome', 'maybe'],
    ['--from', 'soon'],
  ])('refuses %s %s', async (...args) => {
    await expect(run('list', ...args)).rejects.toThrow(UsageProblem);
  });
});
