import type { Generated } from 'kysely';
import type { LatencyCounts } from '../latency-columns.ts';

/**
 * Observed calls, counted. Names that spans do not tell are empty texts, because they are part of the key. `bucket` is the minute of
 * the Unix epoch in which the calls began; 0 is the total of all time.
 */
export interface CallCountsTable {
  readonly consumer: string;
  readonly provider: string;
  /** `http`, `message`, `database` or `rpc`. */
  readonly transport: string;
  readonly environment: string;
  readonly operation: string;
  /** Status code, `none` without one, `message` for events. */
  readonly status: string;
  readonly consumer_version: string;
  readonly provider_version: string;
  readonly bucket: number;
  /** Sample weights applied, as in `failed`, `duration_micros` and `timed`. */
  readonly calls: number;
  /** Spans really seen; `decided` of them told enough to be judged. */
  readonly sampled: number;
  readonly decided: number;
  readonly failed: number;
  /** Sum over the `timed` calls: the provider's side where known, else the consumer's. */
  readonly duration_micros: number;
  readonly timed: number;
  /** 1 until the peer was seen sending spans of its own. */
  readonly consumer_virtual: number;
  readonly provider_virtual: number;
  /** Microseconds since the epoch, of the earliest and the latest call. */
  readonly first_seen: number;
  readonly last_seen: number;
  /** Of the latest call. */
  readonly exemplar_trace_id: string;
}

/** How long observed calls took, by the side that measured it; `bucket` as in `call_counts`. */
export interface EdgeLatenciesTable extends LatencyCounts {
  readonly consumer: string;
  readonly provider: string;
  readonly transport: string;
  readonly environment: string;
  readonly operation: string;
  /** `client`: who called or sent · `server`: who answered or received · `transit`: from sent to received. */
  readonly side: string;
  readonly bucket: number;
  readonly timed: number;
  readonly duration_micros: number;
}

/** During which operations a service called others; `bucket` as in `call_counts`. */
export interface OperationLinksTable {
  readonly service: string;
  readonly environment: string;
  readonly operation: string;
  /** `server` or `consumer`. */
  readonly kind: string;
  /** Of the call, as in `call_counts`; of a message the sender is `service`. */
  readonly transport: string;
  readonly called_service: string;
  readonly called_operation: string;
  readonly bucket: number;
  readonly calls: number;
  readonly last_seen: number;
  readonly exemplar_trace_id: string;
}

/** How often what a pact promises was used; `shape` names what spans can tell of an interaction. */
export interface UsageCountsTable {
  readonly consumer: string;
  readonly provider: string;
  readonly shape: string;
  readonly environment: string;
  readonly consumer_version: string;
  readonly provider_version: string;
  readonly bucket: number;
  readonly calls: number;
  readonly sampled: number;
  readonly first_seen: number;
  readonly last_seen: number;
  readonly exemplar_trace_id: string;
}

/** Since when a promise is watched: traffic before that says nothing about its use. */
export interface WatchedPromisesTable {
  readonly consumer: string;
  readonly provider: string;
  readonly transport: string;
  readonly shape: string;
  /** Microseconds since the epoch. */
  readonly since: number;
  /** `decided` of the edge's total at that time. */
  readonly calls_before: number;
}

/** Disagreements of traffic and contracts, and what became of them. Times are microseconds since the epoch. */
export interface FindingsTable {
  readonly id: string;
  readonly kind: string;
  readonly consumer: string;
  readonly provider: string;
  readonly environment: string;
  readonly operation: string;
  readonly calls: number;
  readonly first_seen: number;
  readonly last_seen: number;
  readonly exemplar_trace_id: string;
  /** JSON of the latest call, for judging it again when contracts change; empty where no call showed it. */
  readonly exemplar_call: string;
  /** null while it is open. */
  readonly resolved_at: number | null;
  readonly opened_at: number;
  /** When it last opened or was resolved, and the hub that said so. */
  readonly turned_at: number;
  readonly turned_by: string;
  /** When an event last told that it is still seen. */
  readonly told_at: number;
  /** The latest few traces, the latest first, comma between. */
  readonly exemplars: string;
  /** JSON of a finding that no call showed, as it was when an event last told it; else empty. */
  readonly said: string;
  readonly resolution: string | null;
  readonly acknowledged_by: string | null;
  readonly acknowledged_reason: string | null;
  readonly acknowledged_at: number | null;
  /** null for ever. */
  readonly acknowledged_until: number | null;
}

/** Every turn in the life of a finding; ids grow, so that whoever follows them knows where it was. */
export interface FindingEventsTable {
  readonly id: Generated<number>;
  readonly finding_id: string;
  readonly kind: string;
  readonly at: number;
  readonly by: string | null;
  readonly note: string | null;
}

export interface FindingDetailsTable {
  readonly finding_id: string;
  /** `consumer-version`, `provider-version`, `status` or `mismatch`. */
  readonly name: string;
  readonly value: string;
}

/** Versions that were seen running, by the names that spans give them. */
export interface RunningVersionsTable {
  readonly service: string;
  readonly version: string;
  readonly environment: string;
  /** The commit it was built from; empty where spans do not tell. */
  readonly revision: Generated<string>;
  /** 1 once it was found among what was ever recorded for the environment. */
  readonly recorded: number;
  readonly sightings: number;
  readonly first_seen: number;
  readonly last_seen: number;
  readonly exemplar_trace_id: string;
}

export interface InsightTables {
  readonly call_counts: CallCountsTable;
  readonly usage_counts: UsageCountsTable;
  readonly edge_latencies: EdgeLatenciesTable;
  readonly operation_links: OperationLinksTable;
  readonly watched_promises: WatchedPromisesTable;
  readonly findings: FindingsTable;
  readonly finding_details: FindingDetailsTable;
  readonly finding_events: FindingEventsTable;
  readonly running_versions: RunningVersionsTable;
}
