import type { Migration } from '../migration.ts';

/**
 * Results that failed only where the pact says that it may. A table of their own, because results are read past their large texts
 * otherwise, and almost none of them is such.
 */
export const pendingFailures: Migration = {
  name: '010-pending-failures',
  async up(db) {
    await db.schema
      .createTable('pending_failures')
      .addColumn('verification_id', 'integer', (column) =>
        column.primaryKey().references('verifications.id').onDelete('cascade'),
      )
      .execute();
  },
};
