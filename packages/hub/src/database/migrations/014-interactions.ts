import { type Migration, required } from '../migration.ts';

/** Described interactions, for the search. */
export const interactions: Migration = {
  name: '014-interactions',
  async up(db) {
    await db.schema
      .createTable('described_contents')
      .addColumn('pact_version_id', 'integer', (column) =>
        column.primaryKey().references('pact_versions.id').onDelete('cascade'),
      )
      .execute();
    await db.schema
      .createTable('pact_interactions')
      .addColumn('pact_version_id', 'integer', (column) =>
        column.notNull().references('pact_versions.id').onDelete('cascade'),
      )
      .addColumn('position', 'integer', required)
      .addColumn('interaction_id', 'text', required)
      .addColumn('kind', 'text', required)
      .addColumn('description', 'text', required)
      .addColumn('summary', 'text', required)
      .addColumn('lines', 'text', required)
      .addColumn('search', 'text', required)
      .addPrimaryKeyConstraint('pact_interactions_key', ['pact_version_id', 'position'])
      .execute();
  },
};
