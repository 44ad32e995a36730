import type { ContractOperation, Specification } from '@concordat/domain';
import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { KnownShas, ProviderContractInForce } from './contract-facts.ts';

interface ContractRow {
  readonly provider: string;
  readonly providerVersion: string;
  readonly versionId: number;
  readonly specification: Specification;
  readonly documentId: number;
  readonly sha: string;
  readonly isLatestMain: number;
  readonly isLatest: number;
}

const DOCUMENTS_AT_ONCE = 100;

/** Reads which of the providers' documents are in force; it writes nothing. */
export class ProviderContractInForceStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Of one provider, or of all: deployed or released documents, the latest from main and the latest, for each specification. */
  async inForce(
    provider: string | undefined,
    known: KnownShas,
  ): Promise<readonly ProviderContractInForce[]> {
    const rows = await this.#contracts(provider);
    const unknown = rows.filter(({ sha }) => !known.has(sha)).map(({ documentId }) => documentId);
    const operations = await this.#operations([...new Set(unknown)]);
    const environments = await this.#environments(provider);
    return rows.map((row) => ({
      provider: row.provider,
      providerVersion: row.providerVersion,
      specification: row.specification,
      sha: row.sha,
      operations: operations.get(row.documentId),
      environments: environments.get(row.versionId) ?? [],
      isLatestMain: row.isLatestMain === 1,
      isLatest: row.isLatest === 1,
    }));
  }

  async #contracts(provider: string | undefined): Promise<readonly ContractRow[]> {
    const { rows } = await sql<ContractRow>`
      with published as (
        select pc.id, pc.provider_id, pc.version_id, pc.specification, pc.document_id,
          providers.name as provider,
          case when exists (
            select 1 from branch_versions bv
            join branches b on b.id = bv.branch_id
            where bv.version_id = pc.version_id and b.name = providers.main_branch
          ) then 1 else 0 end as is_main
        from provider_contracts pc
        join pacticipants providers on providers.id = pc.provider_id
        where ${isOf('providers.name', provider)}
      ), ranked as (
        select *,
          row_number() over (partition by provider_id, specification order by id desc) as place,
          row_number() over (partition by provider_id, specification, is_main order by id desc) as main_place
        from published
      )
      select ranked.provider as provider, versions.number as "providerVersion",
        versions.id as "versionId", ranked.specification as specification,
        document.id as "documentId", document.sha as sha,
        case when is_main = 1 and main_place = 1 then 1 else 0 end as "isLatestMain",
        case when place = 1 then 1 else 0 end as "isLatest"
      from ranked
      join versions on versions.id = ranked.version_id
      join provider_contract_documents document on document.id = ranked.document_id
      where place = 1
        or (is_main = 1 and main_place = 1)
        or ranked.version_id in (
          select version_id from deployed_versions where undeployed_at is null
          union select version_id from released_versions where support_ended_at is null
        )
      order by ranked.provider, ranked.specification, ranked.id desc
    `.execute(this.#db);
    return rows;
  }

  async #operations(
    documents: readonly number[],
  ): Promise<ReadonlyMap<number, readonly ContractOperation[]>> {
    const operations = new Map<number, readonly ContractOperation[]>();
    for (let start = 0; start < documents.length; start += DOCUMENTS_AT_ONCE) {
      const rows = await this.#db
        .selectFrom('provider_contract_documents')
        .select(['id', 'operations'])
        .where('id', 'in', documents.slice(start, start + DOCUMENTS_AT_ONCE))
        .execute();
      for (const row of rows) {
        operations.set(row.id, JSON.parse(row.operations) as readonly ContractOperation[]);
      }
    }
    return operations;
  }

  async #environments(
    provider: string | undefined,
  ): Promise<ReadonlyMap<number, readonly string[]>> {
    const { rows } = await sql<{ readonly versionId: number; readonly environment: string }>`
      select running.version_id as "versionId", environments.name as environment
      from (
        select version_id, environment_id, pacticipant_id from deployed_versions
        where undeployed_at is null
        union
        select version_id, environment_id, pacticipant_id from released_versions
        where support_ended_at is null
      ) running
      join environments on environments.id = running.environment_id
      join pacticipants on pacticipants.id = running.pacticipant_id
      where ${isOf('pacticipants.name', provider)}
        and running.version_id in (select version_id from provider_contracts)
      order by environments.name
    `.execute(this.#db);
    const environments = new Map<number, string[]>();
    for (const { versionId, environment } of rows) {
      environments.set(versionId, [...(environments.get(versionId) ?? []), environment]);
    }
    return environments;
  }
}

function isOf(column: string, name: string | undefined): RawBuilder<boolean> {
  return name === undefined ? sql<boolean>`1 = 1` : sql<boolean>`${sql.ref(column)} = ${name}`;
}
