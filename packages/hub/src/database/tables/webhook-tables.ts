import type { Generated } from 'kysely';

/** A side is all pacticipants when neither its id nor its label is set. Flags are 1 and 0, timestamps UTC text. */
export interface WebhooksTable {
  readonly id: Generated<number>;
  readonly uuid: string;
  readonly description: string | null;
  readonly consumer_id: number | null;
  readonly consumer_label: string | null;
  readonly provider_id: number | null;
  readonly provider_label: string | null;
  readonly enabled: number;
  /** JSON list of event names. */
  readonly events: string;
  readonly method: string;
  readonly url: string;
  /** JSON object, lower-case names. */
  readonly headers: string;
  /** JSON text of any kind; null for no body. */
  readonly body: string | null;
  readonly username: string | null;
  readonly password: string | null;
  readonly signing_secret: string | null;
  /** JSON lists of patterns for the consumer version; empty for all versions. */
  readonly consumer_branches: string;
  readonly consumer_tags: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/**
 * A webhook that has to be, or was, executed for an event; at the same time the queue of deliveries. `due_at` is when somebody may take
 * it next: taking it moves `due_at` past the longest an attempt can last, so that a hub that dies loses nothing. Null when done.
 */
export interface TriggeredWebhooksTable {
  readonly id: Generated<number>;
  readonly uuid: string;
  /** Null when the webhook is gone. */
  readonly webhook_id: number | null;
  readonly event: string;
  /** These three are null for events of versions. */
  readonly consumer_id: number | null;
  readonly provider_id: number | null;
  readonly publication_id: number | null;
  /** Set for events of results only. */
  readonly verification_id: number | null;
  /** Set for events of versions only. */
  readonly version_id: number | null;
  readonly base_url: string;
  /** JSON object: what the log says led to it. */
  readonly context: string;
  /** JSON object: the values of template parameters at the time of the event. */
  readonly parameters: string;
  /** `not_run`, `retrying`, `success` or `failure`. */
  readonly status: string;
  readonly attempts_made: number;
  readonly due_at: string | null;
  readonly created_at: string;
}

/** One attempt, with the log that people read. */
export interface WebhookExecutionsTable {
  readonly id: Generated<number>;
  readonly triggered_webhook_id: number;
  readonly success: number;
  readonly logs: string;
  readonly created_at: string;
}

export interface WebhookTables {
  readonly webhooks: WebhooksTable;
  readonly triggered_webhooks: TriggeredWebhooksTable;
  readonly webhook_executions: WebhookExecutionsTable;
}
