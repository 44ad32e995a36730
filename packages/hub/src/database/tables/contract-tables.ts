import type { Generated } from 'kysely';

/** Timestamps are UTC text as `Date.toISOString` writes them; flags are 1 and 0. */
export interface PacticipantsTable {
  readonly id: Generated<number>;
  readonly name: string;
  readonly display_name: string | null;
  readonly repository_url: string | null;
  readonly repository_name: string | null;
  readonly repository_namespace: string | null;
  readonly main_branch: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface LabelsTable {
  readonly pacticipant_id: number;
  readonly name: string;
  readonly created_at: string;
}

/** Ids grow with creation: the order of a pacticipant's versions is the order of their ids. */
export interface VersionsTable {
  readonly id: Generated<number>;
  readonly pacticipant_id: number;
  readonly number: string;
  readonly build_url: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

/** `head_version_id` is the version added to the branch last; written with every branch version, null on an empty branch. */
export interface BranchesTable {
  readonly id: Generated<number>;
  readonly pacticipant_id: number;
  readonly name: string;
  readonly head_version_id: number | null;
  readonly created_at: string;
}

/** Ids grow with creation: the head of a branch is its row with the highest id. */
export interface BranchVersionsTable {
  readonly id: Generated<number>;
  readonly branch_id: number;
  readonly version_id: number;
  readonly auto_created: number;
  readonly created_at: string;
  readonly updated_at: string;
}

/** `pacticipant_id` repeats the version's, so that the head of a tag is one index look-up. */
export interface TagsTable {
  readonly version_id: number;
  readonly pacticipant_id: number;
  readonly name: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** The content of pacts, once per consumer, provider and sha; `content` is compact JSON with `_id`s, as it is served. */
export interface PactVersionsTable {
  readonly id: Generated<number>;
  readonly consumer_id: number;
  readonly provider_id: number;
  readonly sha: string;
  readonly created_at: string;
  readonly content: string;
}

/**
 * A consumer version's act of publishing: one row a revision; `is_current` is 1 on the highest revision of a
 * (consumer version, provider) only, and every look-up but a full history reads just those rows.
 */
export interface PactPublicationsTable {
  readonly id: Generated<number>;
  readonly consumer_version_id: number;
  readonly consumer_id: number;
  readonly provider_id: number;
  readonly pact_version_id: number;
  readonly revision_number: number;
  readonly is_current: number;
  readonly created_at: string;
}

export interface IntegrationsTable {
  readonly id: Generated<number>;
  readonly consumer_id: number;
  readonly provider_id: number;
  readonly created_at: string;
  readonly contract_data_updated_at: string;
}

export interface ContractTables {
  readonly pacticipants: PacticipantsTable;
  readonly labels: LabelsTable;
  readonly versions: VersionsTable;
  readonly branches: BranchesTable;
  readonly branch_versions: BranchVersionsTable;
  readonly tags: TagsTable;
  readonly pact_versions: PactVersionsTable;
  readonly pact_publications: PactPublicationsTable;
  readonly integrations: IntegrationsTable;
}
