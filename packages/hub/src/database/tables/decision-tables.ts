import type { Generated } from 'kysely';

/** Timestamps are UTC text as `Date.toISOString` writes them; flags are 1 and 0. */
export interface EnvironmentsTable {
  readonly id: Generated<number>;
  readonly uuid: string;
  readonly name: string;
  readonly display_name: string;
  readonly production: number;
  /** JSON text of a list; null when none were given. */
  readonly contacts: string | null;
  /** 1 while it is one of those a fresh hub comes with and nobody has described it: creating it is then allowed. */
  readonly is_preset: number;
  readonly created_at: string;
  readonly updated_at: string;
}

/** `undeployed_at` is null while the version runs; at most one such row for an environment, pacticipant and instance. */
export interface DeployedVersionsTable {
  readonly id: Generated<number>;
  readonly uuid: string;
  readonly version_id: number;
  readonly pacticipant_id: number;
  readonly environment_id: number;
  /** Empty text when the deployment names none. */
  readonly application_instance: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly undeployed_at: string | null;
}

/** `support_ended_at` is null while the version is supported. */
export interface ReleasedVersionsTable {
  readonly id: Generated<number>;
  readonly uuid: string;
  readonly version_id: number;
  readonly pacticipant_id: number;
  readonly environment_id: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly support_ended_at: string | null;
}

/** What replaying a content against a provider version said; the number clients see is `id` plus a fixed offset. */
export interface VerificationsTable {
  readonly id: Generated<number>;
  readonly pact_version_id: number;
  readonly consumer_id: number;
  readonly provider_id: number;
  readonly provider_version_id: number;
  readonly success: number;
  /** 1 when the run had the pact as work in progress. */
  readonly is_wip: number;
  /** 1 on the newest result of a content and provider version only. */
  readonly is_latest: number;
  readonly build_url: string | null;
  readonly created_at: string;
  /** JSON text of an object; null when not sent. */
  readonly verified_by: string | null;
  /** JSON text as sent, of any shape; null when not sent. Last, because it may be large. */
  readonly test_results: string | null;
}

/** What a run said about one interaction. */
export interface VerifiedInteractionsTable {
  readonly verification_id: number;
  readonly position: number;
  readonly interaction_id: string | null;
  readonly description: string | null;
  readonly success: number;
}

/** Failed results in which only interactions failed that the pact marks as pending. */
export interface PendingFailuresTable {
  readonly verification_id: number;
}

/** Failed results of runs in which the pact was pending, which therefore broke no provider's build. */
export interface PendingRunsTable {
  readonly verification_id: number;
}

export interface DecisionTables {
  readonly environments: EnvironmentsTable;
  readonly deployed_versions: DeployedVersionsTable;
  readonly released_versions: ReleasedVersionsTable;
  readonly verifications: VerificationsTable;
  readonly verified_interactions: VerifiedInteractionsTable;
  readonly pending_failures: PendingFailuresTable;
  readonly pending_runs: PendingRunsTable;
}
