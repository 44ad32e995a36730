import type { Generated } from 'kysely';

/** A change made through the API. Never updated. */
export interface AuditEntriesTable {
  readonly id: Generated<number>;
  readonly at: string;
  /** `user`, `token`, `anonymous` or `hub`. */
  readonly actor_kind: string;
  readonly actor: string;
  /** Address of the client; empty for the hub's own work. */
  readonly client: string;
  readonly action: string;
  readonly method: string;
  readonly path: string;
  /** JSON list of names. */
  readonly pacticipants: string;
  /** JSON object: what else the request names. */
  readonly names: string;
  readonly status: number;
  readonly request_id: string;
}

export interface AuditTables {
  readonly audit_entries: AuditEntriesTable;
}
