import type { MatrixRow, ResolvedSelector } from '@concordat/domain';
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { Database } from '../database/database.ts';
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

export function consumersOf(selectors: readonly ResolvedSelector[]): Required<PickedConsumers> {
  const { any, versions } = pickedBy(selectors);
  return { anyConsumers: any, consumerVersions: versions };
}

interface PickedResults {
  readonly anyProviders?: readonly number[];
  readonly providerVersions?: readonly number[];
}

export function resultsOf(selectors: readonly ResolvedSelector[]): Required<PickedResults> {
  const { any, versions } = pickedBy(selectors);
  return { anyProviders: any, providerVersions: versions };
}

/** What is not given does not narrow the rows; an empty list lets none through. */
export interface RowFilter extends PickedConsumers, PickedResults {
  readonly onlyLatest: boolean;
  readonly providers?: readonly number[];
  /** Whether rows tell the names of pacticipants and the numbers of versions, for who does not know them. */
  readonly withNames: boolean;
  readonly withNumbers: boolean;
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
  const { providers, onlyLatest } = filter;
  return where.and([
    ...consumerCondition(where, filter),
    ...(providers === undefined ? [] : [where('pp.provider_id', 'in', providers)]),
    ...(onlyLatest ? [where('pp.is_current', '=', 1)] : []),
  ]);
}

const ROW_COLUMNS = [
  'pp.consumer_id as consumerId',
  'pp.consumer_version_id as consumerVersionId',
  'pp.provider_id as providerId',
  'ver.provider_version_id as providerVersionId',
  'pv.sha',
  'pp.revision_number as revision',
  'pp.created_at as publishedAt',
  'ver.id as verificationId',
  'ver.success',
  'ver.created_at as verifiedAt',
] as const;

/** What the database tells of a row; names and numbers when they were asked for. */
interface StoredRow {
  readonly consumerId: number;
  readonly consumerVersionId: number;
  readonly providerId: number;
  readonly providerVersionId: number | null;
  readonly sha: string;
  readonly revision: number;
  readonly publishedAt: string;
  readonly verificationId: number | null;
  readonly success: number | null;
  readonly verifiedAt: string | null;
  readonly consumer?: string | null;
  readonly provider?: string | null;
  readonly consumerVersion?: string | null;
  readonly providerVersion?: string | null;
}

/** Names and numbers that rows do not tell, because the selectors do. */
export class KnownSides {
  readonly #names = new Map<number, string>();
  readonly #numbers = new Map<number, string>();

  constructor(selectors: readonly ResolvedSelector[]) {
    for (const { pacticipantId, selector, versions } of selectors) {
      this.#names.set(pacticipantId, selector.pacticipant);
      if (versions === 'any') continue;
      for (const { id, number } of versions) this.#numbers.set(id, number);
    }
  }

  rowOf(row: StoredRow): MatrixRow {
    const { consumerId, consumerVersionId, providerId, providerVersionId } = row;
    const { verificationId, verifiedAt } = row;
    return {
      consumer: { id: consumerId, name: row.consumer ?? this.#name(consumerId) },
      consumerVersion: {
        id: consumerVersionId,
        number: row.consumerVersion ?? this.#number(consumerVersionId),
      },
      provider: { id: providerId, name: row.provider ?? this.#name(providerId) },
      providerVersion:
        providerVersionId === null
          ? undefined
          : {
              id: providerVersionId,
              number: row.providerVersion ?? this.#number(providerVersionId),
            },
      sha: row.sha,
      revision: row.revision,
      publishedAt: row.publishedAt,
      verification:
        verificationId === null || verifiedAt === null
          ? undefined
          : { number: verificationId + NUMBER_OFFSET, success: row.success === 1, verifiedAt },
    };
  }

  #name(id: number): string {
    return this.#names.get(id) ?? '';
  }

  #number(id: number): string {
    return this.#numbers.get(id) ?? '';
  }
}

/** Publications that fit, each with its fitting results, or once without. */
export const matrixRows = statement((db, filter: RowFilter) => selectRows(db, filter));

/** Adds to a filter another one, that has no publication in common with it. */
export interface BothFilters extends RowFilter {
  readonly otherAnyConsumers: readonly number[];
  readonly otherConsumerVersions: readonly number[];
  readonly otherProviders: readonly number[];
  readonly otherAnyProviders: readonly number[];
  readonly otherProviderVersions: readonly number[];
}

/** One look-up a publication: a condition for both kinds together would try each consumer version with each provider. */
export const matrixRowsOfBoth = statement((db, filter: BothFilters) =>
  selectRows(db, filter).unionAll(
    selectRows(db, {
      ...filter,
      anyConsumers: filter.otherAnyConsumers,
      consumerVersions: filter.otherConsumerVersions,
      providers: filter.otherProviders,
      anyProviders: filter.otherAnyProviders,
      providerVersions: filter.otherProviderVersions,
    }),
  ),
);

function selectRows(db: Database, filter: RowFilter) {
  return db
    .selectFrom('pact_publications as pp')
    .innerJoin('pact_versions as pv', 'pv.id', 'pp.pact_version_id')
    .leftJoin('verifications as ver', (join) => {
      const same = join.onRef('ver.pact_version_id', '=', 'pp.pact_version_id');
      const latest = filter.onlyLatest ? same.on('ver.is_latest', '=', 1) : same;
      return latest.on((where) =>
        resultCondition(where as unknown as ExpressionBuilder<Joined, 'ver'>, filter),
      );
    })
    .select(ROW_COLUMNS)
    .$if(filter.withNames, (query) =>
      query.select((select) => [
        named(select as unknown as Names, 'pp.consumer_id').as('consumer'),
        named(select as unknown as Names, 'pp.provider_id').as('provider'),
      ]),
    )
    .$if(filter.withNumbers, (query) =>
      query.select((select) => [
        numbered(select as unknown as Names, 'pp.consumer_version_id').as('consumerVersion'),
        numbered(select as unknown as Names, 'ver.provider_version_id').as('providerVersion'),
      ]),
    )
    .where((where) => publicationCondition(where as unknown as Where, filter));
}

type Names = ExpressionBuilder<Joined, 'pp' | 'ver'>;

function named(select: Names, id: 'pp.consumer_id' | 'pp.provider_id') {
  return select.selectFrom('pacticipants as p').select('p.name').whereRef('p.id', '=', id);
}

function numbered(select: Names, id: 'pp.consumer_version_id' | 'ver.provider_version_id') {
  return select.selectFrom('versions as v').select('v.number').whereRef('v.id', '=', id);
}
