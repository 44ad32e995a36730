import type { Integration, MatrixRow, ResolvedSelector } from '@concordat/domain';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import {
  consumerCondition,
  consumersOf,
  KnownSides,
  matrixRows,
  matrixRowsOfBoth,
  type PickedConsumers,
  type RowFilter,
  resultsOf,
  type Where,
} from './matrix-row-store.ts';
import type { Pacticipant } from './version-store.ts';

export interface RowQuery {
  readonly selectors: readonly ResolvedSelector[];
  /** Latest results and current publications only; otherwise the whole history. */
  readonly onlyLatest: boolean;
}

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
    const ids = idsOf(selectors);
    const found = await neighbours.all(this.#db, { ...consumersOf(selectors), ids });
    const rows = found.map((row) => pairOf(row, row.isRequired === 1));
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
    const rows = await integrationsBetween.all(this.#db, { ids });
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
    const all = { onlyLatest, withNames: true, withNumbers: true };
    const asConsumer = await this.#find({ ...all, ...consumersOf([only]) }, []);
    const providers = [only.pacticipantId];
    const asProvider = await this.#find({ ...all, providers, ...resultsOf([only]) }, []);
    return [...asConsumer, ...asProvider.filter((row) => row.verification !== undefined)];
  }

  /** Pacts of the specified ones with all, and of the inferred ones with the specified: two that are inferred do not matter. */
  async #pairRows(
    selectors: readonly ResolvedSelector[],
    onlyLatest: boolean,
  ): Promise<readonly MatrixRow[]> {
    const specified = selectors.filter(({ isSpecified }) => isSpecified);
    const inferred = selectors.filter(({ isSpecified }) => !isSpecified);
    const filter = {
      onlyLatest,
      withNames: false,
      withNumbers: selectors.some(({ versions }) => versions === 'any'),
      ...consumersOf(specified),
      providers: idsOf(selectors),
      ...resultsOf(selectors),
    };
    if (inferred.length === 0) return this.#find(filter, selectors);
    const others = { consumers: consumersOf(inferred), results: resultsOf(specified) };
    const rows = await matrixRowsOfBoth.all(this.#db, {
      ...filter,
      otherAnyConsumers: others.consumers.anyConsumers,
      otherConsumerVersions: others.consumers.consumerVersions,
      otherProviders: idsOf(specified),
      otherAnyProviders: others.results.anyProviders,
      otherProviderVersions: others.results.providerVersions,
    });
    const sides = new KnownSides(selectors);
    return rows.map((row) => sides.rowOf(row));
  }

  async #find(
    query: RowFilter,
    selectors: readonly ResolvedSelector[],
  ): Promise<readonly MatrixRow[]> {
    const sides = new KnownSides(selectors);
    return (await matrixRows.all(this.#db, query)).map((row) => sides.rowOf(row));
  }
}

function idsOf(selectors: readonly ResolvedSelector[]): readonly number[] {
  return [...new Set(selectors.map(({ pacticipantId }) => pacticipantId))];
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

type Ids = { readonly ids: readonly number[] };

/** Providers of the picked consumers' pacts, then consumers of the pacticipants. */
const neighbours = statement((db, { ids, ...consumers }: Ids & PickedConsumers) =>
  db
    .selectFrom('pact_publications as pp')
    .innerJoin('pacticipants as c', 'c.id', 'pp.consumer_id')
    .innerJoin('pacticipants as r', 'r.id', 'pp.provider_id')
    .select(PAIR_COLUMNS)
    .select(sql.lit(1).as('isRequired'))
    .distinct()
    .where('pp.is_current', '=', 1)
    .where((where) => where.and(consumerCondition(where as unknown as Where, consumers)))
    .unionAll(
      selectIntegrations(db).select(sql.lit(0).as('isRequired')).where('i.provider_id', 'in', ids),
    ),
);

const integrationsBetween = statement((db, { ids }: Ids) =>
  selectIntegrations(db).where('i.consumer_id', 'in', ids).where('i.provider_id', 'in', ids),
);

function selectIntegrations(db: Database) {
  return db
    .selectFrom('integrations as i')
    .innerJoin('pacticipants as c', 'c.id', 'i.consumer_id')
    .innerJoin('pacticipants as r', 'r.id', 'i.provider_id')
    .select(PAIR_COLUMNS);
}
