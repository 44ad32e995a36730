import type { SpanKind } from '@concordat/domain';
import type { ReceivedSpan } from '../decode/received-span.ts';

/** A trace never is empty: whoever reads `spans[0]` finds the root, or the earliest span where none is. */
export interface StoredTrace {
  readonly traceId: string;
  readonly spans: readonly ReceivedSpan[];
  /** Spans beyond the most that are read of one trace; absent when the trace is whole. */
  readonly omittedSpans?: number;
}

export interface TraceQuery {
  /** undefined means any. */
  readonly service: string | undefined;
  readonly operation: string | undefined;
  readonly tags: ReadonlyMap<string, string>;
  readonly fromMicros: number;
  readonly toMicros: number;
  readonly minDurationMicros: number | undefined;
  readonly maxDurationMicros: number | undefined;
  readonly limit: number;
}

export interface TimeRange {
  readonly fromMicros: number;
  readonly toMicros: number;
}

export interface StoredOperation {
  readonly name: string;
  readonly kind: SpanKind;
}

/**
 * Whoever keeps traces, read by Jaeger's rules: the hub's own store, or a real Jaeger. What it cannot answer (a broken
 * disk, a Jaeger that is down) is thrown; what it does not have is undefined or empty. Traces come without exact duplicates,
 * and of spans with the same id and kind the one that ended last.
 */
export interface TraceReader {
  /** Sorted by name. */
  services(): Promise<readonly string[]>;
  /** Sorted by name, then kind; of every kind where none is given; empty for a service that is not known. */
  operations(service: string, kind?: SpanKind): Promise<readonly StoredOperation[]>;
  /** 32 hex digits in lower case; the hint narrows the search, and a trace that lies outside it is found all the same. */
  trace(traceId: string, hint?: TimeRange): Promise<StoredTrace | undefined>;
  /** Whole traces, newest first, of which one single span meets every condition; times and durations inclusive. */
  search(query: TraceQuery): Promise<readonly StoredTrace[]>;
  /** Keeps the trace beyond retention, where `trace` finds it; false when there is no such trace. Twice is no error. */
  archive(traceId: string): Promise<boolean>;
  /** Resolves when a question would be answered; throws why not. */
  answers(): Promise<void>;
}
