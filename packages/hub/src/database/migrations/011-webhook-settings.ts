import { type Kysely, sql } from 'kysely';
import {
  belongsTo,
  countingKey,
  createIndex,
  type Dialect,
  idType,
  type Migration,
  required,
} from '../migration.ts';

/** Signatures and consumer versions of webhooks; deliveries for versions without a pact; the newest of each is found by an index. */
export const webhookSettings: Migration = {
  name: '011-webhook-settings',
  async up(db, dialect) {
    await addWebhookColumns(db);
    if (dialect === 'sqlite') await rebuildTriggeredWebhooks(db, dialect);
    else await loosenTriggeredWebhooks(db);
    const newest = ['webhook_id', 'event', 'provider_id', 'consumer_id', 'id'];
    await createIndex(db, 'triggered_webhooks_newest', ['triggered_webhooks', ...newest]);
    await createIndex(db, 'triggered_webhooks_version', ['triggered_webhooks', 'version_id']);
  },
};

async function addWebhookColumns(db: Kysely<unknown>): Promise<void> {
  const table = () => db.schema.alterTable('webhooks');
  await table().addColumn('signing_secret', 'text').execute();
  for (const list of ['consumer_branches', 'consumer_tags']) {
    await table()
      .addColumn(list, 'text', (column) => column.notNull().defaultTo('[]'))
      .execute();
  }
}

const PACT_COLUMNS = ['consumer_id', 'provider_id', 'publication_id'];

async function loosenTriggeredWebhooks(db: Kysely<unknown>): Promise<void> {
  const table = () => db.schema.alterTable('triggered_webhooks');
  for (const name of PACT_COLUMNS) {
    await table()
      .alterColumn(name, (column) => column.dropNotNull())
      .execute();
  }
  await table()
    .addColumn('version_id', 'integer', (column) =>
      column.references('versions.id').onDelete('cascade'),
    )
    .execute();
  await db.schema.dropIndex('triggered_webhooks_webhook').execute();
}

/** SQLite cannot make a column nullable; dropping a table deletes what refers to it, so that the logs move along. */
async function rebuildTriggeredWebhooks(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await createTriggeredWebhooks(db, dialect);
  await sql`insert into moved_triggered_webhooks select *, null from triggered_webhooks`.execute(
    db,
  );
  await createExecutions(db, dialect);
  await sql`insert into moved_webhook_executions select * from webhook_executions`.execute(db);
  for (const table of ['webhook_executions', 'triggered_webhooks']) {
    await db.schema.dropTable(table).execute();
    await db.schema.alterTable(`moved_${table}`).renameTo(table).execute();
  }
  await createIndexes(db);
}

async function createTriggeredWebhooks(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  let table = db.schema
    .createTable('moved_triggered_webhooks')
    .addColumn('id', idType(dialect), countingKey(dialect))
    .addColumn('uuid', 'text', (column) => column.notNull().unique())
    .addColumn('webhook_id', 'integer', (column) =>
      column.references('webhooks.id').onDelete('set null'),
    )
    .addColumn('event', 'text', required);
  const references = [
    ['consumer_id', 'pacticipants'],
    ['provider_id', 'pacticipants'],
    ['publication_id', 'pact_publications'],
    ['verification_id', 'verifications'],
  ] as const;
  for (const [name, to] of references) {
    table = table.addColumn(name, 'integer', (column) =>
      column.references(`${to}.id`).onDelete('cascade'),
    );
  }
  await table
    .addColumn('base_url', 'text', required)
    .addColumn('context', 'text', required)
    .addColumn('parameters', 'text', required)
    .addColumn('status', 'text', required)
    .addColumn('attempts_made', 'integer', required)
    .addColumn('due_at', 'text')
    .addColumn('created_at', 'text', required)
    .addColumn('version_id', 'integer', (column) =>
      column.references('versions.id').onDelete('cascade'),
    )
    .execute();
}

async function createExecutions(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('moved_webhook_executions')
    .addColumn('id', idType(dialect), countingKey(dialect))
    .addColumn('triggered_webhook_id', 'integer', belongsTo('moved_triggered_webhooks'))
    .addColumn('success', 'integer', required)
    .addColumn('logs', 'text', required)
    .addColumn('created_at', 'text', required)
    .execute();
}

async function createIndexes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('triggered_webhooks_due')
    .on('triggered_webhooks')
    .columns(['due_at', 'id'])
    .where(sql.ref('due_at'), 'is not', null)
    .execute();
  const pair = ['provider_id', 'consumer_id', 'id'];
  await createIndex(db, 'triggered_webhooks_pair', ['triggered_webhooks', ...pair]);
  await createIndex(db, 'triggered_webhooks_consumer', ['triggered_webhooks', 'consumer_id']);
  await createIndex(db, 'triggered_webhooks_pact', ['triggered_webhooks', 'publication_id']);
  await createIndex(db, 'triggered_webhooks_result', ['triggered_webhooks', 'verification_id']);
  await createIndex(db, 'webhook_executions_order', [
    'webhook_executions',
    'triggered_webhook_id',
    'id',
  ]);
}
