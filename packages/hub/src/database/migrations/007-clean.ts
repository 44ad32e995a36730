import { countingKey, createIndex, idType, type Migration, required } from '../migration.ts';

/** Runs of the clean-up, and the claim that lets one hub at a time run it. */
export const clean: Migration = {
  name: '007-clean',
  async up(db, dialect) {
    await db.schema
      .createTable('clean_runs')
      .addColumn('id', idType(dialect), countingKey(dialect))
      .addColumn('uuid', 'text', (column) => column.notNull().unique())
      .addColumn('started_at', 'text', required)
      .addColumn('finished_at', 'text')
      .addColumn('status', 'text', required)
      .addColumn('started_by', 'text', required)
      .addColumn('policy', 'text', required)
      .addColumn('planned', 'text', required)
      .addColumn('removed', 'text', required)
      .addColumn('error', 'text')
      .execute();
    await createIndex(db, 'clean_runs_status', ['clean_runs', 'status']);
    await db.schema
      .createTable('clean_claims')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('holder', 'text', required)
      .addColumn('expires_at', 'text', required)
      .addColumn('slot', 'text', required)
      .execute();
  },
};
