import type { Migration } from 'kysely';

/** More of each account, the history of its life, and its failed logins by the hour. */
export const accountLife: Migration = {
  async up(db) {
    for (const column of ['created_at', 'first_login', 'mfa_enrolled_at'])
      await db.schema.alterTable('accounts').addColumn(column, 'bigint').execute();
    for (const column of ['last_login_address', 'roles'])
      await db.schema.alterTable('accounts').addColumn(column, 'text').execute();
    await db.schema
      .alterTable('accounts')
      .addColumn('roles_at', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema
      .createTable('account_history')
      .addColumn('party_id', 'text', (column) => column.notNull())
      .addColumn('user_name', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('address', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('account_history_primary', [
        'party_id',
        'user_name',
        'at',
        'action',
        'actor',
        'address',
      ])
      .execute();
    await db.schema
      .createTable('account_failures')
      .addColumn('party_id', 'text', (column) => column.notNull())
      .addColumn('user_name', 'text', (column) => column.notNull())
      .addColumn('hour', 'bigint', (column) => column.notNull())
      .addColumn('count', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('account_failures_primary', ['party_id', 'user_name', 'hour'])
      .execute();
    await db.schema.createIndex('account_failures_by_hour').on('account_failures').column('hour').execute();
  },
};
