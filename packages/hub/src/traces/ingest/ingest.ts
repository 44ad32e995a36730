import type { SpanIntake, Transport, UnkeptSignal } from '../receive/span-intake.ts';
import type { TraceReader } from '../store/trace-reader.ts';
import type { EngineCounts } from './observed.ts';

/** Since the start, but for what is waiting now. */
export interface IngestCounts extends EngineCounts {
  /** Requests with metrics or logs, which were taken and dropped. */
  readonly unkept: Readonly<Record<UnkeptSignal, number>>;
  /** Bodies that could not be read to their end, or inflated. */
  readonly unreadable: Readonly<Partial<Record<Transport, number>>>;
}

/** The engine as the rest of the hub sees it, whichever thread it runs on. */
export interface Ingest extends SpanIntake {
  /** Every read sees what was taken before it. */
  readonly reader: TraceReader;
  /** Resolves when the calls of everything that was taken before have been told. */
  drain(): Promise<void>;
  /** As of the last telling: exact after `drain`, else at most about a second old. */
  counts(): IngestCounts;
  close(): Promise<void>;
}
