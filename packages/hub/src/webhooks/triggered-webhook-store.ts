import { randomBytes } from 'node:crypto';
import type { TemplateParameters, TriggeredStatus, WebhookEvent } from '@concordat/domain';
import type { Database } from '../database/database.ts';
import type { WebhookPair } from './webhook-store.ts';

/** A delivery that waits to be made. */
export interface NewTriggeredWebhook {
  readonly webhookId: number;
  readonly event: WebhookEvent;
  readonly about: TriggeringPact | TriggeringVersion;
  readonly baseUrl: string;
  readonly context: object;
  readonly parameters: TemplateParameters;
  readonly at: string;
}

export interface TriggeringPact extends WebhookPair {
  readonly kind: 'pact';
  readonly publicationId: number;
  readonly verificationId: number | undefined;
}

export interface TriggeringVersion {
  readonly kind: 'version';
  readonly versionId: number;
}

/** A delivery that one hub has taken; nobody else does `until` its time is up. */
export interface ClaimedDelivery {
  readonly id: number;
  readonly until: string;
  readonly webhookId: number | null;
  readonly attemptsMade: number;
  readonly baseUrl: string;
  readonly context: object;
  readonly parameters: TemplateParameters;
}

export interface TriggeredWebhook {
  readonly id: number;
  readonly uuid: string;
  readonly webhookId: number | null;
  readonly event: string;
  readonly status: TriggeredStatus;
  readonly attemptsMade: number;
  readonly createdAt: string;
  /** Of the webhook, null when it is gone. */
  readonly webhookUuid: string | null;
  readonly method: string | null;
  readonly url: string | null;
}

/** Deliveries: the queue that hubs on one database share, and what became of each. */
export class TriggeredWebhookStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Puts a delivery into the queue, due at once; answers its uuid. */
  async add(triggered: NewTriggeredWebhook): Promise<string> {
    const uuid = randomBytes(16).toString('base64url');
    await this.#db
      .insertInto('triggered_webhooks')
      .values({
        uuid,
        webhook_id: triggered.webhookId,
        event: triggered.event,
        ...aboutColumns(triggered.about),
        base_url: triggered.baseUrl,
        context: JSON.stringify(triggered.context),
        parameters: JSON.stringify(triggered.parameters),
        status: 'not_run',
        attempts_made: 0,
        due_at: triggered.at,
        created_at: triggered.at,
      })
      .execute();
    return uuid;
  }

  /**
   * Takes up to `limit` due deliveries, oldest first, and keeps them from everybody until `until`. Two hubs never get the
   * same one: the second finds its time moved. Webhooks in `busy` are passed over.
   */
  async claim(options: {
    readonly now: string;
    readonly until: string;
    readonly limit: number;
    readonly busy: readonly number[];
  }): Promise<readonly ClaimedDelivery[]> {
    const { now, until, limit, busy } = options;
    let due = this.#db
      .selectFrom('triggered_webhooks')
      .select('id')
      .where('due_at', '<=', now)
      .orderBy('due_at')
      .orderBy('id')
      .limit(limit);
    if (busy.length > 0) {
      due = due.where((where) =>
        where.or([where('webhook_id', 'is', null), where('webhook_id', 'not in', busy)]),
      );
    }
    const rows = await this.#db
      .updateTable('triggered_webhooks')
      .set({ due_at: until })
      .where('id', 'in', due)
      .where('due_at', '<=', now)
      .returning(['id', 'webhook_id', 'attempts_made', 'base_url', 'context', 'parameters'])
      .execute();
    return rows
      .map((row) => ({
        id: row.id,
        until,
        webhookId: row.webhook_id,
        attemptsMade: row.attempts_made,
        baseUrl: row.base_url,
        context: JSON.parse(row.context),
        parameters: JSON.parse(row.parameters),
      }))
      .sort((left, right) => left.id - right.id);
  }

  /** Makes a claimed delivery due again, for whoever comes next. */
  async giveBack({ id, until }: ClaimedDelivery, at: string): Promise<void> {
    await this.#db
      .updateTable('triggered_webhooks')
      .set({ due_at: at })
      .where('id', '=', id)
      .where('due_at', '=', until)
      .execute();
  }

  /** Ends a delivery whose webhook is gone. */
  async abandon({ id, until }: ClaimedDelivery): Promise<void> {
    await this.#db
      .updateTable('triggered_webhooks')
      .set({ status: 'failure', due_at: null })
      .where('id', '=', id)
      .where('due_at', '=', until)
      .execute();
  }

  /**
   * Writes one attempt down; `dueAt` null ends the delivery. One that ended meanwhile, went away, or was taken by another hub because
   * the claim had run out stays as it is: then the answer is false.
   */
  async finishAttempt(attempt: {
    readonly delivery: ClaimedDelivery;
    readonly attemptsMade: number;
    readonly status: TriggeredStatus;
    readonly dueAt: string | null;
    readonly logs: string;
    readonly at: string;
  }): Promise<boolean> {
    const { delivery, attemptsMade, status } = attempt;
    const updated = await this.#db
      .updateTable('triggered_webhooks')
      .set({ status, attempts_made: attemptsMade, due_at: attempt.dueAt })
      .where('id', '=', delivery.id)
      .where('due_at', '=', delivery.until)
      .returning('id')
      .executeTakeFirst();
    if (updated === undefined) return false;
    await this.#db
      .insertInto('webhook_executions')
      .values({
        triggered_webhook_id: delivery.id,
        success: status === 'success' ? 1 : 0,
        logs: attempt.logs,
        created_at: attempt.at,
      })
      .execute();
    return true;
  }

  /** What the publication of a pact led to, newest first; undefined when the version has no such pact. */
  async ofPublication(
    pair: WebhookPair,
    versionNumber: string,
  ): Promise<readonly TriggeredWebhook[] | undefined> {
    const publications = await this.#db
      .selectFrom('pact_publications as p')
      .innerJoin('versions as v', 'v.id', 'p.consumer_version_id')
      .select('p.id')
      .where('p.consumer_id', '=', pair.consumerId)
      .where('p.provider_id', '=', pair.providerId)
      .where('v.number', '=', versionNumber)
      .execute();
    if (publications.length === 0) return undefined;
    const ids = publications.map((publication) => publication.id);
    return (
      await this.#select()
        .where('t.publication_id', 'in', ids)
        .where('t.verification_id', 'is', null)
        .orderBy('t.id', 'desc')
        .execute()
    ).map(triggeredOf);
  }

  /** What a result led to, newest first. */
  async ofVerification(verificationId: number): Promise<readonly TriggeredWebhook[]> {
    const rows = await this.#select()
      .where('t.verification_id', '=', verificationId)
      .orderBy('t.id', 'desc')
      .execute();
    return rows.map(triggeredOf);
  }

  /** What happened to a version led to, newest first; undefined when there is no such version. */
  async ofVersion(
    pacticipant: string,
    versionNumber: string,
  ): Promise<readonly TriggeredWebhook[] | undefined> {
    const version = await this.#db
      .selectFrom('versions as v')
      .innerJoin('pacticipants as p', 'p.id', 'v.pacticipant_id')
      .select('v.id')
      .where('p.name', '=', pacticipant)
      .where('v.number', '=', versionNumber)
      .executeTakeFirst();
    if (version === undefined) return undefined;
    const rows = await this.#select()
      .where('t.version_id', '=', version.id)
      .orderBy('t.id', 'desc')
      .execute();
    return rows.map(triggeredOf);
  }

  /** Of every webhook and event the newest of the pair, in the order they were triggered. */
  async latestOfPair(pair: WebhookPair): Promise<readonly TriggeredWebhook[]> {
    const newest = this.#db
      .selectFrom('triggered_webhooks')
      .select((select) => select.fn.max('id').as('id'))
      .where('consumer_id', '=', pair.consumerId)
      .where('provider_id', '=', pair.providerId)
      .where('webhook_id', 'is not', null)
      .groupBy(['webhook_id', 'event']);
    const rows = await this.#select().where('t.id', 'in', newest).orderBy('t.id').execute();
    return rows.map(triggeredOf);
  }

  /** The logs of all attempts, one after the other; undefined when there is no such delivery. */
  async logs(uuid: string): Promise<string | undefined> {
    const triggered = await this.#db
      .selectFrom('triggered_webhooks')
      .select('id')
      .where('uuid', '=', uuid)
      .executeTakeFirst();
    if (triggered === undefined) return undefined;
    const rows = await this.#db
      .selectFrom('webhook_executions')
      .select('logs')
      .where('triggered_webhook_id', '=', triggered.id)
      .orderBy('id')
      .execute();
    return rows.map((row) => row.logs).join('\n');
  }

  #select() {
    return this.#db
      .selectFrom('triggered_webhooks as t')
      .leftJoin('webhooks as w', 'w.id', 't.webhook_id')
      .select([
        't.id',
        't.uuid',
        't.webhook_id as webhookId',
        't.event',
        't.status',
        't.attempts_made as attemptsMade',
        't.created_at as createdAt',
        'w.uuid as webhookUuid',
        'w.method',
        'w.url',
      ]);
  }
}

function aboutColumns(about: TriggeringPact | TriggeringVersion) {
  if (about.kind === 'version') {
    const noPact = { consumer_id: null, provider_id: null, publication_id: null };
    return { ...noPact, verification_id: null, version_id: about.versionId };
  }
  return {
    consumer_id: about.consumerId,
    provider_id: about.providerId,
    publication_id: about.publicationId,
    verification_id: about.verificationId ?? null,
    version_id: null,
  };
}

function triggeredOf(
  row: Omit<TriggeredWebhook, 'status'> & { readonly status: string },
): TriggeredWebhook {
  return { ...row, status: row.status as TriggeredStatus };
}
