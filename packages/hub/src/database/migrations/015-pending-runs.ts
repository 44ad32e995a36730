import type { Migration } from '../migration.ts';

/** Which failed results came from runs with a pending pact; few are, so they have a table of their own. */
export const pendingRuns: Migration = {
  name: '015-pending-runs',
  async up(db) {
    await db.schema
      .createTable('pending_runs')
      .addColumn('verification_id', 'integer', (column) =>
        column.primaryKey().references('verifications.id').onDelete('cascade'),
      )
      .execute();
  },
};
