import type { Database } from '../database/database.ts';
import type { PactFilter } from './pact-filter-store.ts';
import {
  contentOfPair,
  latestPublication,
  newPublication,
  type PreviousFilter,
  previousContent,
  publicationsOfVersion,
  selectPublications,
  touchedIntegration,
} from './publication-query-store.ts';

export type { PactFilter } from './pact-filter-store.ts';

/** A current publication with the names it is asked for by. */
export interface PublishedPact {
  readonly id: number;
  readonly consumerId: number;
  readonly consumer: string;
  readonly providerId: number;
  readonly provider: string;
  readonly versionId: number;
  readonly version: string;
  readonly pactVersionId: number;
  readonly sha: string;
  readonly createdAt: string;
}

export interface Pair {
  readonly consumerId: number;
  readonly providerId: number;
}

/** Reads and writes pact content and the acts of publishing it. */
export class PactStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The publication with the newest consumer version that fits. */
  latest(filter: PactFilter): Promise<PublishedPact | undefined> {
    return latestPublication.first(this.#db, filter);
  }

  /** All that fit, oldest consumer version first. */
  list(filter: PactFilter): Promise<readonly PublishedPact[]> {
    return this.#select(filter).orderBy('p.consumer_version_id').execute();
  }

  /** Of the newest publication of a pair before a version: by a version with the tag, or by one without any. */
  async shaBefore(filter: PreviousFilter): Promise<string | undefined> {
    return (await previousContent.first(this.#db, filter))?.sha;
  }

  /** What one consumer version has published. */
  ofVersion(versionId: number): Promise<readonly PublishedPact[]> {
    return publicationsOfVersion.all(this.#db, { versionId });
  }

  async hasBranch(pacticipantId: number, name: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom('branches')
      .select('id')
      .where('pacticipant_id', '=', pacticipantId)
      .where('name', '=', name)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** All that fit, by consumer name, oldest version first. */
  async listByConsumer(filter: PactFilter): Promise<readonly PublishedPact[]> {
    return [...(await this.list(filter))].sort(byNames);
  }

  /** Of every pair of consumer and provider the newest that fits, ordered by the names of both. */
  async latestOfEachPair(filter: PactFilter): Promise<readonly PublishedPact[]> {
    const newest = new Map<string, PublishedPact>();
    const ids = await this.#newestIds(filter);
    for (let start = 0; start < ids.length; start += 500) {
      const some = await this.#select({})
        .where('p.id', 'in', ids.slice(start, start + 500))
        .execute();
      for (const pact of some) newest.set(`${pact.consumerId}/${pact.providerId}`, pact);
    }
    return [...newest.values()].sort(byNames);
  }

  /** The heads of a branch only: nothing when the head has no pact with the provider. */
  headsOfBranch(filter: PactFilter): Promise<readonly PublishedPact[]> {
    const { branch, mainBranch, ...rest } = filter;
    return this.#select(rest)
      .innerJoin('branches as head', 'head.head_version_id', 'p.consumer_version_id')
      .where((where) =>
        mainBranch === true
          ? where('head.name', '=', where.ref('c.main_branch'))
          : where('head.name', '=', branch ?? ''),
      )
      .orderBy('p.consumer_version_id')
      .execute();
  }

  async content(pactVersionId: number): Promise<string> {
    const row = await this.#db
      .selectFrom('pact_versions')
      .select('content')
      .where('id', '=', pactVersionId)
      .executeTakeFirstOrThrow();
    return row.content;
  }

  /** Stores the content unless it is there, and answers its id. */
  async saveContent(
    content: Pair & { readonly sha: string; readonly text: () => string; readonly at: string },
  ): Promise<number> {
    const { sha, consumerId, providerId } = content;
    const known = await contentOfPair.first(this.#db, { consumerId, providerId, sha });
    if (known !== undefined) return known.id;
    const row = await this.#db
      .insertInto('pact_versions')
      .values({
        consumer_id: content.consumerId,
        provider_id: content.providerId,
        sha,
        created_at: content.at,
        content: content.text(),
      })
      .onConflict((conflict) =>
        conflict.columns(['provider_id', 'consumer_id', 'sha']).doUpdateSet({ sha }),
      )
      .returning('id')
      .executeTakeFirstOrThrow();
    return row.id;
  }

  /** Adds a revision and makes it the current one of its consumer version and provider. */
  async addPublication(
    publication: Pair & {
      readonly versionId: number;
      readonly pactVersionId: number;
      readonly isRevision: boolean;
      readonly at: string;
    },
  ): Promise<void> {
    const revision = publication.isRevision ? await this.#retire(publication) : 0;
    const { isRevision: _, ...row } = publication;
    await newPublication.all(this.#db, { ...row, revision: revision + 1 });
  }

  /** No revision is current any more; answers the highest. */
  async #retire(publication: {
    readonly versionId: number;
    readonly providerId: number;
  }): Promise<number> {
    const retired = await this.#db
      .updateTable('pact_publications')
      .set({ is_current: 0 })
      .where('consumer_version_id', '=', publication.versionId)
      .where('provider_id', '=', publication.providerId)
      .where('is_current', '=', 1)
      .returning('revision_number')
      .execute();
    return Math.max(0, ...retired.map((row) => row.revision_number));
  }

  async touchIntegration(pair: Pair, at: string): Promise<void> {
    const { consumerId, providerId } = pair;
    await touchedIntegration.all(this.#db, { consumerId, providerId, at });
  }

  /** Takes the publications that fit away, with all their revisions; the content stays until a clean-up. */
  async remove(filter: PactFilter): Promise<readonly PublishedPact[]> {
    const pacts = await this.list(filter);
    for (const pact of pacts) {
      await this.#db
        .deleteFrom('pact_publications')
        .where('consumer_version_id', '=', pact.versionId)
        .where('provider_id', '=', pact.providerId)
        .execute();
    }
    return pacts;
  }

  /** Numbers of the versions with these ids, in their order; what is gone is left out. */
  async versionNumbers(ids: readonly number[]): Promise<readonly string[]> {
    if (ids.length === 0) return [];
    const rows = await this.#db
      .selectFrom('versions')
      .select('number')
      .where('id', 'in', ids)
      .orderBy('id')
      .execute();
    return rows.map((row) => row.number);
  }

  async pacticipantNames(): Promise<readonly string[]> {
    const rows = await this.#db.selectFrom('pacticipants').select('name').execute();
    return rows.map((row) => row.name);
  }

  async pacticipantId(name: string): Promise<number | undefined> {
    const row = await this.#db
      .selectFrom('pacticipants')
      .select('id')
      .where('name', '=', name)
      .executeTakeFirst();
    return row?.id;
  }

  async #newestIds(filter: PactFilter): Promise<readonly number[]> {
    const rows = await this.#select(filter)
      .clearSelect()
      .select(['p.consumer_id', 'p.provider_id', 'p.consumer_version_id', 'p.id'])
      .orderBy('p.consumer_version_id')
      .execute();
    return [
      ...new Map(rows.map((row) => [`${row.consumer_id}/${row.provider_id}`, row.id])).values(),
    ];
  }

  #select(filter: PactFilter) {
    return selectPublications(this.#db, filter);
  }
}

function byNames(left: PublishedPact, right: PublishedPact): number {
  return compare(left.consumer, right.consumer) || compare(left.provider, right.provider);
}

/** The broker sorts names without regard to case. */
function compare(left: string, right: string): number {
  const a = left.toLowerCase();
  const b = right.toLowerCase();
  return a < b ? -1 : Number(a > b);
}
