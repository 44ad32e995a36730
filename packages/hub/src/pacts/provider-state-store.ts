import type { Database } from '../database/database.ts';

/** Whose pacts' states are asked for; without a choice the newest of main branches, else the newest. */
export interface StatePick {
  readonly providerId: number;
  readonly branch?: string;
  /** Name or uuid. */
  readonly environment?: string;
}

export interface StatedPact {
  readonly consumerId: number;
  readonly consumer: string;
  /** JSON text. */
  readonly content: string;
}

/** Reads the pacts whose provider states are listed. */
export class ProviderStateStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  pacts({ providerId, branch, environment }: StatePick): Promise<readonly StatedPact[]> {
    if (environment !== undefined) return this.#inEnvironment(providerId, environment);
    if (branch !== undefined) return this.#heads(providerId, branch);
    return this.#newest(providerId);
  }

  async #newest(providerId: number): Promise<readonly StatedPact[]> {
    const main = await this.#heads(providerId, undefined);
    const onMain = new Set(main.map(({ consumerId }) => consumerId));
    const newest = await this.#of(providerId)
      .where('p.consumer_version_id', 'in', (query) =>
        query
          .selectFrom('pact_publications as newest')
          .select(({ fn }) => fn.max('newest.consumer_version_id').as('id'))
          .where('newest.is_current', '=', 1)
          .where('newest.provider_id', '=', providerId)
          .groupBy('newest.consumer_id'),
      )
      .execute();
    return [...main, ...newest.filter(({ consumerId }) => !onMain.has(consumerId))];
  }

  /** Of the branch, or of each consumer's own main branch. */
  #heads(providerId: number, branch: string | undefined): Promise<readonly StatedPact[]> {
    return this.#of(providerId)
      .innerJoin('branches as b', 'b.head_version_id', 'p.consumer_version_id')
      .where((where) =>
        branch === undefined
          ? where('b.name', '=', where.ref('c.main_branch'))
          : where('b.name', '=', branch),
      )
      .execute();
  }

  async #inEnvironment(providerId: number, name: string): Promise<readonly StatedPact[]> {
    const environment = await this.#db
      .selectFrom('environments')
      .select('id')
      .where((where) => where.or([where('name', '=', name), where('uuid', '=', name)]))
      .executeTakeFirst();
    if (environment === undefined) return [];
    return this.#of(providerId)
      .where((where) =>
        where.or([
          where('p.consumer_version_id', 'in', (query) =>
            query
              .selectFrom('deployed_versions')
              .select('version_id')
              .where('environment_id', '=', environment.id)
              .where('undeployed_at', 'is', null),
          ),
          where('p.consumer_version_id', 'in', (query) =>
            query
              .selectFrom('released_versions')
              .select('version_id')
              .where('environment_id', '=', environment.id)
              .where('support_ended_at', 'is', null),
          ),
        ]),
      )
      .execute();
  }

  #of(providerId: number) {
    return this.#db
      .selectFrom('pact_publications as p')
      .innerJoin('pacticipants as c', 'c.id', 'p.consumer_id')
      .innerJoin('pact_versions as content', 'content.id', 'p.pact_version_id')
      .select(['c.id as consumerId', 'c.name as consumer', 'content.content'])
      .where('p.is_current', '=', 1)
      .where('p.provider_id', '=', providerId);
  }
}
