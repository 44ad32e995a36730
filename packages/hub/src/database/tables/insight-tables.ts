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

/** Disagreements that calls showed; those that follow from counts and records alone are judged when they are read. */
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
  /** JSON of the latest call, for judging it again when contracts change. */
  readonly exemplar_call: string;
  /** Microseconds since the epoch; null while it is open. */
  readonly resolved_at: number | null;
}

export interface FindingDetailsTable {
  readonly finding_id: string;
  /** `consumer-version`, `provider-version` or `status`. */
  readonly name: string;
  readonly value: string;
}

/** Versions that were seen running. */
export interface RunningVersionsTable {
  readonly service: string;
  readonly version: string;
  readonly environment: string;
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
  readonly running_versions: RunningVersionsTable;
}
