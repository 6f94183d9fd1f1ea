import { existsSync } from 'node:fs';
import { Kysely, SqliteDialect } from 'kysely';
import Database from 'libsql';
import type { StateDatabase } from './schema.ts';
import type { StateStore } from './state-store.ts';

/**
 * Opens a state store to read only, also beside a running server; it isn't brought to the newest schema. Throws when there is none.
 * On disk it writes no more than SQLite itself needs to read.
 */
export function openStateToRead({ file }: { readonly file: string }): StateStore {
  if (!existsSync(file)) throw new Error(`${file}: found no such file, expected the state store of a Siaga`);
  const database = new Database(file, { timeout: 5_000 });
  database.pragma('query_only = ON');
  const db = new Kysely<StateDatabase>({ dialect: new SqliteDialect({ database }) });
  return { db, close: () => db.destroy() };
}
