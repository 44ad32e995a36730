import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely';
import {
  belongsTo,
  countingKey,
  createIndex,
  type Dialect,
  idType,
  type Migration,
  required,
} from '../migration.ts';

/** Webhooks, the queue of their deliveries, and what each attempt said. */
export const webhooks: Migration = {
  name: '006-webhooks',
  async up(db, dialect) {
    await createWebhooks(db, dialect);
    await createTriggeredWebhooks(db, dialect);
    await createExecutions(db, dialect);
  },
};

async function createWebhooks(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('webhooks')
    .addColumn('id', idType(dialect), countingKey(dialect))
    .addColumn('uuid', 'text', (column) => column.notNull().unique())
    .addColumn('description', 'text')
    .addColumn('consumer_id', 'integer', mayBelongTo('pacticipants'))
    .addColumn('consumer_label', 'text')
    .addColumn('provider_id', 'integer', mayBelongTo('pacticipants'))
    .addColumn('provider_label', 'text')
    .addColumn('enabled', 'integer', required)
    .addColumn('events', 'text', required)
    .addColumn('method', 'text', required)
    .addColumn('url', 'text', required)
    .addColumn('headers', 'text', required)
    .addColumn('body', 'text')
    .addColumn('username', 'text')
    .addColumn('password', 'text')
    .addColumn('created_at', 'text', required)
    .addColumn('updated_at', 'text', required)
    .execute();
  await createIndex(db, 'webhooks_consumer', ['webhooks', 'consumer_id']);
  await createIndex(db, 'webhooks_provider', ['webhooks', 'provider_id']);
}

async function createTriggeredWebhooks(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('triggered_webhooks')
    .addColumn('id', idType(dialect), countingKey(dialect))
    .addColumn('uuid', 'text', (column) => column.notNull().unique())
    .addColumn('webhook_id', 'integer', (column) =>
      column.references('webhooks.id').onDelete('set null'),
    )
    .addColumn('event', 'text', required)
    .addColumn('consumer_id', 'integer', belongsTo('pacticipants'))
    .addColumn('provider_id', 'integer', belongsTo('pacticipants'))
    .addColumn('publication_id', 'integer', belongsTo('pact_publications'))
    .addColumn('verification_id', 'integer', mayBelongTo('verifications'))
    .addColumn('base_url', 'text', required)
    .addColumn('context', 'text', required)
    .addColumn('parameters', 'text', required)
    .addColumn('status', 'text', required)
    .addColumn('attempts_made', 'integer', required)
    .addColumn('due_at', 'text')
    .addColumn('created_at', 'text', required)
    .execute();
  await db.schema
    .createIndex('triggered_webhooks_due')
    .on('triggered_webhooks')
    .columns(['due_at', 'id'])
    .where(sql.ref('due_at'), 'is not', null)
    .execute();
  const pair = ['provider_id', 'consumer_id', 'id'];
  await createIndex(db, 'triggered_webhooks_pair', ['triggered_webhooks', ...pair]);
  await createIndex(db, 'triggered_webhooks_consumer', ['triggered_webhooks', 'consumer_id']);
  await createIndex(db, 'triggered_webhooks_webhook', ['triggered_webhooks', 'webhook_id']);
  await createIndex(db, 'triggered_webhooks_pact', ['triggered_webhooks', 'publication_id']);
  await createIndex(db, 'triggered_webhooks_result', ['triggered_webhooks', 'verification_id']);
}

async function createExecutions(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('webhook_executions')
    .addColumn('id', idType(dialect), countingKey(dialect))
    .addColumn('triggered_webhook_id', 'integer', belongsTo('triggered_webhooks'))
    .addColumn('success', 'integer', required)
    .addColumn('logs', 'text', required)
    .addColumn('created_at', 'text', required)
    .execute();
  await createIndex(db, 'webhook_executions_order', [
    'webhook_executions',
    'triggered_webhook_id',
    'id',
  ]);
}

function mayBelongTo(table: string) {
  return (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder =>
    column.references(`${table}.id`).onDelete('cascade');
}
