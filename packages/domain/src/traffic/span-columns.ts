import type { CallValues } from './call-attributes.ts';
import type { Resource, SpanLink } from './span.ts';

/**
 * Spans of one request, one array a property instead of one object a span: most spans are only remembered, counted and
 * stored, and at 100,000 a second an object for each is what costs most. Index `at` names the same span everywhere.
 */
export interface SpanColumns {
  readonly length: number;
  /** Eight words a span, each big-endian: trace id (four), span id (two), parent's span id (two; both 0 without a parent). */
  readonly ids: Uint32Array;
  /** OTLP's numbers: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kinds: Uint8Array;
  /** 0 unset, 1 ok, 2 error. */
  readonly statuses: Uint8Array;
  /** OTLP's flags word; 0x100 = the parent's remoteness is known, 0x200 = the parent is remote. */
  readonly flags: Uint32Array;
  /** Microseconds since the Unix epoch, whole. */
  readonly startMicros: Float64Array;
  /** Microseconds, with the fraction that the nanoseconds left; never negative. */
  readonly durationMicros: Float64Array;
  /** Index into `resources`. */
  readonly resourceOf: Uint32Array;
  readonly resources: readonly Resource[];
  /** Span names; equal names are the same string object where that costs nothing. */
  readonly names: readonly string[];
  traceState(at: number): string;
  /** Puts each attribute that has a `callPlaceOf` to its place, as it was sent; what the span does not have stays as it is. */
  readCallValues(at: number, into: CallValues): void;
  links(at: number): readonly SpanLink[];
}
