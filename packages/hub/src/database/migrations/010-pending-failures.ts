import { sql } from 'kysely';
import type { Migration } from '../migration.ts';

/**
 * Results that failed only where the pact says that it may; a table of their own, because results are read past their large texts
 * otherwise, and almost none of them is such. And an index that finds who kept an interaction last.
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
    await db.schema
      .createIndex('verified_interactions_kept')
      .on('verified_interactions')
      .columns(['interaction_id', 'verification_id'])
      .where(sql.ref('success'), '=', sql.lit(1))
      .execute();
  },
};
