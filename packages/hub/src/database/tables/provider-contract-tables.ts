import type { Generated } from 'kysely';

/** A document once per content, however many versions publish it. */
export interface ProviderContractDocumentsTable {
  readonly id: Generated<number>;
  /** SHA-256 of `content`, in hex. */
  readonly sha: string;
  /** `openapi` or `asyncapi`. */
  readonly specification: string;
  readonly specification_version: string;
  readonly title: string;
  readonly document_version: string;
  /** JSON list of the domain's `ContractOperation`s. */
  readonly operations: string;
  /** JSON list of `$ref`s to other files. */
  readonly external_references: string;
  /** The bytes as sent. */
  readonly content: Uint8Array;
}

/** A version's act of publishing a document; one for each specification. */
export interface ProviderContractsTable {
  readonly id: Generated<number>;
  readonly provider_id: number;
  readonly version_id: number;
  readonly specification: string;
  readonly document_id: number;
  /** As the publisher sent it. */
  readonly content_type: string;
  readonly created_at: string;
}

export interface ProviderContractTables {
  readonly provider_contract_documents: ProviderContractDocumentsTable;
  readonly provider_contracts: ProviderContractsTable;
}
