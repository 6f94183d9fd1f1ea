import type { Migration } from 'kysely';

/** The parties that an alert is about; `null` for those that are older. */
export const alertParties: Migration = {
  async up(db) {
    await db.schema.alterTable('alerts').addColumn('parties', 'text').execute();
  },
};
