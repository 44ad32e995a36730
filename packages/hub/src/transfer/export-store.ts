import type { Database } from '../database/database.ts';

/** How a table is read piece by piece: rows with an id above `after`, at most `limit`, in the order of their ids. */
export interface Piece {
  readonly after: number;
  readonly limit: number;
}

/** Reads everything that contracts consist of, in pieces, from the snapshot it is given. */
export class ExportStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async count(table: CountedTable): Promise<number> {
    const { rows } = await this.#db
      .selectFrom(table)
      .select((select) => select.fn.countAll<number>().as('rows'))
      .executeTakeFirstOrThrow();
    return rows;
  }

  pacticipants({ after, limit }: Piece) {
    return this.#db
      .selectFrom('pacticipants')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
  }

  labels(pacticipantIds: readonly number[]) {
    return this.#db
      .selectFrom('labels')
      .selectAll()
      .where('pacticipant_id', 'in', pacticipantIds)
      .orderBy('name')
      .execute();
  }

  environments({ after, limit }: Piece) {
    return this.#db
      .selectFrom('environments')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
  }

  versions({ after, limit }: Piece) {
    return this.#db
      .selectFrom('versions')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
  }

  tags(versionIds: readonly number[]) {
    return this.#db
      .selectFrom('tags')
      .selectAll()
      .where('version_id', 'in', versionIds)
      .orderBy('created_at')
      .orderBy('name')
      .execute();
  }

  branches({ after, limit }: Piece) {
    return this.#db
      .selectFrom('branches')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
  }

  branchVersions({ after, limit }: Piece) {
    return this.#db
      .selectFrom('branch_versions as bv')
      .innerJoin('branches as b', 'b.id', 'bv.branch_id')
      .innerJoin('versions as v', 'v.id', 'bv.version_id')
      .selectAll('bv')
      .select(['b.name as branch', 'b.pacticipant_id', 'b.head_version_id', 'v.number as version'])
      .where('bv.id', '>', after)
      .orderBy('bv.id')
      .limit(limit)
      .execute();
  }

  integrations({ after, limit }: Piece) {
    return this.#db
      .selectFrom('integrations')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
  }

  contents({ after, limit }: Piece) {
    return this.#db
      .selectFrom('pact_versions')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
  }

  publications({ after, limit }: Piece) {
    return this.#db
      .selectFrom('pact_publications as p')
      .innerJoin('versions as v', 'v.id', 'p.consumer_version_id')
      .innerJoin('pact_versions as content', 'content.id', 'p.pact_version_id')
      .selectAll('p')
      .select(['v.number as version', 'content.sha'])
      .where('p.id', '>', after)
      .orderBy('p.id')
      .limit(limit)
      .execute();
  }

  verifications({ after, limit }: Piece) {
    return this.#db
      .selectFrom('verifications as r')
      .innerJoin('versions as v', 'v.id', 'r.provider_version_id')
      .innerJoin('pact_versions as content', 'content.id', 'r.pact_version_id')
      .leftJoin('pending_runs as pending', 'pending.verification_id', 'r.id')
      .selectAll('r')
      .select(['v.number as version', 'content.sha', 'pending.verification_id as pending_run'])
      .where('r.id', '>', after)
      .orderBy('r.id')
      .limit(limit)
      .execute();
  }

  deployedVersions({ after, limit }: Piece) {
    return this.#db
      .selectFrom('deployed_versions as d')
      .innerJoin('versions as v', 'v.id', 'd.version_id')
      .innerJoin('environments as e', 'e.id', 'd.environment_id')
      .selectAll('d')
      .select(['v.number as version', 'e.name as environment'])
      .where('d.id', '>', after)
      .orderBy('d.id')
      .limit(limit)
      .execute();
  }

  releasedVersions({ after, limit }: Piece) {
    return this.#db
      .selectFrom('released_versions as d')
      .innerJoin('versions as v', 'v.id', 'd.version_id')
      .innerJoin('environments as e', 'e.id', 'd.environment_id')
      .selectAll('d')
      .select(['v.number as version', 'e.name as environment'])
      .where('d.id', '>', after)
      .orderBy('d.id')
      .limit(limit)
      .execute();
  }

  webhooks({ after, limit }: Piece) {
    return this.#db
      .selectFrom('webhooks')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
  }

  documents({ after, limit }: Piece) {
    return this.#db
      .selectFrom('provider_contract_documents')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
  }

  providerContracts({ after, limit }: Piece) {
    return this.#db
      .selectFrom('provider_contracts as p')
      .innerJoin('versions as v', 'v.id', 'p.version_id')
      .innerJoin('provider_contract_documents as document', 'document.id', 'p.document_id')
      .selectAll('p')
      .select(['v.number as version', 'document.sha'])
      .where('p.id', '>', after)
      .orderBy('p.id')
      .limit(limit)
      .execute();
  }

  tokens({ after, limit }: Piece) {
    return this.#db
      .selectFrom('tokens')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
  }
}

export type CountedTable =
  | 'pacticipants'
  | 'environments'
  | 'versions'
  | 'branches'
  | 'branch_versions'
  | 'integrations'
  | 'pact_versions'
  | 'pact_publications'
  | 'verifications'
  | 'deployed_versions'
  | 'released_versions'
  | 'webhooks'
  | 'provider_contract_documents'
  | 'provider_contracts'
  | 'tokens';
