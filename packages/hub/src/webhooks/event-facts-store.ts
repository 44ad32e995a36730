import type { WebhookParty } from '@concordat/domain';
import type { Database } from '../database/database.ts';
import type { RequiredVersion } from './required-version-store.ts';
import type { WebhookPair } from './webhook-store.ts';

/** A current publication, as events speak of it. */
export interface PublicationFacts extends WebhookPair {
  readonly publicationId: number;
  readonly pactVersionId: number;
  readonly sha: string;
  readonly buildUrl: string | undefined;
  readonly consumer: WebhookParty;
  readonly provider: WebhookParty;
  /** All branches of the consumer version; `consumer` has the one it was added to last. */
  readonly branches: readonly string[];
}

/** A result, as events speak of it. */
export interface VerificationFacts {
  readonly id: number;
  readonly success: boolean;
  readonly buildUrl: string | undefined;
  readonly version: VersionParty;
}

/** A version and whose it is. */
export interface VersionFacts {
  readonly pacticipant: WebhookParty;
  readonly branches: readonly string[];
  readonly buildUrl: string | undefined;
}

/** One side's version, beside whose it is. */
export type VersionParty = Omit<WebhookParty, 'name' | 'labels'>;

/** Which publication: that of a consumer version, else the newest with the content. */
export interface WantedPublication extends WebhookPair {
  readonly versionId?: number;
  readonly versionNumber?: string;
  readonly pactVersionId?: number;
}

/** Reads what events and templates say about versions. */
export class EventFactsStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async publication(wanted: WantedPublication): Promise<PublicationFacts | undefined> {
    let query = this.#db
      .selectFrom('pact_publications as p')
      .innerJoin('pact_versions as content', 'content.id', 'p.pact_version_id')
      .innerJoin('versions as v', 'v.id', 'p.consumer_version_id')
      .innerJoin('pacticipants as c', 'c.id', 'p.consumer_id')
      .innerJoin('pacticipants as r', 'r.id', 'p.provider_id')
      .select([
        'p.id as publicationId',
        'p.pact_version_id as pactVersionId',
        'content.sha',
        'v.id as versionId',
        'v.number as version',
        'v.build_url as buildUrl',
        'c.name as consumer',
        'r.name as provider',
      ])
      .where('p.is_current', '=', 1)
      .where('p.consumer_id', '=', wanted.consumerId)
      .where('p.provider_id', '=', wanted.providerId);
    if (wanted.versionId !== undefined) query = query.where('v.id', '=', wanted.versionId);
    if (wanted.versionNumber !== undefined) {
      query = query.where('v.number', '=', wanted.versionNumber);
    }
    if (wanted.pactVersionId !== undefined) {
      query = query.where('p.pact_version_id', '=', wanted.pactVersionId);
    }
    const row = await query.orderBy('p.consumer_version_id', 'desc').limit(1).executeTakeFirst();
    if (row === undefined) return undefined;
    const { consumerId, providerId } = wanted;
    const { branches, tags } = await this.#marks(row.versionId);
    return {
      consumerId,
      providerId,
      publicationId: row.publicationId,
      pactVersionId: row.pactVersionId,
      sha: row.sha,
      buildUrl: row.buildUrl ?? undefined,
      consumer: {
        name: row.consumer,
        labels: await this.#labels(consumerId),
        version: row.version,
        branch: branches[0],
        tags,
      },
      branches,
      provider: { ...nobody(row.provider), labels: await this.#labels(providerId) },
    };
  }

  /** A version of any pacticipant, with all its branches. */
  async version(id: number): Promise<VersionFacts> {
    const row = await this.#db
      .selectFrom('versions as v')
      .innerJoin('pacticipants as p', 'p.id', 'v.pacticipant_id')
      .select(['v.number', 'v.build_url as buildUrl', 'p.id as pacticipantId', 'p.name'])
      .where('v.id', '=', id)
      .executeTakeFirstOrThrow();
    const { branches, tags } = await this.#marks(id);
    return {
      buildUrl: row.buildUrl ?? undefined,
      branches,
      pacticipant: {
        name: row.name,
        labels: await this.#labels(row.pacticipantId),
        version: row.number,
        branch: branches[0],
        tags,
      },
    };
  }

  /** What templates say of a version that has to verify: its branch, but no tags, as with the broker. */
  async requiredParty({ id, version }: RequiredVersion): Promise<VersionParty> {
    const branches = id === undefined ? [] : (await this.#marks(id)).branches;
    return { version, branch: branches[0], tags: [] };
  }

  async verification(id: number): Promise<VerificationFacts> {
    const row = await this.#results().where('ver.id', '=', id).executeTakeFirstOrThrow();
    return this.#verificationOf(row);
  }

  /** The newest result that a version of the provider's main branch had with the content. */
  async mainBranchVerification(pactVersionId: number): Promise<VerificationFacts | undefined> {
    const row = await this.#results()
      .innerJoin('pacticipants as r', 'r.id', 'ver.provider_id')
      .innerJoin('branches as b', (join) =>
        join.onRef('b.pacticipant_id', '=', 'r.id').onRef('b.name', '=', 'r.main_branch'),
      )
      .innerJoin('branch_versions as bv', (join) =>
        join.onRef('bv.branch_id', '=', 'b.id').onRef('bv.version_id', '=', 'v.id'),
      )
      .where('ver.pact_version_id', '=', pactVersionId)
      .orderBy('ver.id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row && this.#verificationOf(row);
  }

  /** The newest result of the pair, whatever its content. */
  async latestVerification(pair: WebhookPair): Promise<VerificationFacts | undefined> {
    const row = await this.#results()
      .where('ver.consumer_id', '=', pair.consumerId)
      .where('ver.provider_id', '=', pair.providerId)
      .orderBy('ver.id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row && this.#verificationOf(row);
  }

  /** Numbers of the versions of the pacticipant that run somewhere. */
  async deployedVersions(pacticipantId: number): Promise<readonly string[]> {
    const rows = await this.#db
      .selectFrom('deployed_versions as d')
      .innerJoin('versions as v', 'v.id', 'd.version_id')
      .select('v.number')
      .distinct()
      .where('d.pacticipant_id', '=', pacticipantId)
      .where('d.undeployed_at', 'is', null)
      .orderBy('v.number')
      .execute();
    return rows.map((row) => row.number);
  }

  #results() {
    return this.#db
      .selectFrom('verifications as ver')
      .innerJoin('versions as v', 'v.id', 'ver.provider_version_id')
      .select([
        'ver.id',
        'ver.success',
        'ver.build_url as buildUrl',
        'v.id as versionId',
        'v.number',
      ]);
  }

  async #verificationOf(row: {
    readonly id: number;
    readonly success: number;
    readonly buildUrl: string | null;
    readonly versionId: number;
    readonly number: string;
  }): Promise<VerificationFacts> {
    const { branches, tags } = await this.#marks(row.versionId);
    return {
      id: row.id,
      success: row.success === 1,
      buildUrl: row.buildUrl ?? undefined,
      version: { version: row.number, branch: branches[0], tags },
    };
  }

  /** The branches of the version, the one it was added to last first, and its tags. */
  async #marks(versionId: number): Promise<{
    readonly branches: readonly string[];
    readonly tags: readonly string[];
  }> {
    const branches = await this.#db
      .selectFrom('branch_versions as bv')
      .innerJoin('branches as b', 'b.id', 'bv.branch_id')
      .select('b.name')
      .where('bv.version_id', '=', versionId)
      .orderBy('bv.id', 'desc')
      .execute();
    const tags = await this.#db
      .selectFrom('tags')
      .select('name')
      .where('version_id', '=', versionId)
      .orderBy('created_at')
      .orderBy('name')
      .execute();
    return { branches: branches.map(({ name }) => name), tags: tags.map(({ name }) => name) };
  }

  async #labels(pacticipantId: number): Promise<readonly string[]> {
    const rows = await this.#db
      .selectFrom('labels')
      .select('name')
      .where('pacticipant_id', '=', pacticipantId)
      .orderBy('name')
      .execute();
    return rows.map((row) => row.name);
  }
}

/** A party of which only the name is known. */
export function nobody(name: string): WebhookParty {
  return { name, labels: [], version: undefined, branch: undefined, tags: [] };
}
