import { type Migration, required } from '../migration.ts';

/** Which services are which pacticipants, and from which commit running versions were built. */
export const identity: Migration = {
  name: '019-identity',
  async up(db) {
    await db.schema
      .createTable('service_aliases')
      .addColumn('service', 'text', (column) => column.primaryKey())
      .addColumn('pacticipant', 'text', required)
      .addColumn('created_at', 'text', required)
      .addColumn('created_by', 'text', required)
      .execute();
    await db.schema
      .alterTable('running_versions')
      .addColumn('revision', 'text', (column) => column.notNull().defaultTo(''))
      .execute();
  },
};
