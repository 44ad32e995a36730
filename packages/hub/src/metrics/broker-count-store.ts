import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';

/** Counts rows for the Pact Broker's metrics resource. */
export class BrokerCountStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async rows(table: keyof Tables): Promise<number> {
    const row = await this.#db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return Number(row.count);
  }

  async pacticipantsWithMainBranch(): Promise<number> {
    const row = await this.#db
      .selectFrom('pacticipants')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('main_branch', 'is not', null)
      .executeTakeFirstOrThrow();
    return Number(row.count);
  }

  /** Times of the first and the last publication, null without any. */
  async publicationTimes(): Promise<{
    readonly first: string | null;
    readonly last: string | null;
  }> {
    const row = await this.#db
      .selectFrom('pact_publications')
      .select(({ fn }) => [
        fn.min<string | null>('created_at').as('first'),
        fn.max<string | null>('created_at').as('last'),
      ])
      .executeTakeFirstOrThrow();
    return { first: row.first, last: row.last };
  }

  /** How many (consumer version, provider) have one revision, two, and so on. */
  async revisions(): Promise<Readonly<Record<string, number>>> {
    const rows = await this.#db
      .selectFrom((query) =>
        query
          .selectFrom('pact_publications')
          .select(({ fn }) => fn.countAll<number>().as('revisions'))
          .groupBy(['consumer_version_id', 'provider_id'])
          .as('publication'),
      )
      .select('publication.revisions')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .groupBy('publication.revisions')
      .orderBy('publication.revisions')
      .execute();
    return Object.fromEntries(
      rows.map(({ revisions, count }) => [String(revisions), Number(count)]),
    );
  }

  /** Contents of the latest pact of each pair. */
  async latestContents(): Promise<readonly string[]> {
    const rows = await this.#db
      .selectFrom('pact_publications')
      .innerJoin('pact_versions', 'pact_versions.id', 'pact_publications.pact_version_id')
      .select('pact_versions.content')
      .where('pact_publications.id', 'in', (query) =>
        query
          .selectFrom('pact_publications as latest')
          .select(({ fn }) => fn.max('latest.id').as('id'))
          .groupBy(['latest.consumer_id', 'latest.provider_id']),
      )
      .execute();
    return rows.map(({ content }) => content);
  }
}
