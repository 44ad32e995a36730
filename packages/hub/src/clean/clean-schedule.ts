import { nextOf } from '@concordat/domain';
import type { Log } from '../log.ts';
import type { CleanConfig } from './clean-config.ts';
import type { Cleaner } from './cleaner.ts';

/** A timer may wait at most some weeks, and clocks are set: it looks again at least this often. */
const LOOK_MS = 600_000;

export interface ScheduleOptions {
  readonly cleaner: Cleaner;
  readonly config: CleanConfig;
  readonly now: () => Date;
  readonly log: Log;
}

/** Starts the clean-up when its time comes; what was missed while no hub ran is left to the next time. */
export class CleanSchedule {
  readonly #options: ScheduleOptions;
  #next: Date | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ScheduleOptions) {
    this.#options = options;
  }

  /** When the hub cleans up next; undefined when it does not do so by itself. */
  get next(): Date | undefined {
    return this.#next;
  }

  start(): void {
    if (!this.#options.config.enabled) return;
    this.#plan();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** Cleans up if it is time; tells when one was started. */
  async look(): Promise<boolean> {
    const { now } = this.#options;
    const due = this.#next;
    if (due === undefined || now() < due) return false;
    this.#next = nextOf(this.#options.config.schedule, now());
    return this.#begin(due);
  }

  #plan(): void {
    const { config, now, log } = this.#options;
    this.#next ??= nextOf(config.schedule, now());
    const wait = (this.#next?.getTime() ?? Number.POSITIVE_INFINITY) - now().getTime();
    this.#timer = setTimeout(
      () => {
        this.look()
          .catch((error: unknown) =>
            log('error', 'the clean-up could not start', { error: String(error) }),
          )
          .finally(() => this.#plan());
      },
      Math.min(LOOK_MS, Math.max(0, wait)),
    ).unref();
  }

  async #begin(due: Date): Promise<boolean> {
    const { cleaner, config, log } = this.#options;
    const { policy } = config;
    if (config.dryRun) {
      const { planned } = await cleaner.preview({ policy }, { explain: false });
      log('warn', 'a clean-up would remove this; DATABASE_CLEAN_DRY_RUN is on', { planned });
      return false;
    }
    const slot = due.toISOString();
    return (await cleaner.start({ policy, startedBy: 'schedule', slot })) !== undefined;
  }
}
