import type { Database } from '../database/database.ts';
import type { Log } from '../log.ts';
import type { WebhookConfig } from './webhook-config.ts';
import { WebhookRetentionStore } from './webhook-retention-store.ts';

const EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Few at a time: publications wait no longer than for one of these. */
const AT_ONCE = 200;

export interface RetentionOptions {
  readonly db: Database;
  readonly config: WebhookConfig;
  readonly now: () => Date;
  readonly log: Log;
}

/** Forgets old deliveries and their logs: at the start and every hour. */
export class WebhookRetention {
  readonly #options: RetentionOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.#run(), EVERY_MS).unref();
    this.#run();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  #run(): void {
    this.#running ??= this.forgetOld()
      .catch((error: unknown) =>
        this.#options.log('error', 'old webhooks could not be removed and are tried again', {
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        }),
      )
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Removes what is too old or too many, in small steps. */
  async forgetOld(): Promise<void> {
    const { db, config, now } = this.#options;
    const store = new WebhookRetentionStore(db);
    const oldest = Math.max(0, now().getTime() - config.keepDays * DAY_MS);
    const before = new Date(oldest).toISOString();
    const upTo = await store.oldestKept(config.keepCount);
    let after: number | undefined = 0;
    while (after !== undefined && !this.#isClosed) {
      after = await store.removeSome({ after, before, upTo, limit: AT_ONCE });
      // Whoever waits for the database or the processor comes first.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
