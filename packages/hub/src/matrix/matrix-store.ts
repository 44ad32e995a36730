import type { Integration, MatrixRow, ResolvedSelector } from '@concordat/domain';
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import type { Pacticipant } from './version-store.ts';

/** Clients know results by a number that counts over all pacts and starts at 200. */
const NUMBER_OFFSET = 199;

export interface RowQuery {
  readonly selectors: readonly ResolvedSelector[];
  /** Latest results and current publications only; otherwise the whole history. */
  readonly onlyLatest: boolean;
}

type Joined = Tables & {
  readonly pp: Tables['pact_publications'];
  readonly ver: Tables['verifications'];
};
type Where = ExpressionBuilder<Joined, 'pp'>;

/** Finds integrations, and the rows that a matrix question is about. */
export class MatrixStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * What the pacticipants depend on and what depends on them: providers of the picked versions' pacts are required, consumers
   * of the pacticipants are not.
   */
  async integrationsOf(selectors: readonly ResolvedSelector[]): Promise<{
    readonly integrations: readonly Integration[];
    readonly others: readonly Pacticipant[];
  }> {
    const ids = selectors.map(({ pacticipantId }) => pacticipantId);
    const asConsumer = await this.#providersOf(selectors);
    const asProvider = await this.#db
      .selectFrom('integrations as i')
      .innerJoin('pacticipants as c', 'c.id', 'i.consumer_id')
      .innerJoin('pacticipants as r', 'r.id', 'i.provider_id')
      .select(PAIR_COLUMNS)
      .where('i.provider_id', 'in', ids)
      .execute();
    const rows = [
      ...asConsumer.map((row) => pairOf(row, true)),
      ...asProvider.map((row) => pairOf(row, false)),
    ];
    const pairs = new Map<string, Integration>();
    for (const { integration, key } of rows) if (!pairs.has(key)) pairs.set(key, integration);
    const others = new Map(
      rows.flatMap(({ sides }) => sides.map((side): [number, Pacticipant] => [side.id, side])),
    );
    for (const id of ids) others.delete(id);
    return { integrations: [...pairs.values()], others: [...others.values()] };
  }

  /** Integrations whose both sides are among the pacticipants; all of them are required. */
  async integrationsAmong(ids: readonly number[]): Promise<readonly Integration[]> {
    const rows = await this.#db
      .selectFrom('integrations as i')
      .innerJoin('pacticipants as c', 'c.id', 'i.consumer_id')
      .innerJoin('pacticipants as r', 'r.id', 'i.provider_id')
      .select(PAIR_COLUMNS)
      .where('i.consumer_id', 'in', ids)
      .where('i.provider_id', 'in', ids)
      .execute();
    return rows.map((row) => pairOf(row, true).integration);
  }

  /**
   * Publications of the picked consumer versions for the named providers, each with the results of the picked provider versions,
   * or once without. One side must have been asked for. A single selector takes everything that its versions have a part in.
   */
  async rows({ selectors, onlyLatest }: RowQuery): Promise<readonly MatrixRow[]> {
    const [only, another] = selectors;
    if (only === undefined) return [];
    if (another !== undefined) return this.#pairRows(selectors, onlyLatest);
    const asConsumer = await this.#rowsWhere(
      onlyLatest,
      (where) => versionCondition(where, 'pp.consumer_id', 'pp.consumer_version_id', [only]),
      undefined,
    );
    const asProvider = await this.#rowsWhere(
      onlyLatest,
      (where) => where('pp.provider_id', '=', only.pacticipantId),
      [only],
    );
    return [...asConsumer, ...asProvider.filter((row) => row.verification !== undefined)];
  }

  #pairRows(
    selectors: readonly ResolvedSelector[],
    onlyLatest: boolean,
  ): Promise<readonly MatrixRow[]> {
    const ids = [...new Set(selectors.map(({ pacticipantId }) => pacticipantId))];
    const specified = [
      ...new Set(
        selectors
          .filter(({ isSpecified }) => isSpecified)
          .map(({ pacticipantId }) => pacticipantId),
      ),
    ];
    return this.#rowsWhere(
      onlyLatest,
      (where) =>
        where.and([
          versionCondition(where, 'pp.consumer_id', 'pp.consumer_version_id', selectors),
          where('pp.provider_id', 'in', ids),
          where.or([
            where('pp.consumer_id', 'in', specified),
            where('pp.provider_id', 'in', specified),
          ]),
        ]),
      selectors,
    );
  }

  async #rowsWhere(
    onlyLatest: boolean,
    publications: (where: Where) => Expression<SqlBool>,
    providers: readonly ResolvedSelector[] | undefined,
  ): Promise<readonly MatrixRow[]> {
    let query = this.#db
      .selectFrom('pact_publications as pp')
      .innerJoin('versions as cv', 'cv.id', 'pp.consumer_version_id')
      .innerJoin('pacticipants as c', 'c.id', 'pp.consumer_id')
      .innerJoin('pacticipants as r', 'r.id', 'pp.provider_id')
      .innerJoin('pact_versions as pv', 'pv.id', 'pp.pact_version_id')
      .leftJoin('verifications as ver', (join) => {
        const same = join.onRef('ver.pact_version_id', '=', 'pp.pact_version_id');
        const latest = onlyLatest ? same.on('ver.is_latest', '=', 1) : same;
        if (providers === undefined) return latest;
        return latest.on((where) =>
          versionCondition(
            where as unknown as Where,
            'ver.provider_id',
            'ver.provider_version_id',
            providers,
          ),
        );
      })
      .leftJoin('versions as rv', 'rv.id', 'ver.provider_version_id')
      .select(ROW_COLUMNS)
      .where((where) => publications(where as unknown as Where));
    if (onlyLatest) query = query.where('pp.is_current', '=', 1);
    return (await query.execute()).map(matrixRow);
  }

  #providersOf(selectors: readonly ResolvedSelector[]) {
    return this.#db
      .selectFrom('pact_publications as pp')
      .innerJoin('pacticipants as c', 'c.id', 'pp.consumer_id')
      .innerJoin('pacticipants as r', 'r.id', 'pp.provider_id')
      .select(PAIR_COLUMNS)
      .distinct()
      .where('pp.is_current', '=', 1)
      .where((where) =>
        versionCondition(
          where as unknown as Where,
          'pp.consumer_id',
          'pp.consumer_version_id',
          selectors,
        ),
      )
      .execute();
  }
}

const PAIR_COLUMNS = [
  'c.id as consumerId',
  'c.name as consumer',
  'c.main_branch as consumerMainBranch',
  'r.id as providerId',
  'r.name as provider',
  'r.main_branch as providerMainBranch',
] as const;

interface PairColumns {
  readonly consumerId: number;
  readonly consumer: string;
  readonly consumerMainBranch: string | null;
  readonly providerId: number;
  readonly provider: string;
  readonly providerMainBranch: string | null;
}

function pairOf(
  row: PairColumns,
  isRequired: boolean,
): {
  readonly key: string;
  readonly integration: Integration;
  readonly sides: readonly Pacticipant[];
} {
  const consumer = { id: row.consumerId, name: row.consumer };
  const provider = { id: row.providerId, name: row.provider };
  return {
    key: `${consumer.id} ${provider.id}`,
    integration: { consumer, provider, isRequired },
    sides: [
      { ...consumer, mainBranch: row.consumerMainBranch },
      { ...provider, mainBranch: row.providerMainBranch },
    ],
  };
}

type IdColumn = 'pp.consumer_id' | 'ver.provider_id';
type VersionColumn = 'pp.consumer_version_id' | 'ver.provider_version_id';

/** True for the picked versions, and for every version of pacticipants that are only named. */
function versionCondition(
  where: Where,
  ...[pacticipant, version, selectors]: readonly [
    IdColumn,
    VersionColumn,
    readonly ResolvedSelector[],
  ]
): Expression<SqlBool> {
  const any = selectors.filter(({ versions }) => versions === 'any');
  const ids = selectors.flatMap(({ versions }) =>
    versions === 'any' ? [] : versions.map(({ id }) => id),
  );
  const column = where as unknown as ExpressionBuilder<Joined, 'pp' | 'ver'>;
  const conditions = [
    ...(any.length > 0
      ? [
          column(
            pacticipant,
            'in',
            any.map(({ pacticipantId }) => pacticipantId),
          ),
        ]
      : []),
    ...(ids.length > 0 ? [column(version, 'in', ids)] : []),
  ];
  return conditions.length > 0
    ? column.or(conditions)
    : (column.lit(false) as unknown as Expression<SqlBool>);
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

function matrixRow(row: {
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
