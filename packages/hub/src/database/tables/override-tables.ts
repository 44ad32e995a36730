/** An exception from can-i-deploy, while it lasts; the audit log remembers those that have gone. Timestamps are UTC text. */
export interface OverridesTable {
  readonly uuid: string;
  readonly pacticipant: string;
  readonly version: string;
  readonly environment: string;
  /** The other side of the pair that is excused; null with both null for every pair. */
  readonly consumer: string | null;
  readonly provider: string | null;
  readonly reason: string;
  readonly created_by: string;
  readonly created_at: string;
  readonly ends_at: string;
}

export interface OverrideTables {
  readonly overrides: OverridesTable;
}
