import type { Database } from '../database/database.ts';

/** A consumer and a provider between which there is, or was, a pact. */
export interface StoredIntegration {
  readonly consumerId: number;
  readonly consumer: string;
  readonly providerId: number;
  readonly provider: string;
}

/** Reads integrations, and takes them away with everything that only they needed. */
export class IntegrationStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The one with the newest contract first. */
  list(): Promise<readonly StoredIntegration[]> {
    return this.#db
      .selectFrom('integrations as i')
      .innerJoin('pacticipants as c', 'c.id', 'i.consumer_id')
      .innerJoin('pacticipants as r', 'r.id', 'i.provider_id')
      .select([
        'c.id as consumerId',
        'c.name as consumer',
        'r.id as providerId',
        'r.name as provider',
      ])
      .orderBy('i.contract_data_updated_at', 'desc')
      .orderBy('i.id', 'desc')
      .execute();
  }

  async pacticipantId(name: string): Promise<number | undefined> {
    const row = await this.#db
      .selectFrom('pacticipants')
      .select('id')
      .where('name', '=', name)
      .executeTakeFirst();
    return row?.id;
  }

  /**
   * Contents, publications, results and webhooks of the pair go with the integration; then the versions of both sides that nothing
   * refers to any more, then the sides themselves when nothing is left of them.
   */
  async remove(pair: { readonly consumerId: number; readonly providerId: number }): Promise<void> {
    const { consumerId, providerId } = pair;
    for (const table of ['pact_versions', 'integrations', 'webhooks'] as const) {
      await this.#db
        .deleteFrom(table)
        .where('consumer_id', '=', consumerId)
        .where('provider_id', '=', providerId)
        .execute();
    }
    for (const id of new Set([consumerId, providerId])) {
      await this.#removeOrphanVersions(id);
      await this.#removeOrphan(id);
    }
  }

  /** A version is needed by its pacts, its results, its documents and by what is recorded of where it runs. */
  async #removeOrphanVersions(pacticipantId: number): Promise<void> {
    await this.#db
      .deleteFrom('versions')
      .where('pacticipant_id', '=', pacticipantId)
      .where('id', 'not in', (query) =>
        query.selectFrom('pact_publications').select('consumer_version_id'),
      )
      .where('id', 'not in', (query) =>
        query.selectFrom('verifications').select('provider_version_id'),
      )
      .where('id', 'not in', (query) => query.selectFrom('deployed_versions').select('version_id'))
      .where('id', 'not in', (query) => query.selectFrom('released_versions').select('version_id'))
      .where('id', 'not in', (query) => query.selectFrom('provider_contracts').select('version_id'))
      .execute();
  }

  async #removeOrphan(pacticipantId: number): Promise<void> {
    await this.#db
      .deleteFrom('pacticipants')
      .where('id', '=', pacticipantId)
      .where('id', 'not in', (query) => query.selectFrom('versions').select('pacticipant_id'))
      .where('id', 'not in', (query) => query.selectFrom('pact_versions').select('consumer_id'))
      .where('id', 'not in', (query) => query.selectFrom('pact_versions').select('provider_id'))
      .where('id', 'not in', (query) => query.selectFrom('integrations').select('consumer_id'))
      .where('id', 'not in', (query) => query.selectFrom('integrations').select('provider_id'))
      .where((where) =>
        where.not(
          where.exists(
            where
              .selectFrom('webhooks')
              .select('webhooks.id')
              .where((of) =>
                of.or([
                  of('webhooks.consumer_id', '=', pacticipantId),
                  of('webhooks.provider_id', '=', pacticipantId),
                ]),
              ),
          ),
        ),
      )
      .execute();
  }
}
