import type { Database } from '../database/database.ts';
import type { WatchedPromisesTable } from '../database/tables/insight-tables.ts';

export interface WatchedPromise {
  readonly consumer: string;
  readonly provider: string;
  readonly transport: 'http' | 'message';
  readonly shape: string;
}

/** Since when a promise is watched. */
export interface PromiseStart extends WatchedPromise {
  /** Microseconds since the epoch. */
  readonly since: number;
  /** Decided calls on the edge before that. */
  readonly callsBefore: number;
}

function startOf(row: WatchedPromisesTable): PromiseStart {
  return {
    consumer: row.consumer,
    provider: row.provider,
    transport: row.transport === 'message' ? 'message' : 'http',
    shape: row.shape,
    since: row.since,
    callsBefore: row.calls_before,
  };
}

const ROWS_A_STEP = 200;

/** Remembers when each promise came into force, so that older traffic is not held against it. */
export class PromiseStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async all(): Promise<readonly PromiseStart[]> {
    const rows = await this.#db.selectFrom('watched_promises').selectAll().execute();
    return rows.map(startOf);
  }

  /** Those of one pair. */
  async between(pair: {
    readonly consumer: string;
    readonly provider: string;
  }): Promise<readonly PromiseStart[]> {
    const rows = await this.#db
      .selectFrom('watched_promises')
      .selectAll()
      .where('consumer', '=', pair.consumer)
      .where('provider', '=', pair.provider)
      .execute();
    return rows.map(startOf);
  }

  /** The first start stands: a promise that is already watched keeps it. */
  async watch(starts: readonly PromiseStart[]): Promise<void> {
    for (let at = 0; at < starts.length; at += ROWS_A_STEP) {
      await this.#db
        .insertInto('watched_promises')
        .values(
          starts.slice(at, at + ROWS_A_STEP).map(({ callsBefore, ...start }) => ({
            ...start,
            calls_before: callsBefore,
          })),
        )
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
  }
}
