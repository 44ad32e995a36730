import type { Database } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import {
  type PactFilter,
  type PublicationExpressions,
  pactConditions,
} from './pact-filter-store.ts';

/** Current publications that fit, with the names they are asked for by. */
export function selectPublications(db: Database, filter: PactFilter) {
  return db
    .selectFrom('pact_publications as p')
    .innerJoin('versions as v', 'v.id', 'p.consumer_version_id')
    .innerJoin('pacticipants as c', 'c.id', 'p.consumer_id')
    .innerJoin('pacticipants as r', 'r.id', 'p.provider_id')
    .innerJoin('pact_versions as content', 'content.id', 'p.pact_version_id')
    .select([
      'p.id as id',
      'c.id as consumerId',
      'c.name as consumer',
      'r.id as providerId',
      'r.name as provider',
      'v.id as versionId',
      'v.number as version',
      'content.id as pactVersionId',
      'content.sha as sha',
      'p.created_at as createdAt',
    ])
    .$if(filter.overwritten !== true, (query) => query.where('p.is_current', '=', 1))
    .where((where) =>
      where.and(pactConditions(where as unknown as PublicationExpressions, filter)),
    );
}

/** The publication with the newest consumer version that fits. */
export const latestPublication = statement((db, filter: PactFilter) =>
  selectPublications(db, filter).orderBy('p.consumer_version_id', 'desc').limit(1),
);

export const publicationsOfVersion = statement(
  (db, { versionId }: { readonly versionId: number }) =>
    selectPublications(db, {}).where('p.consumer_version_id', '=', versionId),
);

export interface PreviousFilter extends Pair {
  readonly beforeVersionId: number;
  readonly tag?: string;
}

/** The content of the newest publication before a version, by one that has the tag, or no tag at all. */
export const previousContent = statement((db, filter: PreviousFilter) =>
  db
    .selectFrom('pact_publications as p')
    .innerJoin('pact_versions as content', 'content.id', 'p.pact_version_id')
    .select('content.sha')
    .where('p.provider_id', '=', filter.providerId)
    .where('p.consumer_id', '=', filter.consumerId)
    .where('p.is_current', '=', 1)
    .where('p.consumer_version_id', '<', filter.beforeVersionId)
    .where(({ exists, not, selectFrom }) => {
      const tags = selectFrom('tags')
        .select('tags.name')
        .whereRef('tags.version_id', '=', 'p.consumer_version_id');
      return filter.tag === undefined
        ? not(exists(tags))
        : exists(tags.where('tags.name', '=', filter.tag));
    })
    .orderBy('p.consumer_version_id', 'desc')
    .limit(1),
);

interface Pair {
  readonly consumerId: number;
  readonly providerId: number;
}

export const contentOfPair = statement((db, content: Pair & { readonly sha: string }) =>
  db
    .selectFrom('pact_versions')
    .select('id')
    .where('provider_id', '=', content.providerId)
    .where('consumer_id', '=', content.consumerId)
    .where('sha', '=', content.sha),
);

interface NewPublication extends Pair {
  readonly versionId: number;
  readonly pactVersionId: number;
  readonly revision: number;
  readonly at: string;
}

export const newPublication = statement((db, row: NewPublication) =>
  db.insertInto('pact_publications').values({
    consumer_version_id: row.versionId,
    consumer_id: row.consumerId,
    provider_id: row.providerId,
    pact_version_id: row.pactVersionId,
    revision_number: row.revision,
    is_current: 1,
    created_at: row.at,
  }),
);

/** The integration of a pair whose contract data changed just now; it is created when it is not there. */
export const touchedIntegration = statement((db, pair: Pair & { readonly at: string }) =>
  db
    .insertInto('integrations')
    .values({
      consumer_id: pair.consumerId,
      provider_id: pair.providerId,
      created_at: pair.at,
      contract_data_updated_at: pair.at,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['consumer_id', 'provider_id'])
        .doUpdateSet({ contract_data_updated_at: pair.at }),
    ),
);
