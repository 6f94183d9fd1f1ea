import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStateStore } from '../../server/store/state/state-store.ts';
import { stateStoreSuite } from './state-store.suite.ts';

describe('SQLite in memory', () => stateStoreSuite(() => openStateStore({ file: ':memory:' })));

describe('SQLite in a file', () => {
  let folder = '';
  let files = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'siaga-state-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const newFile = () => join(folder, `state-${(files += 1)}.db`);

  stateStoreSuite(() => openStateStore({ file: newFile() }));

  test('keeps what was written when it is opened again', async () => {
    const file = newFile();
    const first = await openStateStore({ file });
    await first.db.insertInto('meta').values({ name: 'a', value: 42 }).execute();
    await first.close();
    const second = await openStateStore({ file });
    expect(await second.db.selectFrom('meta').selectAll().execute()).toEqual([{ name: 'a', value: 42 }]);
    await second.close();
  });

  test('is readable by its owner only', async () => {
    const file = newFile();
    await (await openStateStore({ file })).close();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['journal_mode', 'wal'],
    ['synchronous', 2],
    ['foreign_keys', 1],
  ])('runs with %s %s, so that a commit is on disk', async (name, value) => {
    const store = await openStateStore({ file: newFile() });
    const { rows } = await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(store.db);
    await store.close();
    expect(rows[0]?.[name]).toBe(value);
  });

  test('refuses a file that is no database', async () => {
    const file = newFile();
    await writeFile(file, 'x'.repeat(8_192));
    await expect(openStateStore({ file })).rejects.toThrow();
  });
});
