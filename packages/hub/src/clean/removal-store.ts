import { PostgresAdapter, type RawBuilder, sql } from 'kysely';
import type { Database } from '../database/database.ts';

/** How many of each kind are gone. */
export interface Removed {
  readonly versions: number;
  readonly branches: number;
  readonly publications: number;
  readonly contents: number;
  readonly results: number;
}

export const nothingRemoved: Removed = {
  versions: 0,
  branches: 0,
  publications: 0,
  contents: 0,
  results: 0,
};

/**
 * Takes rows away inside the transaction it is given. The decision may be minutes old: what has been used since `usedSince`, a little
 * before the history was read, is looked at again under a lock, and spared.
 */
export class RemovalStore {
  readonly #tx: Database;
  readonly #usedSince: string;

  constructor(tx: Database, usedSince: string) {
    this.#tx = tx;
    this.#usedSince = usedSince;
  }

  /** With all that hangs on them; contents and documents go with the last version that has them. */
  async removeVersions(ids: readonly number[]): Promise<Removed> {
    await this.#lock('versions', ids);
    const spared = await this.#usedVersions(ids);
    const going = ids.filter((id) => !spared.has(id));
    if (going.length === 0) return nothingRemoved;
    const contents = await this.#contentsOf(going);
    const documents = await this.#documentsOf(going);
    const results = await this.#countResults('provider_version_id', going);
    const publications = await this.#countPublications(going);
    await this.#tx.deleteFrom('versions').where('id', 'in', going).execute();
    const orphaned = await this.removeContents(contents);
    await this.#removeDocuments(documents);
    return {
      versions: going.length,
      branches: 0,
      publications,
      contents: orphaned.contents,
      results: results + orphaned.results,
    };
  }

  /** Those that got a version in the meantime stay; versions do too. */
  async removeBranches(ids: readonly number[]): Promise<Removed> {
    await this.#lock('branches', ids);
    const removed = await this.#tx
      .deleteFrom('branches')
      .where('id', 'in', ids)
      .where((where) =>
        where.not(
          where.exists(
            where
              .selectFrom('branch_versions as added')
              .select('added.id')
              .whereRef('added.branch_id', '=', 'branches.id')
              .where('added.created_at', '>=', this.#usedSince),
          ),
        ),
      )
      .returning('id')
      .execute();
    return { ...nothingRemoved, branches: removed.length };
  }

  /** Revisions that a newer one replaces; what is current by now stays. */
  async removePublications(ids: readonly number[]): Promise<Removed> {
    const removed = await this.#tx
      .deleteFrom('pact_publications')
      .where('id', 'in', ids)
      .where('is_current', '=', 0)
      .returning('pact_version_id as contentId')
      .execute();
    const contents = [...new Set(removed.map(({ contentId }) => contentId))];
    const orphaned = await this.removeContents(contents);
    return { ...orphaned, publications: removed.length };
  }

  /** Results that a newer one of the same content and provider version replaces. */
  async removeResults(ids: readonly number[]): Promise<Removed> {
    const removed = await this.#tx
      .deleteFrom('verifications')
      .where('id', 'in', ids)
      .where('is_latest', '=', 0)
      .returning('id')
      .execute();
    return { ...nothingRemoved, results: removed.length };
  }

  /** Those that no publication has, with their results. */
  async removeContents(ids: readonly number[]): Promise<Removed> {
    if (ids.length === 0) return nothingRemoved;
    await this.#lock('pact_versions', ids);
    const published = await this.#tx
      .selectFrom('pact_publications')
      .select('pact_version_id as id')
      .distinct()
      .where('pact_version_id', 'in', ids)
      .execute();
    const used = new Set(published.map(({ id }) => id));
    const going = ids.filter((id) => !used.has(id));
    if (going.length === 0) return nothingRemoved;
    const results = await this.#countResults('pact_version_id', going);
    await this.#tx.deleteFrom('pact_versions').where('id', 'in', going).execute();
    return { ...nothingRemoved, contents: going.length, results };
  }

  /** On PostgreSQL others may write at the same time; whoever refers to these rows waits, or is waited for and then seen. */
  async #lock(table: LockedTable, ids: readonly number[]): Promise<void> {
    if (!(this.#tx.getExecutor().adapter instanceof PostgresAdapter)) return;
    await this.#tx
      .selectFrom(table)
      .select('id')
      .where('id', 'in', ids)
      .orderBy('id')
      .forUpdate()
      .execute();
  }

  /** Versions that run by now, head a branch, or that somebody has published, tagged, verified or is to be told of since. */
  async #usedVersions(ids: readonly number[]): Promise<ReadonlySet<number>> {
    const since = this.#usedSince;
    const used = await sql<{ readonly id: number }>`
      select version_id as id from deployed_versions
        where version_id in (${listed(ids)}) and undeployed_at is null
      union select version_id from released_versions
        where version_id in (${listed(ids)}) and support_ended_at is null
      union select head_version_id from branches where head_version_id in (${listed(ids)})
      union select version_id from branch_versions
        where version_id in (${listed(ids)}) and created_at >= ${since}
      union select version_id from tags
        where version_id in (${listed(ids)}) and created_at >= ${since}
      union select consumer_version_id from pact_publications
        where consumer_version_id in (${listed(ids)}) and created_at >= ${since}
      union select provider_version_id from verifications
        where provider_version_id in (${listed(ids)}) and created_at >= ${since}
      union select p.consumer_version_id from pact_publications p
        inner join triggered_webhooks t on t.publication_id = p.id
        where p.consumer_version_id in (${listed(ids)}) and t.due_at is not null
      union select v.provider_version_id from verifications v
        inner join triggered_webhooks t on t.verification_id = v.id
        where v.provider_version_id in (${listed(ids)}) and t.due_at is not null
      union select version_id from triggered_webhooks
        where version_id in (${listed(ids)}) and due_at is not null
    `.execute(this.#tx);
    return new Set([
      ...used.rows.map(({ id }) => id),
      ...(await this.#publishersOfVerified(ids)),
      ...(await this.#verifiersOfPublished(ids)),
    ]);
  }

  /** Those of the versions that have published a content which got a result since. */
  async #publishersOfVerified(ids: readonly number[]): Promise<readonly number[]> {
    const published = await this.#tx
      .selectFrom('pact_publications')
      .select(['consumer_version_id as versionId', 'pact_version_id as contentId'])
      .where('consumer_version_id', 'in', ids)
      .execute();
    const contents = [...new Set(published.map(({ contentId }) => contentId))];
    if (contents.length === 0) return [];
    const verified = await this.#tx
      .selectFrom('verifications')
      .select('pact_version_id as id')
      .distinct()
      .where('pact_version_id', 'in', contents)
      .where('created_at', '>=', this.#usedSince)
      .execute();
    return ofContents(published, verified);
  }

  /** Those of the versions that have verified a content which was published again since. */
  async #verifiersOfPublished(ids: readonly number[]): Promise<readonly number[]> {
    const verified = await this.#tx
      .selectFrom('verifications')
      .select(['provider_version_id as versionId', 'pact_version_id as contentId'])
      .distinct()
      .where('provider_version_id', 'in', ids)
      .execute();
    const contents = [...new Set(verified.map(({ contentId }) => contentId))];
    if (contents.length === 0) return [];
    const published = await this.#tx
      .selectFrom('pact_publications')
      .select('pact_version_id as id')
      .distinct()
      .where('pact_version_id', 'in', contents)
      .where('created_at', '>=', this.#usedSince)
      .execute();
    return ofContents(verified, published);
  }

  async #contentsOf(versionIds: readonly number[]): Promise<readonly number[]> {
    const rows = await this.#tx
      .selectFrom('pact_publications')
      .select('pact_version_id as id')
      .distinct()
      .where('consumer_version_id', 'in', versionIds)
      .orderBy('pact_version_id')
      .execute();
    return rows.map(({ id }) => id);
  }

  async #documentsOf(versionIds: readonly number[]): Promise<readonly number[]> {
    const rows = await this.#tx
      .selectFrom('provider_contracts')
      .select('document_id as id')
      .distinct()
      .where('version_id', 'in', versionIds)
      .execute();
    return rows.map(({ id }) => id);
  }

  async #countResults(
    column: 'provider_version_id' | 'pact_version_id',
    ids: readonly number[],
  ): Promise<number> {
    const { total } = await this.#tx
      .selectFrom('verifications')
      .select((select) => select.fn.countAll<number>().as('total'))
      .where(column, 'in', ids)
      .executeTakeFirstOrThrow();
    return total;
  }

  async #countPublications(versionIds: readonly number[]): Promise<number> {
    const { total } = await this.#tx
      .selectFrom('pact_publications')
      .select((select) => select.fn.countAll<number>().as('total'))
      .where('consumer_version_id', 'in', versionIds)
      .executeTakeFirstOrThrow();
    return total;
  }

  async #removeDocuments(ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#lock('provider_contract_documents', ids);
    await this.#tx
      .deleteFrom('provider_contract_documents')
      .where('id', 'in', ids)
      .where((where) =>
        where.not(
          where.exists(
            where
              .selectFrom('provider_contracts as other')
              .select('other.id')
              .whereRef('other.document_id', '=', 'provider_contract_documents.id'),
          ),
        ),
      )
      .execute();
  }
}

type LockedTable = 'versions' | 'branches' | 'pact_versions' | 'provider_contract_documents';

function ofContents(
  rows: readonly { readonly versionId: number; readonly contentId: number }[],
  contents: readonly { readonly id: number }[],
): readonly number[] {
  const wanted = new Set(contents.map(({ id }) => id));
  return rows.filter(({ contentId }) => wanted.has(contentId)).map(({ versionId }) => versionId);
}

function listed(ids: readonly number[]): RawBuilder<unknown> {
  return sql.join(ids.map((id) => sql.lit(id)));
}
