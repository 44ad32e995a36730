import type { ContentHistory, ContentResult, JudgedRow } from '@concordat/domain';
import type { Database } from '../database/database.ts';
import { statement } from '../database/statement.ts';

/** A content is verified again and again; older results than these explain nothing. */
const MOST_RESULTS = 500;

/** The content of a row by its key. */
export interface RowContent {
  readonly pactVersionId: number;
  readonly providerId: number;
  readonly publishedAt: string;
}

/** Reads what explains why a content is not verified; asked only when somebody wants to know. */
export class BlockerStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  content({ consumer, provider, sha }: JudgedRow): Promise<RowContent | undefined> {
    return contentOfPair.first(this.#db, { consumerId: consumer.id, providerId: provider.id, sha });
  }

  /** The history but for whether the content is pending, which others know. */
  async history(
    content: RowContent,
    wantedVersions: readonly number[],
  ): Promise<Omit<ContentHistory, 'isPending'>> {
    const { pactVersionId, providerId, publishedAt } = content;
    const results = await resultsOfContent.all(this.#db, { pactVersionId });
    const seen = await lastResultOf.first(this.#db, { providerId });
    const wanted =
      wantedVersions.length === 0
        ? undefined
        : await newestVersion.first(this.#db, { ids: wantedVersions });
    return {
      publishedAt,
      results: results.map(
        ({ success, ...result }): ContentResult => ({ ...result, success: success === 1 }),
      ),
      providerLastSeen: seen?.createdAt,
      wantedSince: wanted?.createdAt,
    };
  }
}

const contentOfPair = statement(
  (db, pair: { readonly consumerId: number; readonly providerId: number; readonly sha: string }) =>
    db
      .selectFrom('pact_versions')
      .select(['id as pactVersionId', 'provider_id as providerId', 'created_at as publishedAt'])
      .where('consumer_id', '=', pair.consumerId)
      .where('provider_id', '=', pair.providerId)
      .where('sha', '=', pair.sha),
);

const resultsOfContent = statement((db, { pactVersionId }: { readonly pactVersionId: number }) =>
  db
    .selectFrom('verifications as ver')
    .innerJoin('versions as v', 'v.id', 'ver.provider_version_id')
    .select(['v.id as versionId', 'v.number as version', 'ver.success', 'ver.created_at as at'])
    .where('ver.pact_version_id', '=', pactVersionId)
    .orderBy('ver.id', 'desc')
    .limit(MOST_RESULTS),
);

const lastResultOf = statement((db, { providerId }: { readonly providerId: number }) =>
  db
    .selectFrom('verifications')
    .select('created_at as createdAt')
    .where('provider_id', '=', providerId)
    .orderBy('id', 'desc')
    .limit(1),
);

const newestVersion = statement((db, { ids }: { readonly ids: readonly number[] }) =>
  db
    .selectFrom('versions')
    .select('created_at as createdAt')
    .where('id', 'in', ids)
    .orderBy('id', 'desc')
    .limit(1),
);
