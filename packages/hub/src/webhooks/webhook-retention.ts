import type { Database } from '../database/database.ts';
import type { Log } from '../log.ts';
import { Retention } from '../retention.ts';
import type { WebhookConfig } from './webhook-config.ts';
import { WebhookRetentionStore } from './webhook-retention-store.ts';

const DAY_MS = 86_400_000;
/** Few at a time: publications wait no longer than for one of these. */
const AT_ONCE = 200;

/** Forgets old deliveries and their logs. */
export function webhookRetention(options: {
  readonly db: Database;
  readonly config: WebhookConfig;
  readonly now: () => Date;
  readonly log: Log;
}): Retention {
  const { db, config, now, log } = options;
  const store = new WebhookRetentionStore(db);
  let upTo = 0;
  return new Retention({
    removeSome: async (after) => {
      if (after === 0) upTo = await store.oldestKept(config.keepCount);
      const oldest = Math.max(0, now().getTime() - config.keepDays * DAY_MS);
      const before = new Date(oldest).toISOString();
      return store.removeSome({ after, before, upTo, limit: AT_ONCE });
    },
    log,
    failure: 'old webhooks could not be removed and are tried again',
  });
}
