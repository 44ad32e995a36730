import type { InteractionResult } from '@concordat/domain';
import type { Database } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { VerifiedInteractionStore } from './verified-interaction-store.ts';

/** Clients know results by a number that counts over all pacts and starts here, as the broker's does. */
export const FIRST_RESULT_NUMBER = 200;

/** One content of a pair, named by its sha. */
export interface ContentKey {
  readonly pactVersionId: number;
  readonly consumerId: number;
  readonly consumer: string;
  readonly providerId: number;
  readonly provider: string;
  readonly sha: string;
}

export interface StoredVerification {
  readonly id: number;
  readonly number: number;
  readonly success: boolean;
  readonly providerVersion: string;
  readonly buildUrl: string | null;
  readonly createdAt: string;
  /** JSON text. */
  readonly verifiedBy: string | null;
  /** JSON text, of any shape. */
  readonly testResults: string | null;
}

export interface NewVerification {
  readonly content: ContentKey;
  readonly providerVersionId: number;
  readonly success: boolean;
  readonly isWip: boolean;
  /** Failed, while the pact was pending. */
  readonly isPendingRun: boolean;
  readonly buildUrl: string | undefined;
  readonly verifiedBy: string | undefined;
  readonly testResults: string | undefined;
  readonly interactions: readonly InteractionResult[];
  /** Whether nothing failed but what the pact says may fail. */
  readonly isPendingFailure: boolean;
  readonly at: string;
}

/** Publications of a pair: by consumer version, by tag, or the newest of all. */
export interface PublicationFilter {
  readonly consumer: string;
  readonly provider: string;
  readonly version?: string;
  readonly tag?: string;
}

/** Reads and writes verification results. They hang on a content, whoever published it. */
export class VerificationStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  content(pair: {
    readonly consumer: string;
    readonly provider: string;
    readonly sha: string;
  }): Promise<ContentKey | undefined> {
    return this.#contents()
      .where('c.name', '=', pair.consumer)
      .where('r.name', '=', pair.provider)
      .where('pv.sha', '=', pair.sha)
      .executeTakeFirst();
  }

  /** The content that the newest fitting consumer version published. */
  publishedContent(filter: PublicationFilter): Promise<ContentKey | undefined> {
    let query = this.#contents()
      .innerJoin('pact_publications as pp', 'pp.pact_version_id', 'pv.id')
      .innerJoin('versions as v', 'v.id', 'pp.consumer_version_id')
      .where('pp.is_current', '=', 1)
      .where('c.name', '=', filter.consumer)
      .where('r.name', '=', filter.provider);
    if (filter.version !== undefined) query = query.where('v.number', '=', filter.version);
    if (filter.tag !== undefined) {
      query = query.innerJoin('tags as t', 't.version_id', 'v.id').where('t.name', '=', filter.tag);
    }
    return query.orderBy('pp.consumer_version_id', 'desc').limit(1).executeTakeFirst();
  }

  /** What a consumer version published, one content a provider; undefined when there is no such version. */
  async contentsOfVersion(
    consumer: string,
    version: string,
  ): Promise<readonly ContentKey[] | undefined> {
    const known = await this.#db
      .selectFrom('versions as v')
      .innerJoin('pacticipants as p', 'p.id', 'v.pacticipant_id')
      .select('v.id')
      .where('p.name', '=', consumer)
      .where('v.number', '=', version)
      .executeTakeFirst();
    if (known === undefined) return undefined;
    return this.#contents()
      .innerJoin('pact_publications as pp', 'pp.pact_version_id', 'pv.id')
      .where('pp.consumer_version_id', '=', known.id)
      .where('pp.is_current', '=', 1)
      .orderBy('r.name')
      .execute();
  }

  /** The number of the newest consumer version that published the content; undefined when all of them are gone. */
  async newestPublisher(pactVersionId: number): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('pact_publications as pp')
      .innerJoin('versions as v', 'v.id', 'pp.consumer_version_id')
      .select('v.number')
      .where('pp.pact_version_id', '=', pactVersionId)
      .where('pp.is_current', '=', 1)
      .orderBy('pp.consumer_version_id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.number;
  }

  /** Adds a result, which becomes the latest of its content and provider version; answers its number. */
  async add(verification: NewVerification): Promise<number> {
    const { content, providerVersionId, at } = verification;
    await this.#lockVersion(providerVersionId);
    await this.#db
      .updateTable('verifications')
      .set({ is_latest: 0 })
      .where('pact_version_id', '=', content.pactVersionId)
      .where('is_latest', '=', 1)
      .where('provider_version_id', '=', providerVersionId)
      .execute();
    const { id } = await this.#db
      .insertInto('verifications')
      .values({
        pact_version_id: content.pactVersionId,
        consumer_id: content.consumerId,
        provider_id: content.providerId,
        provider_version_id: providerVersionId,
        success: verification.success ? 1 : 0,
        is_wip: verification.isWip ? 1 : 0,
        is_latest: 1,
        build_url: verification.buildUrl ?? null,
        created_at: at,
        verified_by: verification.verifiedBy ?? null,
        test_results: verification.testResults ?? null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const interactions = new VerifiedInteractionStore(this.#db);
    await interactions.add(id, verification.interactions);
    if (verification.isPendingFailure) await interactions.addPendingFailure(id);
    if (verification.isPendingRun) {
      await this.#db.insertInto('pending_runs').values({ verification_id: id }).execute();
    }
    return numberOf(id);
  }

  /** The contract data of the pair changed: integrations are listed by that. */
  async touchIntegration({ consumerId, providerId }: ContentKey, at: string): Promise<void> {
    await this.#db
      .updateTable('integrations')
      .set({ contract_data_updated_at: at })
      .where('consumer_id', '=', consumerId)
      .where('provider_id', '=', providerId)
      .execute();
  }

  async find(pactVersionId: number, number: number): Promise<StoredVerification | undefined> {
    const row = await this.#select()
      .where('ver.pact_version_id', '=', pactVersionId)
      .where('ver.id', '=', number - numberOf(0))
      .executeTakeFirst();
    return row && stored(row);
  }

  /** The newest result of the content, of whatever provider version. */
  async latest(pactVersionId: number): Promise<StoredVerification | undefined> {
    const row = await this.#select()
      .where('ver.pact_version_id', '=', pactVersionId)
      .orderBy('ver.id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row && stored(row);
  }

  /** Takes a result away; the one before it is then the latest of its provider version again. */
  async remove(pactVersionId: number, id: number): Promise<void> {
    const row = await this.#db
      .deleteFrom('verifications')
      .where('id', '=', id)
      .returning('provider_version_id')
      .executeTakeFirstOrThrow();
    const previous = await this.#db
      .selectFrom('verifications')
      .select((select) => select.fn.max('id').as('id'))
      .where('pact_version_id', '=', pactVersionId)
      .where('provider_version_id', '=', row.provider_version_id)
      .executeTakeFirst();
    if (!previous?.id) return;
    await this.#db
      .updateTable('verifications')
      .set({ is_latest: 1 })
      .where('id', '=', previous.id)
      .execute();
  }

  /** True when any version of the provider ever verified a pact with the consumer. */
  async everVerified(pair: {
    readonly consumerId: number;
    readonly providerId: number;
  }): Promise<boolean> {
    const { consumerId, providerId } = pair;
    return (await resultOfPair.first(this.#db, { consumerId, providerId })) !== undefined;
  }

  /** Two results for one provider version wait for each other, so that only one of them ends as the latest. */
  async #lockVersion(versionId: number): Promise<void> {
    await this.#db
      .updateTable('versions')
      .set((set) => ({ updated_at: set.ref('updated_at') }))
      .where('id', '=', versionId)
      .execute();
  }

  #contents() {
    return this.#db
      .selectFrom('pact_versions as pv')
      .innerJoin('pacticipants as c', 'c.id', 'pv.consumer_id')
      .innerJoin('pacticipants as r', 'r.id', 'pv.provider_id')
      .select([
        'pv.id as pactVersionId',
        'c.id as consumerId',
        'c.name as consumer',
        'r.id as providerId',
        'r.name as provider',
        'pv.sha',
      ]);
  }

  #select() {
    return this.#db
      .selectFrom('verifications as ver')
      .innerJoin('versions as v', 'v.id', 'ver.provider_version_id')
      .select([
        'ver.id',
        'ver.success',
        'v.number as providerVersion',
        'ver.build_url as buildUrl',
        'ver.created_at as createdAt',
        'ver.verified_by as verifiedBy',
        'ver.test_results as testResults',
      ]);
  }
}

function numberOf(id: number): number {
  return id + FIRST_RESULT_NUMBER - 1;
}

function stored(
  row: Omit<StoredVerification, 'number' | 'success'> & { readonly success: number },
): StoredVerification {
  return { ...row, number: numberOf(row.id), success: row.success === 1 };
}

const resultOfPair = statement(
  (db, pair: { readonly consumerId: number; readonly providerId: number }) =>
    db
      .selectFrom('pact_versions as pv')
      .innerJoin('verifications as ver', 'ver.pact_version_id', 'pv.id')
      .select('ver.id')
      .where('pv.provider_id', '=', pair.providerId)
      .where('pv.consumer_id', '=', pair.consumerId)
      .limit(1),
);
