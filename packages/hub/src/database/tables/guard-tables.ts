/** Verdicts of live guards; names and `bucket` as in `call_counts`, as the verdict tells them. */
export interface GuardCountsTable {
  readonly consumer: string;
  readonly provider: string;
  readonly environment: string;
  readonly operation: string;
  readonly bucket: number;
  readonly kept: number;
  readonly broken: number;
  readonly uncovered: number;
  readonly undecided: number;
  /** Microseconds since the epoch, with its trace; 0 and empty when none was broken. */
  readonly last_broken: number;
  readonly exemplar_trace_id: string;
}

/** What broken verdicts said, by rule and place; positions in arrays are `*`. */
export interface GuardMismatchesTable {
  readonly consumer: string;
  readonly provider: string;
  readonly environment: string;
  readonly operation: string;
  readonly part: string;
  readonly rule: string;
  readonly pointer: string;
  readonly bucket: number;
  readonly times: number;
  readonly last_seen: number;
  readonly exemplar_trace_id: string;
}

/** Fields of answers and events that live guards saw. */
export interface FieldUsageTable {
  readonly provider: string;
  readonly operation: string;
  readonly consumer: string;
  readonly consumer_version: string;
  readonly environment: string;
  /** JSON pointer with `*` for positions; empty for the whole, which is there whenever fields were looked at. */
  readonly pointer: string;
  /** Of the Unix epoch; 0 is the total of all time. */
  readonly day: number;
  readonly present: number;
  /** Of those, the ones where reading was watched; `times_read` of them were read. */
  readonly watched: number;
  readonly times_read: number;
  readonly first_seen: number;
  readonly last_seen: number;
  readonly exemplar_trace_id: string;
}

export interface GuardTables {
  readonly guard_counts: GuardCountsTable;
  readonly guard_mismatches: GuardMismatchesTable;
  readonly field_usage: FieldUsageTable;
}
