import { createIndex, type Migration, required } from '../migration.ts';

/** Exceptions from can-i-deploy. */
export const overrides: Migration = {
  name: '020-overrides',
  async up(db) {
    await db.schema
      .createTable('overrides')
      .addColumn('uuid', 'text', (column) => column.primaryKey())
      .addColumn('pacticipant', 'text', required)
      .addColumn('version', 'text', required)
      .addColumn('environment', 'text', required)
      .addColumn('consumer', 'text')
      .addColumn('provider', 'text')
      .addColumn('reason', 'text', required)
      .addColumn('created_by', 'text', required)
      .addColumn('created_at', 'text', required)
      .addColumn('ends_at', 'text', required)
      .execute();
    await createIndex(db, 'overrides_ends_at', ['overrides', 'ends_at']);
  },
};
