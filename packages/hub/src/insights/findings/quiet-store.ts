import { sql } from 'kysely';
import type { Database } from '../../database/database.ts';
import type { FindingRecord } from '../finding-store.ts';

const MICROS_A_MINUTE = 60_000_000;

/** Tells what went by on the edge of a finding since it was last seen. */
export class QuietStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Sampled calls in the minutes after it was last seen; of an event, all that its sender sent. */
  async lookedSince(finding: FindingRecord): Promise<number> {
    const { consumer, provider, environment, lastSeen } = finding;
    let query = this.#db
      .selectFrom('call_counts')
      .select(({ fn }) => fn.sum<number | null>('sampled').as('sampled'))
      .where('bucket', '>', Math.max(1, Math.floor(lastSeen / MICROS_A_MINUTE)))
      .where('provider', '=', provider)
      .where('environment', '=', environment);
    if (consumer !== '') query = query.where('consumer', '=', consumer);
    else query = query.where(sql<boolean>`transport = 'message'`);
    const found = await query.executeTakeFirst();
    return Number(found?.sampled ?? 0);
  }
}
