import { attemptOutcome } from '@concordat/domain';
import type { Database } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import type { Log } from '../log.ts';
import { type Sending, sendWebhook } from './send-webhook.ts';
import { type ClaimedDelivery, TriggeredWebhookStore } from './triggered-webhook-store.ts';
import { webhookLog } from './webhook-log.ts';
import type { WebhookPolicy } from './webhook-policy.ts';
import { WebhookStore } from './webhook-store.ts';

const AT_ONCE = 4;
/** How often the queue is looked at without being told: retries, and what another hub left behind. */
const POLL_MS = 1_000;
/** How long attempts under way may go on when the hub closes. */
const CLOSING_MS = 2_000;
/** Longer than an attempt can last: who holds a delivery longer is dead. */
const CLAIM_SLACK_MS = 15_000;

export interface DeliveryOptions {
  readonly db: Database;
  readonly policy: WebhookPolicy;
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
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
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
    if (this.#isClosed || this.#running !== undefined) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      if (this.#isWanted) this.wake();
    });
  }

  /** Takes nothing new; what is under way may end, or is given back to the queue. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    const giveUp = setTimeout(() => this.#closing.abort(), CLOSING_MS);
    await this.#running;
    clearTimeout(giveUp);
  }

  async #run(): Promise<void> {
    this.#isWanted = false;
    try {
      while (!this.#isClosed && (await this.deliverDue()) > 0);
    } catch (error) {
      this.#options.log('error', 'webhooks could not be delivered and are tried again', {
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
  }

  /** Makes some of the deliveries that are due; answers how many. */
  async deliverDue(): Promise<number> {
    const { db, now, timeoutMs } = this.#options;
    const at = now();
    const claimed = await new TriggeredWebhookStore(db).claim({
      now: at.toISOString(),
      until: new Date(at.getTime() + timeoutMs + CLAIM_SLACK_MS).toISOString(),
      limit: AT_ONCE,
    });
    const made = await Promise.allSettled(claimed.map((delivery) => this.#deliver(delivery)));
    const broken = made.find((result) => result.status === 'rejected');
    if (broken !== undefined) throw broken.reason;
    return claimed.length;
  }

  async #deliver(delivery: ClaimedDelivery): Promise<void> {
    const { db, policy, timeoutMs } = this.#options;
    const webhook =
      delivery.webhookId === null
        ? undefined
        : await new WebhookStore(db).findById(delivery.webhookId);
    // Deleted between taking it and now: nobody waits for it any more.
    if (webhook === undefined) return;
    const { signal } = this.#closing;
    const options = { policy, timeoutMs, signal };
    const sending = await sendWebhook(webhook.call, delivery.parameters, options);
    if ('error' in sending && signal.aborted) {
      await new TriggeredWebhookStore(db).giveBack(delivery.id, this.#options.now().toISOString());
    } else {
      await this.#finish(delivery, sending);
    }
  }

  async #finish(delivery: ClaimedDelivery, sending: Sending): Promise<void> {
    const { db, policy, now, log } = this.#options;
    const success = isSuccess(sending, policy);
    const attemptsMade = delivery.attemptsMade + 1;
    const { retrySchedule } = policy.config;
    const { status, retryInSeconds } = attemptOutcome({ success, attemptsMade, retrySchedule });
    const at = now();
    const showsAnswer = policy.hosts.hasList;
    const { context } = delivery;
    await transact(db, (tx) =>
      new TriggeredWebhookStore(tx).finishAttempt({
        id: delivery.id,
        attemptsMade,
        status,
        dueAt:
          retryInSeconds === undefined
            ? null
            : new Date(at.getTime() + retryInSeconds * 1000).toISOString(),
        logs: webhookLog({ sending, context, success, showsAnswer, at }),
        at: at.toISOString(),
      }),
    );
    if (status === 'failure') {
      log('warn', 'a webhook failed for good', { delivery: delivery.id, attemptsMade });
    }
  }
}

/** Whether the target took it. */
export function isSuccess(sending: Sending, policy: WebhookPolicy): boolean {
  return 'answer' in sending && policy.config.successCodes.includes(sending.answer.status);
}
