import type { Attributes } from '@concordat/domain';
import type { ReceivedSpan } from '../decode/received-span.ts';

/** A stored span as it is told: reading may change its place in the trace and in time, and then says so in `warnings`. */
export interface ToldSpan {
  readonly span: ReceivedSpan;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  /** Whole microseconds, added to the span's own times and to those of its events. */
  readonly shiftMicros: number;
  /** What stood on the span and tells of the SDK, so belongs to its resource; the same object for the same content. */
  readonly library: Attributes | undefined;
  readonly warnings: readonly string[];
}

/** Spans are never none, and the first one is the root, or the earliest where none is. */
export interface ToldTrace {
  readonly traceId: string;
  readonly spans: readonly ToldSpan[];
  /** How many of them name a parent that the trace does not hold. */
  readonly orphans: number;
  readonly warnings: readonly string[];
  /** As stored, without any correction. */
  readonly isRaw: boolean;
}

export function startOf({ span, shiftMicros }: ToldSpan): number {
  return span.startMicros + shiftMicros;
}

export function endOf(told: ToldSpan): number {
  return startOf(told) + told.span.durationMicros;
}

export function withWarning(told: ToldSpan, warning: string): ToldSpan {
  return { ...told, warnings: [...told.warnings, warning] };
}
