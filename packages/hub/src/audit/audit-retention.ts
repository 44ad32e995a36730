import type { Database } from '../database/database.ts';
import type { Log } from '../log.ts';
import { Retention } from '../retention.ts';
import { AuditStore } from './audit-store.ts';

const HOUR_MS = 3_600_000;
/** Few at a time: requests wait no longer than for one of these. */
const AT_ONCE = 500;

/** Forgets entries that are too old. */
export function auditRetention(options: {
  readonly db: Database;
  readonly retentionHours: number;
  readonly now: () => Date;
  readonly log: Log;
}): Retention {
  const { db, retentionHours, now, log } = options;
  const store = new AuditStore(db);
  return new Retention({
    removeSome: async () => {
      const oldest = Math.max(0, now().getTime() - retentionHours * HOUR_MS);
      const removed = await store.removeBefore(new Date(oldest).toISOString(), AT_ONCE);
      return removed === AT_ONCE ? 0 : undefined;
    },
    log,
    failure: 'old audit entries could not be removed and are tried again',
  });
}
