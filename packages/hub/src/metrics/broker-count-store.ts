import { sql } from 'kysely';
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

  /** Times of the first and the last row, null without any. */
  async times(table: 'pact_publications' | 'verifications'): Promise<{
    readonly first: string | null;
    readonly last: string | null;
  }> {
    const row = await this.#db
      .selectFrom(table)
      .select(({ fn }) => [
        fn.min<string | null>('created_at').as('first'),
        fn.max<string | null>('created_at').as('last'),
      ])
      .executeTakeFirstOrThrow();
    return { first: row.first, last: row.last };
  }

  /** `distinct` leaves out those that say the same of a content and provider version again. */
  async verifications(): Promise<{ readonly success: number; readonly distinct: number }> {
    const { success } = await this.#db
      .selectFrom('verifications')
      .select(({ fn }) => fn.sum<number | null>('success').as('success'))
      .executeTakeFirstOrThrow();
    const { distinct } = await this.#db
      .selectFrom((results) =>
        results
          .selectFrom('verifications')
          .select(['pact_version_id', 'provider_version_id', 'success'])
          .distinct()
          .as('said'),
      )
      .select(({ fn }) => fn.countAll<number>().as('distinct'))
      .executeTakeFirstOrThrow();
    return { success: Number(success ?? 0), distinct: Number(distinct) };
  }

  async current(table: 'deployed_versions' | 'released_versions'): Promise<number> {
    const ended = table === 'deployed_versions' ? 'undeployed_at' : 'support_ended_at';
    const row = await this.#db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where(sql.ref(ended), 'is', null)
      .executeTakeFirstOrThrow();
    return Number(row.count);
  }

  /** Versions that are on branches; `withUserCreatedBranchCount` leaves out those that a first tag put there. */
  async branched(): Promise<{
    readonly withBranchCount: number;
    readonly withBranchSetCount: number;
    readonly withUserCreatedBranchCount: number;
  }> {
    const count = async (onlyByUser: boolean): Promise<number> => {
      let query = this.#db
        .selectFrom('branch_versions')
        .select(({ fn }) => fn.count<number>('version_id').distinct().as('count'));
      if (onlyByUser) query = query.where('auto_created', '=', 0);
      return Number((await query.executeTakeFirstOrThrow()).count);
    };
    const all = await count(false);
    return {
      withBranchCount: all,
      withBranchSetCount: all,
      withUserCreatedBranchCount: await count(true),
    };
  }

  async distinctTags(): Promise<{
    readonly distinctCount: number;
    readonly distinctWithPacticipantCount: number;
  }> {
    const rows = await this.#db
      .selectFrom('tags')
      .select(['pacticipant_id', 'name'])
      .distinct()
      .execute();
    return {
      distinctCount: new Set(rows.map(({ name }) => name)).size,
      distinctWithPacticipantCount: rows.length,
    };
  }

  /** A deployment that a tag recorded has the tag's time and its environment the tag's name. */
  async deploymentsByTag(): Promise<number> {
    const row = await this.#db
      .selectFrom('deployed_versions as d')
      .innerJoin('environments as e', 'e.id', 'd.environment_id')
      .innerJoin('tags as t', (join) =>
        join
          .onRef('t.version_id', '=', 'd.version_id')
          .onRef('t.name', '=', 'e.name')
          .onRef('t.created_at', '=', 'd.created_at'),
      )
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return Number(row.count);
  }

  /** How many contents have one result, two, and so on. */
  async resultsPerContent(): Promise<Readonly<Record<string, number>>> {
    const rows = await this.#db
      .selectFrom((query) =>
        query
          .selectFrom('verifications')
          .select(({ fn }) => fn.countAll<number>().as('results'))
          .groupBy('pact_version_id')
          .as('content'),
      )
      .select('content.results')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .groupBy('content.results')
      .orderBy('content.results')
      .execute();
    return Object.fromEntries(rows.map(({ results, count }) => [String(results), Number(count)]));
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
