import type { Kysely } from 'kysely';
import { type Migration, required } from '../migration.ts';

/** Observed calls, usage of promises, findings and running versions. */
export const insights: Migration = {
  name: '004-insights',
  async up(db) {
    await createCallCounts(db);
    await createUsageCounts(db);
    await createWatchedPromises(db);
    await createFindings(db);
    await createRunningVersions(db);
  },
};

async function createCallCounts(db: Kysely<unknown>): Promise<void> {
  const key = [
    'consumer',
    'provider',
    'transport',
    'environment',
    'operation',
    'status',
    'consumer_version',
    'provider_version',
    'bucket',
  ] as const;
  await db.schema
    .createTable('call_counts')
    .addColumn('consumer', 'text', required)
    .addColumn('provider', 'text', required)
    .addColumn('transport', 'text', required)
    .addColumn('environment', 'text', required)
    .addColumn('operation', 'text', required)
    .addColumn('status', 'text', required)
    .addColumn('consumer_version', 'text', required)
    .addColumn('provider_version', 'text', required)
    .addColumn('bucket', 'integer', required)
    .addColumn('calls', 'double precision', required)
    .addColumn('sampled', 'bigint', required)
    .addColumn('decided', 'bigint', required)
    .addColumn('failed', 'double precision', required)
    .addColumn('duration_micros', 'double precision', required)
    .addColumn('timed', 'double precision', required)
    .addColumn('consumer_virtual', 'integer', required)
    .addColumn('provider_virtual', 'integer', required)
    .addColumn('first_seen', 'bigint', required)
    .addColumn('last_seen', 'bigint', required)
    .addColumn('exemplar_trace_id', 'text', required)
    .addPrimaryKeyConstraint('call_counts_key', [...key])
    .execute();
  await db.schema
    .createIndex('call_counts_bucket')
    .on('call_counts')
    .columns(['bucket', 'consumer', 'provider'])
    .execute();
}

async function createUsageCounts(db: Kysely<unknown>): Promise<void> {
  const key = [
    'consumer',
    'provider',
    'shape',
    'environment',
    'consumer_version',
    'provider_version',
    'bucket',
  ] as const;
  await db.schema
    .createTable('usage_counts')
    .addColumn('consumer', 'text', required)
    .addColumn('provider', 'text', required)
    .addColumn('shape', 'text', required)
    .addColumn('environment', 'text', required)
    .addColumn('consumer_version', 'text', required)
    .addColumn('provider_version', 'text', required)
    .addColumn('bucket', 'integer', required)
    .addColumn('calls', 'double precision', required)
    .addColumn('sampled', 'bigint', required)
    .addColumn('first_seen', 'bigint', required)
    .addColumn('last_seen', 'bigint', required)
    .addColumn('exemplar_trace_id', 'text', required)
    .addPrimaryKeyConstraint('usage_counts_key', [...key])
    .execute();
  await db.schema
    .createIndex('usage_counts_bucket')
    .on('usage_counts')
    .columns(['bucket', 'consumer', 'provider'])
    .execute();
}

async function createWatchedPromises(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('watched_promises')
    .addColumn('consumer', 'text', required)
    .addColumn('provider', 'text', required)
    .addColumn('transport', 'text', required)
    .addColumn('shape', 'text', required)
    .addColumn('since', 'bigint', required)
    .addColumn('calls_before', 'bigint', required)
    .addPrimaryKeyConstraint('watched_promises_key', ['consumer', 'provider', 'transport', 'shape'])
    .execute();
}

async function createFindings(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('findings')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('kind', 'text', required)
    .addColumn('consumer', 'text', required)
    .addColumn('provider', 'text', required)
    .addColumn('environment', 'text', required)
    .addColumn('operation', 'text', required)
    .addColumn('calls', 'double precision', required)
    .addColumn('first_seen', 'bigint', required)
    .addColumn('last_seen', 'bigint', required)
    .addColumn('exemplar_trace_id', 'text', required)
    .addColumn('exemplar_call', 'text', required)
    .addColumn('resolved_at', 'bigint')
    .execute();
  await db.schema
    .createTable('finding_details')
    .addColumn('finding_id', 'text', (column) =>
      column.notNull().references('findings.id').onDelete('cascade'),
    )
    .addColumn('name', 'text', required)
    .addColumn('value', 'text', required)
    .addPrimaryKeyConstraint('finding_details_key', ['finding_id', 'name', 'value'])
    .execute();
}

async function createRunningVersions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('running_versions')
    .addColumn('service', 'text', required)
    .addColumn('version', 'text', required)
    .addColumn('environment', 'text', required)
    .addColumn('recorded', 'integer', required)
    .addColumn('sightings', 'bigint', required)
    .addColumn('first_seen', 'bigint', required)
    .addColumn('last_seen', 'bigint', required)
    .addColumn('exemplar_trace_id', 'text', required)
    .addPrimaryKeyConstraint('running_versions_key', ['service', 'version', 'environment'])
    .execute();
}
