import type { Database } from '../database/database.ts';

export interface NamedVersion {
  readonly id: number;
  readonly pacticipant: string;
  readonly number: string;
  readonly createdAt: string;
}

const AT_ONCE = 500;

/** Names what a decision knows by its ids. */
export class NamedVersionStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** In the order of their ids; what is gone is left out. */
  async versions(ids: readonly number[]): Promise<readonly NamedVersion[]> {
    const named: NamedVersion[] = [];
    const sorted = [...ids].sort((one, other) => one - other);
    for (let start = 0; start < sorted.length; start += AT_ONCE) {
      const some = await this.#db
        .selectFrom('versions as v')
        .innerJoin('pacticipants as p', 'p.id', 'v.pacticipant_id')
        .select(['v.id', 'p.name as pacticipant', 'v.number', 'v.created_at as createdAt'])
        .where('v.id', 'in', sorted.slice(start, start + AT_ONCE))
        .orderBy('v.id')
        .execute();
      named.push(...some);
    }
    return named;
  }

  async branchId(pacticipant: string, branch: string): Promise<number | undefined> {
    const row = await this.#db
      .selectFrom('branches as b')
      .innerJoin('pacticipants as p', 'p.id', 'b.pacticipant_id')
      .select('b.id')
      .where('p.name', '=', pacticipant)
      .where('b.name', '=', branch)
      .executeTakeFirst();
    return row?.id;
  }
}
