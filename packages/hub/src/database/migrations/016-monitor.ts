import type { CreateTableBuilder, Kysely } from 'kysely';
import { createIndex, type Migration, required } from '../migration.ts';

/** Operations and edges by minute with their latencies, and which operations calls were made from. */
export const monitor: Migration = {
  name: '016-monitor',
  async up(db) {
    await createOperationMinutes(db);
    await createDependencyMinutes(db);
    await createEdgeLatencies(db);
    await createOperationLinks(db);
  },
};

async function createOperationMinutes(db: Kysely<unknown>): Promise<void> {
  const table = db.schema
    .createTable('operation_minutes')
    .addColumn('service', 'text', required)
    .addColumn('environment', 'text', required)
    .addColumn('operation', 'text', required)
    .addColumn('kind', 'text', required)
    .addColumn('minute', 'integer', required)
    .addColumn('calls', 'double precision', required)
    .addColumn('errors', 'double precision', required)
    .addColumn('duration_micros', 'double precision', required)
    .addColumn('exemplar_trace_id', 'text', required);
  await withBuckets(table)
    .addPrimaryKeyConstraint('operation_minutes_key', [
      'service',
      'minute',
      'kind',
      'operation',
      'environment',
    ])
    .execute();
  await createIndex(db, 'operation_minutes_minute', ['operation_minutes', 'minute']);
}

async function createDependencyMinutes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('dependency_minutes')
    .addColumn('parent', 'text', required)
    .addColumn('child', 'text', required)
    .addColumn('minute', 'integer', required)
    .addColumn('calls', 'double precision', required)
    .addColumn('virtual', 'integer', required)
    .addPrimaryKeyConstraint('dependency_minutes_key', ['minute', 'parent', 'child'])
    .execute();
}

async function createEdgeLatencies(db: Kysely<unknown>): Promise<void> {
  const table = db.schema
    .createTable('edge_latencies')
    .addColumn('consumer', 'text', required)
    .addColumn('provider', 'text', required)
    .addColumn('transport', 'text', required)
    .addColumn('environment', 'text', required)
    .addColumn('operation', 'text', required)
    .addColumn('side', 'text', required)
    .addColumn('bucket', 'integer', required)
    .addColumn('timed', 'double precision', required)
    .addColumn('duration_micros', 'double precision', required);
  await withBuckets(table)
    .addPrimaryKeyConstraint('edge_latencies_key', [
      'consumer',
      'provider',
      'transport',
      'bucket',
      'environment',
      'operation',
      'side',
    ])
    .execute();
  await createIndex(db, 'edge_latencies_bucket', ['edge_latencies', 'bucket']);
}

async function createOperationLinks(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('operation_links')
    .addColumn('service', 'text', required)
    .addColumn('environment', 'text', required)
    .addColumn('operation', 'text', required)
    .addColumn('kind', 'text', required)
    .addColumn('transport', 'text', required)
    .addColumn('called_service', 'text', required)
    .addColumn('called_operation', 'text', required)
    .addColumn('bucket', 'integer', required)
    .addColumn('calls', 'double precision', required)
    .addColumn('last_seen', 'bigint', required)
    .addColumn('exemplar_trace_id', 'text', required)
    .addPrimaryKeyConstraint('operation_links_key', [
      'service',
      'called_service',
      'bucket',
      'transport',
      'operation',
      'kind',
      'called_operation',
      'environment',
    ])
    .execute();
  await createIndex(db, 'operation_links_bucket', ['operation_links', 'bucket']);
}

/** One column a latency bucket, as they were at the time of this migration. */
function withBuckets<Table extends string, Column extends string>(
  table: CreateTableBuilder<Table, Column>,
): CreateTableBuilder<Table, Column> {
  return Array.from({ length: 17 }, (_, index) => `b${index}`).reduce(
    (built, name) =>
      built.addColumn(name, 'double precision', required) as CreateTableBuilder<Table, Column>,
    table,
  );
}
