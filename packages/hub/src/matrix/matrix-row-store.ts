import type { MatrixRow, ResolvedSelector } from '@concordat/domain';
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import { statement } from '../database/statement.ts';
import type { Tables } from '../database/tables.ts';

/** Clients know results by a number that counts over all pacts and starts at 200. */
export const NUMBER_OFFSET = 199;

type Joined = Tables & {
  readonly pp: Tables['pact_publications'];
  readonly ver: Tables['verifications'];
};
export type Where = ExpressionBuilder<Joined, 'pp'>;

/** Pacticipants that are only named, and the versions that were picked of others. */
interface Picked {
  readonly any: readonly number[];
  readonly versions: readonly number[];
}

function pickedBy(selectors: readonly ResolvedSelector[]): Picked {
  const any = selectors.filter(({ versions }) => versions === 'any');
  return {
    any: any.map(({ pacticipantId }) => pacticipantId),
    versions: selectors.flatMap(({ versions }) =>
      versions === 'any' ? [] : versions.map(({ id }) => id),
    ),
  };
}

export interface PickedConsumers {
  readonly anyConsumers?: readonly number[];
  readonly consumerVersions?: readonly number[];
}

export function consumersOf(selectors: readonly ResolvedSelector[]): PickedConsumers {
  const { any, versions } = pickedBy(selectors);
  return { anyConsumers: any, consumerVersions: versions };
}

interface PickedResults {
  readonly anyProviders?: readonly number[];
  readonly providerVersions?: readonly number[];
}

export function resultsOf(selectors: readonly ResolvedSelector[]): PickedResults {
  const { any, versions } = pickedBy(selectors);
  return { anyProviders: any, providerVersions: versions };
}

export function pacticipantIds(selectors: readonly ResolvedSelector[]): readonly number[] {
  return [...new Set(selectors.map(({ pacticipantId }) => pacticipantId))];
}

/** What is not given does not narrow the rows; an empty list lets none through. */
export interface RowFilter extends PickedConsumers, PickedResults {
  readonly onlyLatest: boolean;
  readonly providers?: readonly number[];
  /** One side of each row is one of these. */
  readonly oneOf?: readonly number[];
}

/** True for the picked versions, and for every version of pacticipants that are only named; without either for all. */
export function consumerCondition(
  where: Where,
  { anyConsumers, consumerVersions }: PickedConsumers,
): readonly Expression<SqlBool>[] {
  if (anyConsumers === undefined || consumerVersions === undefined) return [];
  return [
    where.or([
      ...(anyConsumers.length > 0 ? [where('pp.consumer_id', 'in', anyConsumers)] : []),
      ...(consumerVersions.length > 0
        ? [where('pp.consumer_version_id', 'in', consumerVersions)]
        : []),
    ]),
  ];
}

function resultCondition(
  where: ExpressionBuilder<Joined, 'ver'>,
  { anyProviders, providerVersions }: PickedResults,
): Expression<SqlBool> {
  if (anyProviders === undefined || providerVersions === undefined) return where.and([]);
  return where.or([
    ...(anyProviders.length > 0 ? [where('ver.provider_id', 'in', anyProviders)] : []),
    ...(providerVersions.length > 0
      ? [where('ver.provider_version_id', 'in', providerVersions)]
      : []),
  ]);
}

function publicationCondition(where: Where, filter: RowFilter): Expression<SqlBool> {
  const { providers, oneOf, onlyLatest } = filter;
  return where.and([
    ...consumerCondition(where, filter),
    ...(providers === undefined ? [] : [where('pp.provider_id', 'in', providers)]),
    ...(oneOf === undefined
      ? []
      : [where.or([where('pp.consumer_id', 'in', oneOf), where('pp.provider_id', 'in', oneOf)])]),
    ...(onlyLatest ? [where('pp.is_current', '=', 1)] : []),
  ]);
}

const ROW_COLUMNS = [
  'c.id as consumerId',
  'c.name as consumer',
  'cv.id as consumerVersionId',
  'cv.number as consumerVersion',
  'r.id as providerId',
  'r.name as provider',
  'rv.id as providerVersionId',
  'rv.number as providerVersion',
  'pv.sha',
  'pp.revision_number as revision',
  'pp.created_at as publishedAt',
  'ver.id as verificationId',
  'ver.success',
  'ver.created_at as verifiedAt',
] as const;

export function matrixRow(row: {
  readonly consumerId: number;
  readonly consumer: string;
  readonly consumerVersionId: number;
  readonly consumerVersion: string;
  readonly providerId: number;
  readonly provider: string;
  readonly providerVersionId: number | null;
  readonly providerVersion: string | null;
  readonly sha: string;
  readonly revision: number;
  readonly publishedAt: string;
  readonly verificationId: number | null;
  readonly success: number | null;
  readonly verifiedAt: string | null;
}): MatrixRow {
  const { providerVersionId, providerVersion, verificationId, verifiedAt } = row;
  return {
    consumer: { id: row.consumerId, name: row.consumer },
    consumerVersion: { id: row.consumerVersionId, number: row.consumerVersion },
    provider: { id: row.providerId, name: row.provider },
    providerVersion:
      providerVersionId === null || providerVersion === null
        ? undefined
        : { id: providerVersionId, number: providerVersion },
    sha: row.sha,
    revision: row.revision,
    publishedAt: row.publishedAt,
    verification:
      verificationId === null || verifiedAt === null
        ? undefined
        : { number: verificationId + NUMBER_OFFSET, success: row.success === 1, verifiedAt },
  };
}

export const matrixRows = statement((db, filter: RowFilter) =>
  db
    .selectFrom('pact_publications as pp')
    .innerJoin('versions as cv', 'cv.id', 'pp.consumer_version_id')
    .innerJoin('pacticipants as c', 'c.id', 'pp.consumer_id')
    .innerJoin('pacticipants as r', 'r.id', 'pp.provider_id')
    .innerJoin('pact_versions as pv', 'pv.id', 'pp.pact_version_id')
    .leftJoin('verifications as ver', (join) => {
      const same = join.onRef('ver.pact_version_id', '=', 'pp.pact_version_id');
      const latest = filter.onlyLatest ? same.on('ver.is_latest', '=', 1) : same;
      return latest.on((where) =>
        resultCondition(where as unknown as ExpressionBuilder<Joined, 'ver'>, filter),
      );
    })
    .leftJoin('versions as rv', 'rv.id', 'ver.provider_version_id')
    .select(ROW_COLUMNS)
    .where((where) => publicationCondition(where as unknown as Where, filter)),
);
