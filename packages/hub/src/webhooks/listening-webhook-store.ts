// Hot path: every publication, result and tag asks who listens.
import type { WebhookEvent } from '@concordat/domain';
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { Database } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { Tables } from '../database/tables.ts';
import type { StoredWebhook, WebhookPair } from './webhook-store.ts';

/** What has to be known of a webhook to trigger it. */
export type ListeningWebhook = Pick<
  StoredWebhook,
  'id' | 'uuid' | 'description' | 'enabled' | 'events' | 'consumerVersions'
>;

/** Finds the webhooks that listen, enabled or not, oldest first. */
export class ListeningWebhookStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** By name, by a label of the pacticipant, or to everybody. */
  async toPair({ consumerId, providerId }: WebhookPair): Promise<readonly ListeningWebhook[]> {
    return (await toPair.all(this.#db, { consumerId, providerId })).map(listeningOf);
  }

  /** Those that name the pacticipant on either side, itself or by a label, and those that name nobody. */
  async toPacticipant(id: number): Promise<readonly ListeningWebhook[]> {
    return (await toPacticipant.all(this.#db, { id })).map(listeningOf);
  }
}

export interface ListeningTables extends Tables {
  readonly w: Tables['webhooks'];
}

type ListeningExpression = ExpressionBuilder<ListeningTables, 'w'>;

/** Whether the webhook `w` listens to the pair: on each side by name, by a label of the pacticipant, or to everybody. */
export function listensTo(where: ListeningExpression, pair: WebhookPair): Expression<SqlBool> {
  const { consumerId, providerId } = pair;
  return where.and([
    where.or([where('w.consumer_id', 'is', null), where('w.consumer_id', '=', consumerId)]),
    where.or([where('w.provider_id', 'is', null), where('w.provider_id', '=', providerId)]),
    where.or([where('w.consumer_label', 'is', null), labelled(where, 'consumer', consumerId)]),
    where.or([where('w.provider_label', 'is', null), labelled(where, 'provider', providerId)]),
  ]);
}

function concernsPacticipant(where: ListeningExpression, id: number): Expression<SqlBool> {
  const columns = ['consumer_id', 'consumer_label', 'provider_id', 'provider_label'] as const;
  return where.or([
    where.and(columns.map((column) => where(`w.${column}`, 'is', null))),
    where('w.consumer_id', '=', id),
    where('w.provider_id', '=', id),
    labelled(where, 'consumer', id),
    labelled(where, 'provider', id),
  ]);
}

function labelled(
  where: ListeningExpression,
  side: 'consumer' | 'provider',
  id: number,
): Expression<SqlBool> {
  return where.exists(
    where
      .selectFrom('labels')
      .select('labels.name')
      .whereRef('labels.name', '=', `w.${side}_label`)
      .where('labels.pacticipant_id', '=', id),
  );
}

function listening(db: Database) {
  return db
    .selectFrom('webhooks as w')
    .select(['w.id', 'w.uuid', 'w.description', 'w.enabled', 'w.events'])
    .select(['w.consumer_branches as branches', 'w.consumer_tags as tags'])
    .orderBy('w.id');
}

const toPair = statement((db: Database, pair: { consumerId: number; providerId: number }) =>
  listening(db).where((where) => listensTo(where, pair)),
);

const toPacticipant = statement((db: Database, { id }: { id: number }) =>
  listening(db).where((where) => concernsPacticipant(where, id)),
);

function listeningOf(row: Awaited<ReturnType<typeof toPair.all>>[number]): ListeningWebhook {
  return {
    id: row.id,
    uuid: row.uuid,
    description: row.description ?? undefined,
    enabled: row.enabled === 1,
    events: JSON.parse(row.events) as readonly WebhookEvent[],
    consumerVersions: { branches: JSON.parse(row.branches), tags: JSON.parse(row.tags) },
  };
}
