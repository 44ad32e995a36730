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

/** How many versions are asked for at once. */
const CHUNK = 500;

interface LabelledVersion {
  readonly versionId: number;
  readonly label: string;
}

/**
 * Finds the current publications of one provider by what its selectors name. Versions come first, from small indexes, and the
 * publications of all of them by key after that: one joined query reads every publication of the provider instead.
 */
export class SelectionStore {
  readonly #db: Database;
  readonly #providerId: number;
  readonly #consumers: ReadonlyMap<number, ConsumerOf>;
  /** By version; undefined for a version that has no pact with the provider. */
  readonly #found = new Map<number, PublishedPact | undefined>();

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
      .selectFrom('branches')
      .select(['head_version_id', 'name'])
      .where('pacticipant_id', 'in', this.#consumerIds());
    if (names !== 'all') query = query.where('name', 'in', names);
    const heads = await query.orderBy('id').execute();
    return this.#pactsOf(
      heads.flatMap(({ head_version_id, name }) =>
        head_version_id === null ? [] : { versionId: head_version_id, label: name },
      ),
    );
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
    let query = this.#db
      .selectFrom('tags')
      .select((select) => ['name as label', select.fn.max('version_id').as('versionId')])
      .where('pacticipant_id', 'in', this.#consumerIds())
      .groupBy(['pacticipant_id', 'name']);
    if (names !== 'all') query = query.where('name', 'in', names);
    return this.#pactsOf(await query.orderBy('name').execute());
  }

  /** Pacts of all versions with any of the tags. */
  async tagged(names: readonly string[]): Promise<readonly LabelledPact[]> {
    if (names.length === 0) return [];
    const rows = await this.#db
      .selectFrom('tags')
      .select(['version_id as versionId', 'name as label'])
      .where('pacticipant_id', 'in', this.#consumerIds())
      .where('name', 'in', names)
      .execute();
    return this.#pactsOf(rows);
  }

  /** Of each consumer the pact of its newest version that has one with the provider. */
  async latest(): Promise<readonly PublishedPact[]> {
    const rows = await this.#db
      .selectFrom('integrations as i')
      .select((select) => [
        'i.consumer_id',
        select
          .selectFrom('pact_publications as pp')
          .select((max) => max.fn.max('pp.consumer_version_id').as('id'))
          .whereRef('pp.provider_id', '=', 'i.provider_id')
          .whereRef('pp.consumer_id', '=', 'i.consumer_id')
          .where('pp.is_current', '=', 1)
          .as('versionId'),
      ])
      .where('i.provider_id', '=', this.#providerId)
      .execute();
    const newest = rows.flatMap(({ versionId }) =>
      versionId === null ? [] : { versionId, label: '' },
    );
    return (await this.#pactsOf(newest)).map(({ pact }) => pact);
  }

  /** Pacts of what runs now; the label is the environment's name. */
  async deployed(): Promise<readonly LabelledPact[]> {
    const rows = await this.#db
      .selectFrom('deployed_versions as d')
      .innerJoin('environments as e', 'e.id', 'd.environment_id')
      .select(['d.version_id as versionId', 'e.name as label'])
      .where('d.pacticipant_id', 'in', this.#consumerIds())
      .where('d.undeployed_at', 'is', null)
      .orderBy('e.id')
      .orderBy('d.id')
      .execute();
    return this.#pactsOf(rows);
  }

  /** Pacts of what is supported now; the label is the environment's name. */
  async released(): Promise<readonly LabelledPact[]> {
    const rows = await this.#db
      .selectFrom('released_versions as r')
      .innerJoin('environments as e', 'e.id', 'r.environment_id')
      .select(['r.version_id as versionId', 'e.name as label'])
      .where('r.pacticipant_id', 'in', this.#consumerIds())
      .where('r.support_ended_at', 'is', null)
      .orderBy('e.id')
      .orderBy('r.id')
      .execute();
    return this.#pactsOf(rows);
  }

  #consumerIds(): readonly number[] {
    return [...this.#consumers.keys()];
  }

  async #pactsOf(versions: readonly LabelledVersion[]): Promise<readonly LabelledPact[]> {
    const missing = [...new Set(versions.map(({ versionId }) => versionId))].filter(
      (id) => !this.#found.has(id),
    );
    for (let start = 0; start < missing.length; start += CHUNK) {
      await this.#find(missing.slice(start, start + CHUNK));
    }
    return versions.flatMap(({ versionId, label }) => {
      const pact = this.#found.get(versionId);
      return pact === undefined ? [] : { pact, label };
    });
  }

  async #find(versionIds: readonly number[]): Promise<void> {
    const rows = await this.#db
      .selectFrom('pact_publications as pp')
      .innerJoin('versions as v', 'v.id', 'pp.consumer_version_id')
      .innerJoin('pact_versions as pv', 'pv.id', 'pp.pact_version_id')
      .select([
        'pp.consumer_version_id as versionId',
        'v.number as version',
        'pp.consumer_id as consumerId',
        'pp.pact_version_id as pactVersionId',
        'pv.sha as sha',
        'pp.created_at as publishedAt',
      ])
      .where('pp.consumer_version_id', 'in', versionIds)
      .where('pp.provider_id', '=', this.#providerId)
      .where('pp.is_current', '=', 1)
      .execute();
    for (const id of versionIds) this.#found.set(id, undefined);
    for (const { versionId, version, consumerId, ...publication } of rows) {
      const consumer = this.#consumers.get(consumerId);
      if (consumer === undefined) continue;
      this.#found.set(versionId, {
        ...publication,
        consumer: { id: consumer.id, name: consumer.name },
        consumerVersion: { id: versionId, number: version },
      });
    }
  }
}
