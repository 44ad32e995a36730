import type { PublishedPact } from '@concordat/domain';
import type { Database } from '../database/database.ts';

/** A consumer that has a pact with the provider. */
export interface ConsumerOf {
  readonly id: number;
  readonly name: string;
  readonly mainBranch: string | null;
}

/** A published pact and the label (branch, tag or environment) it was found by. */
export interface LabelledPact {
  readonly pact: PublishedPact;
  readonly label: string;
}

const PACT_COLUMNS = [
  'pp.consumer_version_id as versionId',
  'v.number as version',
  'pp.consumer_id as consumerId',
  'pp.pact_version_id as pactVersionId',
  'pv.sha as sha',
  'pp.created_at as publishedAt',
] as const;

interface PactColumns {
  readonly versionId: number;
  readonly version: string;
  readonly consumerId: number;
  readonly pactVersionId: number;
  readonly sha: string;
  readonly publishedAt: string;
}

/** Finds the current publications of one provider by what its selectors name, one query a kind of selector. */
export class SelectionStore {
  readonly #db: Database;
  readonly #providerId: number;
  readonly #consumers: ReadonlyMap<number, ConsumerOf>;

  constructor(
    db: Database,
    provider: { readonly id: number; readonly consumers: readonly ConsumerOf[] },
  ) {
    this.#db = db;
    this.#providerId = provider.id;
    this.#consumers = new Map(provider.consumers.map((consumer) => [consumer.id, consumer]));
  }

  /** Pacts of the heads of all the consumers' branches, or of those with the names; the label is the branch. */
  async branchHeads(names: readonly string[] | 'all'): Promise<readonly LabelledPact[]> {
    if (names.length === 0) return [];
    let query = this.#db
      .selectFrom('branches as b')
      .innerJoin('pact_publications as pp', 'pp.consumer_version_id', 'b.head_version_id')
      .innerJoin('versions as v', 'v.id', 'pp.consumer_version_id')
      .innerJoin('pact_versions as pv', 'pv.id', 'pp.pact_version_id')
      .select([...PACT_COLUMNS, 'b.name as label'])
      .where('b.pacticipant_id', 'in', this.#consumerIds())
      .where('pp.provider_id', '=', this.#providerId)
      .where('pp.is_current', '=', 1);
    if (names !== 'all') query = query.where('b.name', 'in', names);
    return this.#labelled(await query.orderBy('b.id').execute());
  }

  /** Which of the branches each consumer has, pact or not. */
  async branchesOf(names: readonly string[]): Promise<ReadonlySet<string>> {
    if (names.length === 0) return new Set();
    const rows = await this.#db
      .selectFrom('branches')
      .select(['pacticipant_id', 'name'])
      .where('pacticipant_id', 'in', this.#consumerIds())
      .where('name', 'in', names)
      .where('head_version_id', 'is not', null)
      .execute();
    return new Set(rows.map((row) => `${row.pacticipant_id} ${row.name}`));
  }

  /** Pacts of the newest versions with each tag; the label is the tag. */
  async tagHeads(names: readonly string[] | 'all'): Promise<readonly LabelledPact[]> {
    if (names.length === 0) return [];
    let heads = this.#db
      .selectFrom('tags')
      .select(['name', (select) => select.fn.max('version_id').as('version_id')])
      .where('pacticipant_id', 'in', this.#consumerIds())
      .groupBy(['pacticipant_id', 'name']);
    if (names !== 'all') heads = heads.where('name', 'in', names);
    const rows = await this.#db
      .selectFrom(heads.as('head'))
      .innerJoin('pact_publications as pp', 'pp.consumer_version_id', 'head.version_id')
      .innerJoin('versions as v', 'v.id', 'pp.consumer_version_id')
      .innerJoin('pact_versions as pv', 'pv.id', 'pp.pact_version_id')
      .select([...PACT_COLUMNS, 'head.name as label'])
      .where('pp.provider_id', '=', this.#providerId)
      .where('pp.is_current', '=', 1)
      .orderBy('head.name')
      .execute();
    return this.#labelled(rows);
  }

  /** Pacts of all versions with any of the tags. */
  async tagged(names: readonly string[]): Promise<readonly LabelledPact[]> {
    if (names.length === 0) return [];
    const rows = await this.#db
      .selectFrom('tags as t')
      .innerJoin('pact_publications as pp', 'pp.consumer_version_id', 't.version_id')
      .innerJoin('versions as v', 'v.id', 'pp.consumer_version_id')
      .innerJoin('pact_versions as pv', 'pv.id', 'pp.pact_version_id')
      .select([...PACT_COLUMNS, 't.name as label'])
      .where('t.pacticipant_id', 'in', this.#consumerIds())
      .where('t.name', 'in', names)
      .where('pp.provider_id', '=', this.#providerId)
      .where('pp.is_current', '=', 1)
      .execute();
    return this.#labelled(rows);
  }

  /** Of each consumer the pact of its newest version that has one with the provider. */
  async latest(): Promise<readonly PublishedPact[]> {
    const rows = await this.#db
      .selectFrom('integrations as i')
      .innerJoin('pact_publications as pp', (join) =>
        join
          .onRef('pp.consumer_id', '=', 'i.consumer_id')
          .onRef('pp.provider_id', '=', 'i.provider_id')
          .on('pp.is_current', '=', 1),
      )
      .innerJoin('versions as v', 'v.id', 'pp.consumer_version_id')
      .innerJoin('pact_versions as pv', 'pv.id', 'pp.pact_version_id')
      .select([...PACT_COLUMNS])
      .where('i.provider_id', '=', this.#providerId)
      .where('pp.consumer_version_id', '=', (select) =>
        select
          .selectFrom('pact_publications as newest')
          .select((max) => max.fn.max('newest.consumer_version_id').as('id'))
          .whereRef('newest.provider_id', '=', 'i.provider_id')
          .whereRef('newest.consumer_id', '=', 'i.consumer_id')
          .where('newest.is_current', '=', 1),
      )
      .execute();
    return rows.flatMap((row) => this.#pact(row) ?? []);
  }

  /** Pacts of what runs now; the label is the environment's name. */
  async deployed(): Promise<readonly LabelledPact[]> {
    const rows = await this.#db
      .selectFrom('deployed_versions as d')
      .innerJoin('environments as e', 'e.id', 'd.environment_id')
      .innerJoin('pact_publications as pp', 'pp.consumer_version_id', 'd.version_id')
      .innerJoin('versions as v', 'v.id', 'pp.consumer_version_id')
      .innerJoin('pact_versions as pv', 'pv.id', 'pp.pact_version_id')
      .select([...PACT_COLUMNS, 'e.name as label'])
      .where('d.pacticipant_id', 'in', this.#consumerIds())
      .where('d.undeployed_at', 'is', null)
      .where('pp.provider_id', '=', this.#providerId)
      .where('pp.is_current', '=', 1)
      .orderBy('e.id')
      .orderBy('d.id')
      .execute();
    return this.#labelled(rows);
  }

  /** Pacts of what is supported now; the label is the environment's name. */
  async released(): Promise<readonly LabelledPact[]> {
    const rows = await this.#db
      .selectFrom('released_versions as d')
      .innerJoin('environments as e', 'e.id', 'd.environment_id')
      .innerJoin('pact_publications as pp', 'pp.consumer_version_id', 'd.version_id')
      .innerJoin('versions as v', 'v.id', 'pp.consumer_version_id')
      .innerJoin('pact_versions as pv', 'pv.id', 'pp.pact_version_id')
      .select([...PACT_COLUMNS, 'e.name as label'])
      .where('d.pacticipant_id', 'in', this.#consumerIds())
      .where('d.support_ended_at', 'is', null)
      .where('pp.provider_id', '=', this.#providerId)
      .where('pp.is_current', '=', 1)
      .orderBy('e.id')
      .orderBy('d.id')
      .execute();
    return this.#labelled(rows);
  }

  #consumerIds(): readonly number[] {
    return [...this.#consumers.keys()];
  }

  #labelled(rows: readonly (PactColumns & { readonly label: string })[]): readonly LabelledPact[] {
    return rows.flatMap((row) => {
      const pact = this.#pact(row);
      return pact === undefined ? [] : { pact, label: row.label };
    });
  }

  #pact(row: PactColumns): PublishedPact | undefined {
    const consumer = this.#consumers.get(row.consumerId);
    if (consumer === undefined) return undefined;
    return {
      consumer: { id: consumer.id, name: consumer.name },
      consumerVersion: { id: row.versionId, number: row.version },
      pactVersionId: row.pactVersionId,
      sha: row.sha,
      publishedAt: row.publishedAt,
    };
  }
}
