import type { Database } from '../database/database.ts';
import type { Log } from '../log.ts';
import { AuditStore } from './audit-store.ts';

const EVERY_MS = 3_600_000;
const HOUR_MS = 3_600_000;
/** Few at a time: requests wait no longer than for one of these. */
const AT_ONCE = 500;

export interface RetentionOptions {
  readonly db: Database;
  readonly retentionHours: number;
  readonly now: () => Date;
  readonly log: Log;
}

/** Forgets entries that are too old: at the start and every hour. */
export class AuditRetention {
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

  /** Answers how many went. */
  async forgetOld(): Promise<number> {
    const { db, now, retentionHours } = this.#options;
    const oldest = Math.max(0, now().getTime() - retentionHours * HOUR_MS);
    const store = new AuditStore(db);
    const time = new Date(oldest).toISOString();
    let total = 0;
    for (let removed = AT_ONCE; removed === AT_ONCE && !this.#isClosed; total += removed) {
      removed = await store.removeBefore(time, AT_ONCE);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return total;
  }

  #run(): void {
    this.#running ??= this.forgetOld()
      .then(() => undefined)
      .catch((error: unknown) =>
        this.#options.log('error', 'old audit entries could not be removed and are tried again', {
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        }),
      )
      .finally(() => {
        this.#running = undefined;
      });
  }
}
