import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, Migrator, SqliteDialect, sql, type Migration } from 'kysely';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrations } from '../../server/store/state/migrations/all.ts';
import type { StateDatabase } from '../../server/store/state/schema.ts';
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

  test('of an older version is brought up, with its alerts and accounts', async () => {
    const file = newFile();
    const older = new Kysely<StateDatabase>({
      dialect: new SqliteDialect({ database: new Database(file) }),
    });
    const only = { '0001-first': migrations['0001-first'] as Migration };
    const provider = { getMigrations: () => Promise.resolve(only) };
    await new Migrator({ db: older, provider }).migrateToLatest();
    const row = { rule: '{}', severity: 'high', severity_rank: 3, status: 'new', group_hash: 'g', key: '{}' };
    const counts = { count: 1, detections: 1, first_seen: 1, last_seen: 1, created_at: 1 };
    const alert = { id: 'a', rule_id: 'r', ...row, ...counts };
    await older.insertInto('alerts').values(alert).execute();
    await sql`insert into accounts (party_id, user_name, state, state_at, first_seen, last_seen, last_login)
      values ('p1', 'budi', 'active', 0, 1, 2, 2)`.execute(older);
    await older.destroy();
    const newer = await openStateStore({ file });
    const rows = await newer.db.selectFrom('alerts').select(['id', 'parties']).execute();
    expect(rows).toEqual([{ id: 'a', parties: null }]);
    expect(await newer.db.selectFrom('accounts').selectAll().execute()).toMatchObject([
      { user_name: 'budi', last_login: 2, last_login_address: null, roles_at: 0, created_at: null },
    ]);
    expect(await newer.db.selectFrom('account_history').selectAll().execute()).toEqual([]);
    await newer.close();
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
