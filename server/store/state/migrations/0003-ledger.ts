import type { Kysely, Migration } from 'kysely';

/** The books of what came in, batches that may come again, and by what followed files are known after a rotation. */
export const ledger: Migration = {
  async up(db: Kysely<unknown>) {
    const count = ['received', 'stored', 'unparsed', 'rejected', 'late', 'duplicate'] as const;
    let minutes = db.schema
      .createTable('ledger_minutes')
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('minute', 'bigint', (column) => column.notNull());
    for (const name of count) minutes = minutes.addColumn(name, 'bigint', (column) => column.notNull());
    await minutes.addPrimaryKeyConstraint('ledger_minutes_primary', ['source', 'minute']).execute();
    await db.schema.createIndex('ledger_by_minute').on('ledger_minutes').column('minute').execute();
    await db.schema
      .createTable('rejections')
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('number', 'bigint', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('lines', 'bigint', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('sample', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('rejections_primary', ['source', 'number'])
      .execute();
    await db.schema
      .createTable('batches')
      .addColumn('key', 'text', (column) => column.primaryKey())
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('digest', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('receipt', 'text', (column) => column.notNull())
      .addColumn('last_line', 'bigint')
      .execute();
    await db.schema.createIndex('batches_by_age').on('batches').column('at').execute();
    for (const [name, type] of [
      ['tail_hash', 'text'],
      ['tail_length', 'integer'],
      ['last_line', 'bigint'],
      ['finished', 'integer'],
      ['seen_at', 'bigint'],
    ] as const) {
      await db.schema.alterTable('file_positions').addColumn(name, type).execute();
    }
  },
};
