import type { Log } from './log.ts';

const EVERY_MS = 3_600_000;

export interface RetentionOptions {
  /** Removes some of what is too old or too many, after the place that the step before answered; undefined when nothing is left. */
  readonly removeSome: (after: number) => Promise<number | undefined>;
  readonly log: Log;
  /** What to log when that fails. */
  readonly failure: string;
}

/** Forgets what need not be kept, in small steps: at the start and every hour. */
export class Retention {
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

  /** Resolves when the step under way is done. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  /** One whole round, up to the end or until it is closed. */
  async forgetOld(): Promise<void> {
    let after: number | undefined = 0;
    while (after !== undefined && !this.#isClosed) {
      after = await this.#options.removeSome(after);
      // Whoever waits for the database or the processor comes first.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #run(): void {
    const { log, failure } = this.#options;
    this.#running ??= this.forgetOld()
      .catch((error: unknown) =>
        log('error', failure, {
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        }),
      )
      .finally(() => {
        this.#running = undefined;
      });
  }
}
