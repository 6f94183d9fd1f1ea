import { sql, type Kysely, type Migration } from 'kysely';

/** Agencies and second factors of users, what a session came by, tokens, and the audit log. */
export const authority: Migration = {
  async up(db) {
    await extendUsers(db);
    await extendSessions(db);
    await createTokens(db);
    await createAudit(db);
    await createAuditHead(db);
    await guardAudit(db);
  },
};

async function extendUsers(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('users')
    .addColumn('agency', 'text', (column) => column.notNull().defaultTo('KPU'))
    .execute();
  for (const column of ['totp_secret', 'recovery_codes', 'external_id'])
    await db.schema.alterTable('users').addColumn(column, 'text').execute();
  for (const column of ['totp_since', 'totp_last_step', 'password_changed_at'])
    await db.schema.alterTable('users').addColumn(column, 'bigint').execute();
  await db.schema.createIndex('users_by_external_id').on('users').column('external_id').unique().execute();
}

async function extendSessions(db: Kysely<unknown>): Promise<void> {
  for (const column of ['address', 'user_agent', 'factor'])
    await db.schema
      .alterTable('sessions')
      .addColumn(column, 'text', (each) => each.notNull().defaultTo(''))
      .execute();
}

async function createTokens(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('tokens')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('agency', 'text', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('secret_hash', 'text', (column) => column.notNull().unique())
    .addColumn('cookie_hash', 'text', (column) => column.unique())
    .addColumn('scopes', 'text', (column) => column.notNull())
    .addColumn('settings', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('used_at', 'bigint')
    .addColumn('revoked_at', 'bigint')
    .execute();
  await db.schema.createIndex('tokens_by_owner').on('tokens').column('owner').execute();
}

async function createAudit(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit')
    .addColumn('seq', 'bigint', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('agency', 'text', (column) => column.notNull())
    .addColumn('via', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('target', 'text', (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('detail', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('audit_by_actor').on('audit').column('actor').execute();
  await db.schema.createIndex('audit_by_time').on('audit').column('at').execute();
}

/** Where the log ends, apart from the log: one row, moved by the store itself with each insert. */
async function createAuditHead(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit_head')
    .addColumn('id', 'bigint', (column) => column.primaryKey())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('count', 'bigint', (column) => column.notNull())
    .execute();
  const none = '0'.repeat(64);
  await sql`insert into audit_head (id, seq, hash, count) values (1, 0, ${sql.lit(none)}, 0)`.execute(db);
}

/**
 * The store refuses whatever isn't the next row of the log: a change, a deletion, and a row that takes the place of another.
 * Who can change the schema can take the triggers away; the chain and the heads that were sent out show what is done then.
 */
async function guardAudit(db: Kysely<unknown>): Promise<void> {
  for (const table of ['audit', 'audit_head'] as const) {
    for (const act of table === 'audit' ? (['update', 'delete'] as const) : (['delete'] as const))
      await sql`create trigger ${sql.raw(`${table}_no_${act}`)} before ${sql.raw(act)} on ${sql.table(table)}
        begin select raise(abort, 'the audit log is append-only'); end`.execute(db);
  }
  await sql`create trigger audit_in_order before insert on audit
    when new.seq <> (select seq + 1 from audit_head)
    begin select raise(abort, 'the audit log is append-only'); end`.execute(db);
  await sql`create trigger audit_moves_head after insert on audit
    begin update audit_head set seq = new.seq, hash = new.hash, count = count + 1; end`.execute(db);
  await sql`create trigger audit_head_forward before update on audit_head
    when new.seq <> old.seq + 1 or new.count <> old.count + 1
    begin select raise(abort, 'the audit log is append-only'); end`.execute(db);
  await sql`create trigger audit_head_once before insert on audit_head
    begin select raise(abort, 'the audit log is append-only'); end`.execute(db);
}
