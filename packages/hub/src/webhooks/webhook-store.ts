import {
  type JsonValue,
  parseJson,
  type WebhookCall,
  type WebhookEvent,
  type WebhookRequest,
  type WebhookSelector,
  writeJson,
} from '@concordat/domain';
import type { Selectable } from 'kysely';
import type { Database } from '../database/database.ts';
import type { WebhooksTable } from '../database/tables/webhook-tables.ts';

/** A webhook with its id, and the secrets it was given. */
export interface StoredWebhook extends WebhookRequest {
  readonly id: number;
  readonly uuid: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface WebhookPair {
  readonly consumerId: number;
  readonly providerId: number;
}

type Row = Selectable<WebhooksTable> & {
  readonly consumer: string | null;
  readonly provider: string | null;
};

/** Reads and writes webhooks. */
export class WebhookStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** All; or those that name just the pacticipants given, and nobody on a side that is not given. Oldest first. */
  async list(named: Partial<WebhookPair> = {}): Promise<readonly StoredWebhook[]> {
    let query = this.#select();
    const { consumerId, providerId } = named;
    if (consumerId !== undefined || providerId !== undefined) {
      query =
        consumerId === undefined
          ? query.where('w.consumer_id', 'is', null).where('w.consumer_label', 'is', null)
          : query.where('w.consumer_id', '=', consumerId);
      query =
        providerId === undefined
          ? query.where('w.provider_id', 'is', null).where('w.provider_label', 'is', null)
          : query.where('w.provider_id', '=', providerId);
    }
    return (await query.orderBy('w.id').execute()).map(webhookOf);
  }

  async find(uuid: string): Promise<StoredWebhook | undefined> {
    const row = await this.#select().where('w.uuid', '=', uuid).executeTakeFirst();
    return row && webhookOf(row);
  }

  async findById(id: number): Promise<StoredWebhook | undefined> {
    const row = await this.#select().where('w.id', '=', id).executeTakeFirst();
    return row && webhookOf(row);
  }

  /** The pacticipants it names must exist. False, and nothing happens, when somebody has the uuid already. */
  async add(webhook: WebhookRequest, uuid: string, at: string): Promise<boolean> {
    const columns = await this.#columns(webhook);
    const added = await this.#db
      .insertInto('webhooks')
      .values({ ...columns, uuid, created_at: at, updated_at: at })
      .onConflict((conflict) => conflict.column('uuid').doNothing())
      .returning('id')
      .executeTakeFirst();
    return added !== undefined;
  }

  async replace(id: number, webhook: WebhookRequest, at: string): Promise<void> {
    const columns = await this.#columns(webhook);
    await this.#db
      .updateTable('webhooks')
      .set({ ...columns, updated_at: at })
      .where('id', '=', id)
      .execute();
  }

  /** Takes the webhook away; what it still had to deliver has failed. False when there is none. */
  async remove(uuid: string): Promise<boolean> {
    const webhook = await this.find(uuid);
    if (webhook === undefined) return false;
    await this.#db
      .updateTable('triggered_webhooks')
      .set({ status: 'failure', due_at: null })
      .where('webhook_id', '=', webhook.id)
      .where('due_at', 'is not', null)
      .execute();
    await this.#db.deleteFrom('webhooks').where('id', '=', webhook.id).execute();
    return true;
  }

  /** Between whom the newest pact is that the webhook is about; undefined when there is none. */
  async newestPair({ consumer, provider }: WebhookRequest): Promise<WebhookPair | undefined> {
    let query = this.#db
      .selectFrom('pact_publications as p')
      .innerJoin('pacticipants as c', 'c.id', 'p.consumer_id')
      .innerJoin('pacticipants as r', 'r.id', 'p.provider_id')
      .select(['p.consumer_id as consumerId', 'p.provider_id as providerId'])
      .where('p.is_current', '=', 1);
    if (consumer.kind === 'name') query = query.where('c.name', '=', consumer.name);
    if (provider.kind === 'name') query = query.where('r.name', '=', provider.name);
    if (consumer.kind === 'label') {
      query = query.where('c.id', 'in', this.#labelled(consumer.label));
    }
    if (provider.kind === 'label') {
      query = query.where('r.id', 'in', this.#labelled(provider.label));
    }
    return query.orderBy('p.id', 'desc').limit(1).executeTakeFirst();
  }

  /** Ids by name, for those of the names that a pacticipant has. */
  async pacticipantIds(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (names.length === 0) return new Map();
    const rows = await this.#db
      .selectFrom('pacticipants')
      .select(['id', 'name'])
      .where('name', 'in', names)
      .execute();
    return new Map(rows.map((row) => [row.name, row.id]));
  }

  #labelled(label: string) {
    return this.#db.selectFrom('labels').select('pacticipant_id').where('name', '=', label);
  }

  async #columns(webhook: WebhookRequest) {
    const { consumer, provider, call } = webhook;
    const names = [consumer, provider].flatMap((side) => (side.kind === 'name' ? side.name : []));
    const ids = await this.pacticipantIds(names);
    return {
      description: webhook.description ?? null,
      consumer_id: idOf(consumer, ids),
      consumer_label: consumer.kind === 'label' ? consumer.label : null,
      provider_id: idOf(provider, ids),
      provider_label: provider.kind === 'label' ? provider.label : null,
      enabled: webhook.enabled ? 1 : 0,
      events: JSON.stringify(webhook.events),
      method: call.method,
      url: call.url,
      headers: JSON.stringify(call.headers),
      body: call.body === undefined ? null : writeJson(call.body),
      username: call.username ?? null,
      password: call.password ?? null,
      signing_secret: call.signingSecret ?? null,
      consumer_branches: JSON.stringify(webhook.consumerVersions.branches),
      consumer_tags: JSON.stringify(webhook.consumerVersions.tags),
    };
  }

  #select() {
    return this.#db
      .selectFrom('webhooks as w')
      .leftJoin('pacticipants as c', 'c.id', 'w.consumer_id')
      .leftJoin('pacticipants as p', 'p.id', 'w.provider_id')
      .selectAll('w')
      .select(['c.name as consumer', 'p.name as provider']);
  }
}

/** A name without an id would listen to everybody: rather fail. */
function idOf(side: WebhookSelector, ids: ReadonlyMap<string, number>): number | null {
  if (side.kind !== 'name') return null;
  const id = ids.get(side.name);
  if (id === undefined) throw new Error(`No pacticipant is named '${side.name}'.`);
  return id;
}

function webhookOf(row: Row): StoredWebhook {
  return {
    id: row.id,
    uuid: row.uuid,
    description: row.description ?? undefined,
    consumer: selectorOf(row.consumer, row.consumer_label),
    provider: selectorOf(row.provider, row.provider_label),
    consumerVersions: {
      branches: JSON.parse(row.consumer_branches),
      tags: JSON.parse(row.consumer_tags),
    },
    enabled: row.enabled === 1,
    events: JSON.parse(row.events) as readonly WebhookEvent[],
    call: callOf(row),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function selectorOf(name: string | null, label: string | null): WebhookSelector {
  if (name !== null) return { kind: 'name', name };
  return label === null ? { kind: 'all' } : { kind: 'label', label };
}

function callOf(row: Row): WebhookCall {
  return {
    method: row.method,
    url: row.url,
    headers: JSON.parse(row.headers),
    body: row.body === null ? undefined : exactBody(row.body),
    username: row.username ?? undefined,
    password: row.password ?? undefined,
    signingSecret: row.signing_secret ?? undefined,
  };
}

function exactBody(stored: string): JsonValue {
  const json = parseJson(stored);
  if (json.ok) return json.value;
  throw new Error(`The stored body of a webhook is no JSON: ${json.defect.message}.`);
}
