import type { InteractionResult } from '@concordat/domain';
import type { Database } from '../database/database.ts';
import { statement } from '../database/statement.ts';

const INSERTED_AT_ONCE = 500;

/** A provider version that kept an interaction, and when (UTC text). */
export interface KeptBy {
  readonly providerVersion: string;
  readonly verifiedAt: string;
}

export interface ReportedResult {
  readonly consumerId: number;
  readonly providerId: number;
  /** JSON text. */
  readonly content: string;
  /** JSON text, of any shape. */
  readonly testResults: string | null;
}

/** A result with the content it is about, and whose it is. */
export interface NewestResult {
  /** JSON text. */
  readonly content: string;
  readonly testResults: string | null;
  readonly providerVersion: string;
  /** UTC text. */
  readonly verifiedAt: string;
}

/** A result with the content it is about. */
export interface SuccessOfContent {
  /** JSON text. */
  readonly content: string;
  readonly testResults: string | null;
  readonly success: number;
}

/** Reads and writes what results say about single interactions. */
export class VerifiedInteractionStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** In the order in which the verifier sent them. */
  async add(verificationId: number, results: readonly InteractionResult[]): Promise<void> {
    const rows = results.map(({ interactionId, description, success }, position) => ({
      verification_id: verificationId,
      position,
      interaction_id: interactionId ?? null,
      description: description ?? null,
      success: success ? 1 : 0,
    }));
    for (let start = 0; start < rows.length; start += INSERTED_AT_ONCE) {
      const some = rows.slice(start, start + INSERTED_AT_ONCE);
      await this.#db.insertInto('verified_interactions').values(some).execute();
    }
  }

  /** From now on the result fails nothing but what the pact says may fail. */
  async addPendingFailure(verificationId: number): Promise<void> {
    await this.#db
      .insertInto('pending_failures')
      .values({ verification_id: verificationId })
      .execute();
  }

  /** The newest result before this one in which the interaction, wherever it stood, was kept. */
  lastKept(interaction: {
    readonly id: string;
    readonly consumerId: number;
    readonly providerId: number;
    readonly before: number;
  }): Promise<KeptBy | undefined> {
    return lastKept.first(this.#db, interaction);
  }

  /** A result with the content it is about; undefined when there is none with the id. */
  reported(verificationId: number): Promise<ReportedResult | undefined> {
    return reportedResult.first(this.#db, { verificationId });
  }

  /** The newest result of a content; undefined while there is none. */
  newestResult(pact: {
    readonly consumer: string;
    readonly provider: string;
    readonly sha: string;
  }): Promise<NewestResult | undefined> {
    return newestOfContent.first(this.#db, pact);
  }

  /** The newest results of a provider version for the pair's contents, the newest first. */
  resultsBy(asked: {
    readonly consumer: string;
    readonly provider: string;
    readonly providerVersionId: number;
    readonly limit: number;
  }): Promise<readonly SuccessOfContent[]> {
    return resultsByVersion.all(this.#db, asked);
  }

  /** JSON text of a pair's content; undefined when there is none with the sha. */
  async contentOf(pact: {
    readonly consumer: string;
    readonly provider: string;
    readonly sha: string;
  }): Promise<string | undefined> {
    const row = await contentBySha.first(this.#db, pact);
    return row?.content;
  }

  /** The content as it is served: JSON text. */
  async contentText(pactVersionId: number): Promise<string> {
    const { content } = await this.#db
      .selectFrom('pact_versions')
      .select('content')
      .where('id', '=', pactVersionId)
      .executeTakeFirstOrThrow();
    return content;
  }
}

const reportedResult = statement((db, { verificationId }: { readonly verificationId: number }) =>
  db
    .selectFrom('verifications as ver')
    .innerJoin('pact_versions as pv', 'pv.id', 'ver.pact_version_id')
    .select([
      'pv.consumer_id as consumerId',
      'pv.provider_id as providerId',
      'pv.content',
      'ver.test_results as testResults',
    ])
    .where('ver.id', '=', verificationId),
);

const lastKept = statement(
  (
    db,
    interaction: {
      readonly id: string;
      readonly consumerId: number;
      readonly providerId: number;
      readonly before: number;
    },
  ) =>
    db
      .selectFrom('verified_interactions as vi')
      .innerJoin('verifications as ver', 'ver.id', 'vi.verification_id')
      .innerJoin('versions as v', 'v.id', 'ver.provider_version_id')
      .select(['v.number as providerVersion', 'ver.created_at as verifiedAt'])
      .where('vi.interaction_id', '=', interaction.id)
      .where('vi.success', '=', 1)
      .where('vi.verification_id', '<', interaction.before)
      .where('ver.provider_id', '=', interaction.providerId)
      .where('ver.consumer_id', '=', interaction.consumerId)
      .orderBy('vi.verification_id', 'desc')
      .limit(1),
);

const resultsByVersion = statement(
  (
    db,
    asked: {
      readonly consumer: string;
      readonly provider: string;
      readonly providerVersionId: number;
      readonly limit: number;
    },
  ) =>
    db
      .selectFrom('verifications as ver')
      .innerJoin('pact_versions as pv', 'pv.id', 'ver.pact_version_id')
      .innerJoin('pacticipants as c', 'c.id', 'pv.consumer_id')
      .innerJoin('pacticipants as p', 'p.id', 'pv.provider_id')
      .select(['pv.content', 'ver.test_results as testResults', 'ver.success'])
      .where('ver.provider_version_id', '=', asked.providerVersionId)
      .where('c.name', '=', asked.consumer)
      .where('p.name', '=', asked.provider)
      .orderBy('ver.id', 'desc')
      .limit(asked.limit),
);

const newestOfContent = statement(
  (db, pact: { readonly consumer: string; readonly provider: string; readonly sha: string }) =>
    db
      .selectFrom('verifications as ver')
      .innerJoin('pact_versions as pv', 'pv.id', 'ver.pact_version_id')
      .innerJoin('pacticipants as c', 'c.id', 'pv.consumer_id')
      .innerJoin('pacticipants as p', 'p.id', 'pv.provider_id')
      .innerJoin('versions as v', 'v.id', 'ver.provider_version_id')
      .select([
        'pv.content',
        'ver.test_results as testResults',
        'v.number as providerVersion',
        'ver.created_at as verifiedAt',
      ])
      .where('c.name', '=', pact.consumer)
      .where('p.name', '=', pact.provider)
      .where('pv.sha', '=', pact.sha)
      .orderBy('ver.id', 'desc')
      .limit(1),
);

const contentBySha = statement(
  (db, pact: { readonly consumer: string; readonly provider: string; readonly sha: string }) =>
    db
      .selectFrom('pact_versions as pv')
      .innerJoin('pacticipants as c', 'c.id', 'pv.consumer_id')
      .innerJoin('pacticipants as p', 'p.id', 'pv.provider_id')
      .select('pv.content')
      .where('c.name', '=', pact.consumer)
      .where('p.name', '=', pact.provider)
      .where('pv.sha', '=', pact.sha),
);
