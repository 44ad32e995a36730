import type { InteractionResult } from '@concordat/domain';
import type { Database } from '../database/database.ts';

const INSERTED_AT_ONCE = 500;

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
