import type { CleanPolicy, CronSchedule } from '@concordat/domain';

/** How the hub cleans up by itself; it does not unless `enabled`. */
export interface CleanConfig {
  readonly enabled: boolean;
  readonly schedule: CronSchedule;
  /** The schedule as it was given. */
  readonly cron: string;
  /** On schedule only say in the log what would go. */
  readonly dryRun: boolean;
  readonly policy: CleanPolicy;
}
