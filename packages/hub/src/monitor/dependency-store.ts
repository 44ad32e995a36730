import { sql } from 'kysely';
import { added } from '../database/added-columns.ts';
import type { Database } from '../database/database.ts';
import type { DependencyMinutesTable } from '../database/tables/monitor-tables.ts';

/** Minutes of the epoch, both included. */
export interface MinuteRange {
  readonly since: number;
  readonly until: number;
}

export interface Dependency {
  readonly parent: string;
  readonly child: string;
  readonly calls: number;
  /** Either of them sent no span in all that time. */
  readonly virtual: boolean;
}

/** Who called whom, by minute. Every write adds to what is there, so several hubs may share a database. */
export class DependencyStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Rows with equal keys must not stand twice in one list. */
  async add(rows: readonly DependencyMinutesTable[]): Promise<void> {
    await this.#db
      .insertInto('dependency_minutes')
      .values([...rows])
      .onConflict((conflict) =>
        conflict.columns(['minute', 'parent', 'child']).doUpdateSet({
          ...added('dependency_minutes', ['calls']),
          virtual: sql<number>`case when excluded.virtual < dependency_minutes.virtual then excluded.virtual else dependency_minutes.virtual end`,
        }),
      )
      .execute();
  }

  /** By parent and child; those of one service when it is named. */
  async between({ since, until }: MinuteRange, service?: string): Promise<readonly Dependency[]> {
    let query = this.#db
      .selectFrom('dependency_minutes')
      .select(['parent', 'child'])
      .select(({ fn }) => [fn.sum<number>('calls').as('calls'), fn.min('virtual').as('virtual')])
      .where('minute', '>=', since)
      .where('minute', '<=', until)
      .groupBy(['parent', 'child'])
      .orderBy('parent')
      .orderBy('child');
    if (service !== undefined) {
      query = query.where(({ or, eb }) =>
        or([eb('parent', '=', service), eb('child', '=', service)]),
      );
    }
    const rows = await query.execute();
    return rows.map((row) => ({ ...row, virtual: row.virtual === 1 }));
  }

  async forgetBefore(minute: number): Promise<void> {
    await this.#db.deleteFrom('dependency_minutes').where('minute', '<', minute).execute();
  }
}
