import type { Kysely, Migration } from 'kysely';

/** Users, sessions, alerts with their log, accounts and file positions. */
export const first: Migration = {
  async up(db) {
    await createUsers(db);
    await createAlerts(db);
    await createAlertLog(db);
    await createAccounts(db);
    await createPositions(db);
  },
};

async function createUsers(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('users')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('disabled', 'integer', (column) => column.notNull())
    .addColumn('must_change_password', 'integer', (column) => column.notNull())
    .addColumn('password_expires_at', 'bigint')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_sign_in', 'bigint')
    .execute();
  await db.schema
    .createTable('sessions')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('user_name', 'text', (column) => column.notNull().references('users.name').onDelete('cascade'))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_used_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('sessions_by_user').on('sessions').column('user_name').execute();
}

async function createAlerts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('alerts')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('rule_id', 'text', (column) => column.notNull())
    .addColumn('rule', 'text', (column) => column.notNull())
    .addColumn('severity', 'text', (column) => column.notNull())
    .addColumn('severity_rank', 'integer', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('group_hash', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('count', 'bigint', (column) => column.notNull())
    .addColumn('detections', 'bigint', (column) => column.notNull())
    .addColumn('first_seen', 'bigint', (column) => column.notNull())
    .addColumn('last_seen', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('owner', 'text')
    .addColumn('acknowledged_by', 'text')
    .addColumn('acknowledged_at', 'bigint')
    .addColumn('closed_by', 'text')
    .addColumn('closed_at', 'bigint')
    .addColumn('verdict', 'text')
    .addColumn('reason', 'text')
    .execute();
  await db.schema
    .createIndex('alerts_open_group')
    .unique()
    .on('alerts')
    .column('group_hash')
    .where('status' as never, '<>', 'closed')
    .execute();
  await db.schema.createIndex('alerts_by_status').on('alerts').columns(['status', 'rule_id']).execute();
  await db.schema.createIndex('alerts_by_time').on('alerts').column('created_at').execute();
}

async function createAlertLog(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('alert_changes')
    .addColumn('seq', 'bigint', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('actor', 'text')
    .addColumn('note', 'text')
    .addColumn('alert_id', 'text', (column) => column.notNull().references('alerts.id'))
    .addColumn('alert', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('alert_changes_by_alert')
    .on('alert_changes')
    .columns(['alert_id', 'kind', 'seq'])
    .execute();
  await db.schema.createIndex('alert_changes_by_kind').on('alert_changes').columns(['kind', 'seq']).execute();
  await db.schema
    .createTable('detections')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('alert_id', 'text', (column) => column.notNull().references('alerts.id'))
    .addColumn('count', 'bigint', (column) => column.notNull())
    .addColumn('first_seen', 'bigint', (column) => column.notNull())
    .addColumn('last_seen', 'bigint', (column) => column.notNull())
    .addColumn('reported_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('detections_by_age').on('detections').column('reported_at').execute();
  await db.schema
    .createTable('meta')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'bigint', (column) => column.notNull())
    .execute();
}

async function createAccounts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('accounts')
    .addColumn('party_id', 'text', (column) => column.notNull())
    .addColumn('user_name', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('state_at', 'bigint', (column) => column.notNull())
    .addColumn('first_seen', 'bigint', (column) => column.notNull())
    .addColumn('last_seen', 'bigint', (column) => column.notNull())
    .addColumn('last_login', 'bigint')
    .addPrimaryKeyConstraint('accounts_primary', ['party_id', 'user_name'])
    .execute();
  await db.schema
    .createTable('unknown_organisations')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('first_seen', 'bigint', (column) => column.notNull())
    .execute();
}

async function createPositions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('file_positions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('path', 'text', (column) => column.notNull())
    .addColumn('device', 'bigint', (column) => column.notNull())
    .addColumn('inode', 'bigint', (column) => column.notNull())
    .addColumn('head_hash', 'text', (column) => column.notNull())
    .addColumn('head_length', 'integer', (column) => column.notNull())
    .addColumn('offset', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('file_positions_by_source').on('file_positions').column('source').execute();
}
