import type { Alias } from '@concordat/domain';
import type { Database } from '../../database/database.ts';

export interface KeptAlias extends Alias {
  /** UTC, ISO 8601. */
  readonly createdAt: string;
  readonly createdBy: string;
}

/** Which services are which pacticipants. */
export class AliasStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** By service. */
  async all(): Promise<readonly KeptAlias[]> {
    const rows = await this.#db
      .selectFrom('service_aliases')
      .selectAll()
      .orderBy('service')
      .execute();
    return rows.map((row) => ({
      ...{ service: row.service, pacticipant: row.pacticipant },
      ...{ createdAt: row.created_at, createdBy: row.created_by },
    }));
  }

  /** False when the service has an alias already. */
  async add({ service, pacticipant, createdAt, createdBy }: KeptAlias): Promise<boolean> {
    const added = await this.#db
      .insertInto('service_aliases')
      .values({ service, pacticipant, created_at: createdAt, created_by: createdBy })
      .onConflict((conflict) => conflict.column('service').doNothing())
      .returning('service')
      .execute();
    return added.length > 0;
  }

  /** What was removed. */
  async remove(service: string): Promise<Alias | undefined> {
    return await this.#db
      .deleteFrom('service_aliases')
      .where('service', '=', service)
      .returning(['service', 'pacticipant'])
      .executeTakeFirst();
  }
}
