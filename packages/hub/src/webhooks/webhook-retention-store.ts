import type { Database } from '../database/database.ts';

/** Deliveries that nobody needs any more. */
export class WebhookRetentionStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The id that so many newer deliveries follow; 0 when there are not more than that. */
  async oldestKept(count: number): Promise<number> {
    const row = await this.#db
      .selectFrom('triggered_webhooks')
      .select('id')
      .orderBy('id', 'desc')
      .offset(count)
      .limit(1)
      .executeTakeFirst();
    return row?.id ?? 0;
  }

  /**
   * Removes up to `limit` deliveries with their logs, from `after` on: those triggered before `before` or not above `upTo`. What is
   * still to be delivered stays, and of every webhook, event and pair the newest. Answers after what to go on; undefined at the end.
   */
  async removeSome(options: {
    readonly after: number;
    readonly before: string;
    readonly upTo: number;
    readonly limit: number;
  }): Promise<number | undefined> {
    const { after, before, upTo, limit } = options;
    const rows = await this.#db
      .selectFrom('triggered_webhooks as t')
      .select('t.id')
      .where('t.id', '>', after)
      .where('t.due_at', 'is', null)
      .where((where) => where.or([where('t.created_at', '<', before), where('t.id', '<=', upTo)]))
      .where((where) =>
        where.or([
          where('t.webhook_id', 'is', null),
          where.exists(
            where
              .selectFrom('triggered_webhooks as newer')
              .select('newer.id')
              .whereRef('newer.webhook_id', '=', 't.webhook_id')
              .whereRef('newer.event', '=', 't.event')
              .whereRef('newer.id', '>', 't.id')
              .where((pair) =>
                pair.or([
                  pair('t.publication_id', 'is', null),
                  pair.and([
                    pair('newer.provider_id', '=', pair.ref('t.provider_id')),
                    pair('newer.consumer_id', '=', pair.ref('t.consumer_id')),
                  ]),
                ]),
              ),
          ),
        ]),
      )
      .orderBy('t.id')
      .limit(limit)
      .execute();
    const ids = rows.map(({ id }) => id);
    if (ids.length === 0) return undefined;
    // Logs go with their delivery.
    await this.#db
      .deleteFrom('triggered_webhooks')
      .where('id', 'in', ids)
      .where('due_at', 'is', null)
      .execute();
    return ids.length < limit ? undefined : ids.at(-1);
  }
}
