import type { Generated } from 'kysely';

/** One clean-up, with how far it came: written anew with every batch it removes. */
export interface CleanRunsTable {
  readonly id: Generated<number>;
  readonly uuid: string;
  readonly started_at: string;
  readonly finished_at: string | null;
  /** `running`, `done`, `stopped` or `failed`. */
  readonly status: string;
  readonly started_by: string;
  /** JSON object. */
  readonly policy: string;
  /** JSON object: how many of each kind the decision wants to go. */
  readonly planned: string;
  /** JSON object: how many of each kind are gone. */
  readonly removed: string;
  readonly error: string | null;
}

/** Who may do the work of that name until when; `slot` is the last scheduled time that somebody took. */
export interface CleanClaimsTable {
  readonly name: string;
  readonly holder: string;
  readonly expires_at: string;
  readonly slot: string;
}

export interface CleanTables {
  readonly clean_runs: CleanRunsTable;
  readonly clean_claims: CleanClaimsTable;
}
