import { attemptOutcome } from '@concordat/domain';
import type { Database } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import type { Log } from '../log.ts';
import { type Resolve, type Sending, sendWebhook } from './send-webhook.ts';
import { type ClaimedDelivery, TriggeredWebhookStore } from './triggered-webhook-store.ts';
import { webhookLog } from './webhook-log.ts';
import type { WebhookPolicy } from './webhook-policy.ts';
import { WebhookStore } from './webhook-store.ts';

/** How many calls are under way at most, and of how many a webhook is passed over, so that one whose target hangs cannot hold up the others. */
const AT_ONCE = 16;
const OF_ONE_WEBHOOK = 4;
/** How often the queue is looked at without being told: retries, and what another hub left behind. */
const POLL_MS = 1_000;
/** How long attempts under way may go on when the hub closes. */
const CLOSING_MS = 2_000;
/** A claim lasts this much longer than an attempt can; the clocks of hubs on one database have to agree this well. */
const CLAIM_SLACK_MS = 5_000;

export interface DeliveryOptions {
  readonly db: Database;
  readonly policy: WebhookPolicy;
  readonly resolve: Resolve;
  /** How long a target may take. */
  readonly timeoutMs: number;
  readonly now: () => Date;
  readonly log: Log;
}

/**
 * Makes the deliveries of the queue, at least once each. Several hubs may do so on one database; after a crash another,
 * or the next start, takes over what was under way.
 */
export class WebhookDelivery {
  readonly #options: DeliveryOptions;
  readonly #closing = new AbortController();
  readonly #underWay = new Map<Promise<void>, number | null>();
  #timer: NodeJS.Timeout | undefined;
  #taking: Promise<void> | undefined;
  #isWanted = false;
  #isClosed = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.wake(), POLL_MS).unref();
    this.wake();
  }

  /** Something may be due; never waits. */
  wake(): void {
    this.#isWanted = true;
    if (this.#isClosed || this.#taking !== undefined) return;
    this.#taking = this.#takeAll().finally(() => {
      this.#taking = undefined;
      if (this.#isWanted) this.wake();
    });
  }

  /** Takes nothing new; what is under way may end, or is given back to the queue. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    const giveUp = setTimeout(() => this.#closing.abort(), CLOSING_MS);
    await this.#taking;
    await Promise.all(this.#underWay.keys());
    clearTimeout(giveUp);
  }

  async #takeAll(): Promise<void> {
    this.#isWanted = false;
    try {
      while (!this.#isClosed && this.#underWay.size < AT_ONCE && (await this.#takeSome()));
    } catch (error) {
      this.#logError('the queue of webhooks could not be read and is read again', error);
    }
  }

  /** Starts some of the deliveries that are due; false when there are none. */
  async #takeSome(): Promise<boolean> {
    const { db, now, timeoutMs } = this.#options;
    const at = now();
    const claimed = await new TriggeredWebhookStore(db).claim({
      now: at.toISOString(),
      until: new Date(at.getTime() + timeoutMs + CLAIM_SLACK_MS).toISOString(),
      limit: Math.min(OF_ONE_WEBHOOK, AT_ONCE - this.#underWay.size),
      busy: this.#busyWebhooks(),
    });
    for (const delivery of claimed) this.#begin(delivery);
    return claimed.length > 0;
  }

  #busyWebhooks(): readonly number[] {
    const counts = new Map<number, number>();
    for (const webhookId of this.#underWay.values()) {
      if (webhookId !== null) counts.set(webhookId, (counts.get(webhookId) ?? 0) + 1);
    }
    return [...counts].flatMap(([id, count]) => (count >= OF_ONE_WEBHOOK ? id : []));
  }

  /** What cannot be written down is tried again when its claim has run out. */
  #begin(delivery: ClaimedDelivery): void {
    const work = this.#deliver(delivery)
      .catch((error: unknown) =>
        this.#logError('what became of a webhook could not be written down', error),
      )
      .finally(() => {
        this.#underWay.delete(work);
        this.wake();
      });
    this.#underWay.set(work, delivery.webhookId);
  }

  async #deliver(delivery: ClaimedDelivery): Promise<void> {
    const { db, now } = this.#options;
    const queue = new TriggeredWebhookStore(db);
    const webhook =
      delivery.webhookId === null
        ? undefined
        : await new WebhookStore(db).findById(delivery.webhookId);
    if (webhook === undefined) return queue.abandon(delivery);
    const { signal } = this.#closing;
    const sending = await sendWebhook(webhook.call, delivery.parameters, {
      ...this.#options,
      signal,
    });
    if ('error' in sending && signal.aborted) {
      return queue.giveBack(delivery, now().toISOString());
    }
    await this.#finish(delivery, sending);
  }

  async #finish(delivery: ClaimedDelivery, sending: Sending): Promise<void> {
    const { db, policy, now, log } = this.#options;
    const success = isSuccess(sending, policy);
    const attemptsMade = delivery.attemptsMade + 1;
    const { retrySchedule } = policy.config;
    const { status, retryInSeconds } = attemptOutcome({ success, attemptsMade, retrySchedule });
    const at = now();
    const { context } = delivery;
    const attempt = {
      delivery,
      attemptsMade,
      status,
      dueAt:
        retryInSeconds === undefined
          ? null
          : new Date(at.getTime() + retryInSeconds * 1000).toISOString(),
      logs: webhookLog({ sending, context, success, policy, at }),
      at: at.toISOString(),
    };
    const isOurs = await transact(db, (tx) => new TriggeredWebhookStore(tx).finishAttempt(attempt));
    if (isOurs && status === 'failure') {
      log('warn', 'a webhook failed for good', { delivery: delivery.id, attemptsMade });
    }
  }

  #logError(message: string, error: unknown): void {
    this.#options.log('error', message, {
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}

/** Whether the target took it. */
export function isSuccess(sending: Sending, policy: WebhookPolicy): boolean {
  return 'answer' in sending && policy.config.successCodes.includes(sending.answer.status);
}
