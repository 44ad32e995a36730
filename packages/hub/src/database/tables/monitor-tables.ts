import type { LatencyCounts } from '../latency-columns.ts';

/** Spans by operation and the minute of the Unix epoch in which they began. Names that spans do not tell are empty texts. */
export interface OperationMinutesTable extends LatencyCounts {
  readonly service: string;
  readonly environment: string;
  readonly operation: string;
  /** `server`, `client`, …: the span's kind. */
  readonly kind: string;
  readonly minute: number;
  /** Sample weights applied, as in `errors` and `duration_micros`. */
  readonly calls: number;
  readonly errors: number;
  readonly duration_micros: number;
  /** Of the latest span. */
  readonly exemplar_trace_id: string;
}

/** Calls between two services by the minute in which they began: `parent` is who called or sent. */
export interface DependencyMinutesTable {
  readonly parent: string;
  readonly child: string;
  readonly minute: number;
  readonly calls: number;
  /** 1 while either of them sent no span of its own. */
  readonly virtual: number;
}

export interface MonitorTables {
  readonly dependency_minutes: DependencyMinutesTable;
  readonly operation_minutes: OperationMinutesTable;
}
