import type { Kysely } from 'kysely';
import { createIndex, type Migration, required } from '../migration.ts';

/** What live guards said, and which fields of answers they saw. */
export const guard: Migration = {
  name: '021-guard',
  async up(db) {
    await createGuardCounts(db);
    await createGuardMismatches(db);
    await createFieldUsage(db);
  },
};

async function createGuardCounts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('guard_counts')
    .addColumn('consumer', 'text', required)
    .addColumn('provider', 'text', required)
    .addColumn('environment', 'text', required)
    .addColumn('operation', 'text', required)
    .addColumn('bucket', 'integer', required)
    .addColumn('kept', 'bigint', required)
    .addColumn('broken', 'bigint', required)
    .addColumn('uncovered', 'bigint', required)
    .addColumn('undecided', 'bigint', required)
    .addColumn('last_broken', 'bigint', required)
    .addColumn('exemplar_trace_id', 'text', required)
    .addPrimaryKeyConstraint('guard_counts_key', [
      'consumer',
      'provider',
      'bucket',
      'operation',
      'environment',
    ])
    .execute();
  await createIndex(db, 'guard_counts_bucket', ['guard_counts', 'bucket']);
}

async function createGuardMismatches(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('guard_mismatches')
    .addColumn('consumer', 'text', required)
    .addColumn('provider', 'text', required)
    .addColumn('environment', 'text', required)
    .addColumn('operation', 'text', required)
    .addColumn('part', 'text', required)
    .addColumn('rule', 'text', required)
    .addColumn('pointer', 'text', required)
    .addColumn('bucket', 'integer', required)
    .addColumn('times', 'bigint', required)
    .addColumn('last_seen', 'bigint', required)
    .addColumn('exemplar_trace_id', 'text', required)
    .addPrimaryKeyConstraint('guard_mismatches_key', [
      'consumer',
      'provider',
      'bucket',
      'operation',
      'environment',
      'part',
      'rule',
      'pointer',
    ])
    .execute();
  await createIndex(db, 'guard_mismatches_bucket', ['guard_mismatches', 'bucket']);
}

async function createFieldUsage(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('field_usage')
    .addColumn('provider', 'text', required)
    .addColumn('operation', 'text', required)
    .addColumn('consumer', 'text', required)
    .addColumn('consumer_version', 'text', required)
    .addColumn('environment', 'text', required)
    .addColumn('pointer', 'text', required)
    .addColumn('day', 'integer', required)
    .addColumn('present', 'bigint', required)
    .addColumn('watched', 'bigint', required)
    .addColumn('times_read', 'bigint', required)
    .addColumn('first_seen', 'bigint', required)
    .addColumn('last_seen', 'bigint', required)
    .addColumn('exemplar_trace_id', 'text', required)
    .addPrimaryKeyConstraint('field_usage_key', [
      'provider',
      'operation',
      'day',
      'pointer',
      'consumer',
      'consumer_version',
      'environment',
    ])
    .execute();
  await createIndex(db, 'field_usage_day', ['field_usage', 'day']);
}
