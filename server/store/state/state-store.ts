import { closeSync, openSync } from 'node:fs';
import { Kysely, Migrator, SqliteAdapter, SqliteDialect } from 'kysely';
import Database from 'libsql';
import { migrations } from './migrations/all.ts';
import type { StateDatabase } from './schema.ts';

/** The state store as its users get it; one connection, so transactions follow one another. */
export type StateDb = Kysely<StateDatabase>;

export interface StateStore {
  readonly db: StateDb;
  close(): Promise<void>;
}

class TransactionalSqliteDialect extends SqliteDialect {
  // SQLite can roll back DDL; without this a kill in the middle of a migration would leave half of it.
  override createAdapter(): SqliteAdapter {
    return new (class extends SqliteAdapter {
      override get supportsTransactionalDdl(): boolean {
        return true;
      }
    })();
  }
}

/**
 * Opens the SQLite file (made when missing, readable by its owner only; `:memory:` for none) and brings it to the newest
 * schema. A commit is on disk before it resolves (WAL, `synchronous=FULL`). Throws when the file can't be opened or migrated.
 */
export async function openStateStore({ file }: { file: string }): Promise<StateStore> {
  if (file !== ':memory:') closeSync(openSync(file, 'a', 0o600));
  const database = new Database(file, { timeout: 5_000 });
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON']) {
    database.pragma(pragma);
  }
  const db: StateDb = new Kysely({ dialect: new TransactionalSqliteDialect({ database }) });
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return { db, close: () => db.destroy() };
}

/** Runs the migrations that this store hasn't seen. Throws when one fails, having changed nothing. */
export async function migrate(db: StateDb): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw new Error('state store: migration failed', { cause: error });
}
