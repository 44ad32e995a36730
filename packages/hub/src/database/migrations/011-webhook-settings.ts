import type { Kysely } from 'kysely';
import { createIndex, type Migration } from '../migration.ts';

/** Signatures and consumer versions of webhooks; the newest delivery of each webhook, event and pair is found by an index. */
export const webhookSettings: Migration = {
  name: '011-webhook-settings',
  async up(db) {
    await addWebhookColumns(db);
    await db.schema.dropIndex('triggered_webhooks_webhook').execute();
    await createIndex(db, 'triggered_webhooks_newest', [
      'triggered_webhooks',
      'webhook_id',
      'event',
      'provider_id',
      'consumer_id',
      'id',
    ]);
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
