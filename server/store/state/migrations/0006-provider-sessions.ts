import type { Migration } from 'kysely';

/** What a session that a provider of identities began is called there, and what proves it to the provider. */
export const providerSessions: Migration = {
  async up(db) {
    await db.schema
      .alterTable('sessions')
      .addColumn('provider_session', 'text', (column) => column.notNull().defaultTo(''))
      .execute();
    await db.schema.alterTable('sessions').addColumn('id_token', 'text').execute();
  },
};
