import type { Specification } from '@concordat/domain';
import { type ExpressionBuilder, sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import type { ReadDocument } from './read-document.ts';

/** A published document without its bytes. */
export interface ProviderContractRow {
  readonly id: number;
  readonly provider: string;
  readonly version: string;
  readonly specification: Specification;
  readonly specificationVersion: string;
  readonly title: string;
  readonly documentVersion: string;
  readonly contentType: string;
  readonly sha256: string;
  readonly publishedAt: string;
  /** JSON list of the domain's `ContractOperation`s. */
  readonly operations: string;
  /** JSON list of `$ref`s to other files. */
  readonly externalReferences: string;
}

export interface Page {
  /** From 1. */
  readonly number: number;
  readonly size: number;
}

export interface Paged<T> {
  readonly items: readonly T[];
  readonly total: number;
}

/** Provider contracts: a document is kept once per content, a publication once per version and specification. */
export class ProviderContractStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** What a version has published, in the order of publishing; empty when nothing. */
  async ofVersion(provider: string, version: string): Promise<readonly ProviderContractRow[]> {
    return await this.#rows()
      .where('pacticipants.name', '=', provider)
      .where('versions.number', '=', version)
      .orderBy('provider_contracts.id')
      .execute();
  }

  /** The bytes as they were sent. */
  async content(id: number): Promise<Uint8Array> {
    const { content } = await this.#db
      .selectFrom('provider_contracts')
      .innerJoin('provider_contract_documents as document', 'document.id', 'document_id')
      .select('document.content')
      .where('provider_contracts.id', '=', id)
      .executeTakeFirstOrThrow();
    return new Uint8Array(content);
  }

  /** Everything a provider has published, newest first. */
  async ofProvider(provider: string, page: Page): Promise<Paged<ProviderContractRow>> {
    const items = await this.#rows()
      .where('pacticipants.name', '=', provider)
      .orderBy('provider_contracts.id', 'desc')
      .limit(page.size)
      .offset((page.number - 1) * page.size)
      .execute();
    const { total } = await this.#db
      .selectFrom('provider_contracts')
      .innerJoin('pacticipants', 'pacticipants.id', 'provider_id')
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .where('pacticipants.name', '=', provider)
      .executeTakeFirstOrThrow();
    return { items, total };
  }

  /** The newest document of every provider and specification, by provider's name. */
  async latest(page: Page): Promise<Paged<ProviderContractRow>> {
    const items = await this.#rows()
      .where(isLatest)
      .orderBy('pacticipants.name')
      .orderBy('provider_contracts.specification')
      .limit(page.size)
      .offset((page.number - 1) * page.size)
      .execute();
    const { total } = await this.#db
      .selectFrom('provider_contracts')
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .where(isLatest)
      .executeTakeFirstOrThrow();
    return { items, total };
  }

  /**
   * Keeps the document (once per content) and that the version published it. False when the version has one of this
   * specification already, whatever its content: that one stays.
   */
  async addIfAbsent(
    document: ReadDocument,
    publication: { readonly providerId: number; readonly versionId: number; readonly now: Date },
  ): Promise<boolean> {
    const added = await this.#db
      .insertInto('provider_contracts')
      .values({
        provider_id: publication.providerId,
        version_id: publication.versionId,
        specification: document.contract.specification,
        document_id: await this.#documentId(document),
        content_type: document.contentType,
        created_at: publication.now.toISOString(),
      })
      .onConflict((conflict) => conflict.columns(['version_id', 'specification']).doNothing())
      .returning('id')
      .executeTakeFirst();
    return added !== undefined;
  }

  async #documentId(document: ReadDocument): Promise<number> {
    const { contract, content, sha256 } = document;
    await this.#db
      .insertInto('provider_contract_documents')
      .values({
        sha: sha256,
        specification: contract.specification,
        specification_version: contract.specificationVersion,
        title: contract.title,
        document_version: contract.version,
        operations: JSON.stringify(contract.operations),
        external_references: JSON.stringify(contract.externalReferences),
        content,
      })
      .onConflict((conflict) => conflict.column('sha').doNothing())
      .execute();
    const { id } = await this.#db
      .selectFrom('provider_contract_documents')
      .select('id')
      .where('sha', '=', sha256)
      .executeTakeFirstOrThrow();
    return id;
  }

  #rows() {
    return this.#db
      .selectFrom('provider_contracts')
      .innerJoin('pacticipants', 'pacticipants.id', 'provider_contracts.provider_id')
      .innerJoin('versions', 'versions.id', 'provider_contracts.version_id')
      .innerJoin('provider_contract_documents as document', 'document.id', 'document_id')
      .select([
        'provider_contracts.id',
        'pacticipants.name as provider',
        'versions.number as version',
        sql<Specification>`provider_contracts.specification`.as('specification'),
        'document.specification_version as specificationVersion',
        'document.title',
        'document.document_version as documentVersion',
        'provider_contracts.content_type as contentType',
        'document.sha as sha256',
        'provider_contracts.created_at as publishedAt',
        'document.operations',
        'document.external_references as externalReferences',
      ]);
  }
}

function isLatest({ not, exists, selectFrom }: ExpressionBuilder<Tables, 'provider_contracts'>) {
  return not(
    exists(
      selectFrom('provider_contracts as newer')
        .select('newer.id')
        .whereRef('newer.provider_id', '=', 'provider_contracts.provider_id')
        .whereRef('newer.specification', '=', 'provider_contracts.specification')
        .whereRef('newer.id', '>', 'provider_contracts.id'),
    ),
  );
}
