import type { PublishedPact } from '@concordat/domain';
import type { Database } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import {
  type LabelledVersion,
  type LabelledVersions,
  readLabelledVersions,
} from './labelled-version-store.ts';

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
  #heads: Pick<LabelledVersions, 'branch' | 'tag'> | undefined;
  #running: Pick<LabelledVersions, 'deployed' | 'released'> | undefined;

  constructor(
    db: Database,
    provider: { readonly id: number; readonly consumers: readonly ConsumerOf[] },
  ) {
    this.#db = db;
    this.#providerId = provider.id;
    this.#consumers = new Map(provider.consumers.map((consumer) => [consumer.id, consumer]));
  }

  /** Reads with two queries what is going to be asked for, and its pacts. */
  async readAhead(asked: { readonly heads: boolean; readonly running: boolean }): Promise<void> {
    if (!asked.heads && !asked.running) return;
    const consumers = this.#consumerIds();
    const labelled = await readLabelledVersions(this.#db, { ...asked, consumers });
    const { branch, tag, deployed, released } = labelled;
    if (asked.heads) this.#heads = { branch, tag };
    if (asked.running) this.#running = { deployed, released };
    await this.#pactsOf([...branch, ...tag, ...deployed, ...released]);
  }

  /** Pacts of the heads of all the consumers' branches, or of those with the names; the label is the branch. */
  async branchHeads(names: readonly string[] | 'all'): Promise<readonly LabelledPact[]> {
    if (names.length === 0) return [];
    if (this.#heads !== undefined) return this.#pactsOf(labelledBy(names, this.#heads.branch));
    const heads = await branchHeads.all(this.#db, this.#labelled(names));
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
    if (this.#heads !== undefined) return this.#pactsOf(labelledBy(names, this.#heads.tag));
    return this.#pactsOf(await tagHeads.all(this.#db, this.#labelled(names)));
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
    return this.#pactsOf((await this.#readRunning()).deployed);
  }

  /** Pacts of what is supported now; the label is the environment's name. */
  async released(): Promise<readonly LabelledPact[]> {
    return this.#pactsOf((await this.#readRunning()).released);
  }

  async #readRunning(): Promise<Pick<LabelledVersions, 'deployed' | 'released'>> {
    const asked = { consumers: this.#consumerIds(), heads: false, running: true };
    this.#running ??= await readLabelledVersions(this.#db, asked);
    return this.#running;
  }

  #labelled(names: readonly string[] | 'all'): Labelled {
    return { consumers: this.#consumerIds(), names: names === 'all' ? undefined : names };
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
    const rows = await publicationsOf.all(this.#db, { versionIds, providerId: this.#providerId });
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

function labelledBy(
  names: readonly string[] | 'all',
  versions: readonly LabelledVersion[],
): readonly LabelledVersion[] {
  return names === 'all' ? versions : versions.filter(({ label }) => names.includes(label));
}

interface Labelled {
  readonly consumers: readonly number[];
  readonly names: readonly string[] | undefined;
}

const branchHeads = statement((db, { consumers, names }: Labelled) => {
  const heads = db
    .selectFrom('branches')
    .select(['head_version_id', 'name'])
    .where('pacticipant_id', 'in', consumers)
    .orderBy('id');
  return names === undefined ? heads : heads.where('name', 'in', names);
});

const tagHeads = statement((db, { consumers, names }: Labelled) => {
  const heads = db
    .selectFrom('tags')
    .select((select) => ['name as label', select.fn.max('version_id').as('versionId')])
    .where('pacticipant_id', 'in', consumers)
    .groupBy(['pacticipant_id', 'name'])
    .orderBy('name');
  return names === undefined ? heads : heads.where('name', 'in', names);
});

interface PublicationKeys {
  readonly versionIds: readonly number[];
  readonly providerId: number;
}

const publicationsOf = statement((db, { versionIds, providerId }: PublicationKeys) =>
  db
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
    .where('pp.provider_id', '=', providerId)
    .where('pp.is_current', '=', 1),
);
