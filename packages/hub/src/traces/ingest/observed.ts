import type { Call, CallCause, OperationMinute, PairingCounts } from '@concordat/domain';
import type { ForwardCounts } from '../jaeger/forward-to-jaeger.ts';
import type { Transport } from '../receive/span-intake.ts';
import type { SegmentStoreCounts } from '../store/segment-store.ts';

/** A version of a service that was heard of. */
export interface ServiceSighting {
  readonly service: string;
  readonly version: string | undefined;
  /** The commit it was built from, where spans tell it. */
  readonly revision: string | undefined;
  readonly environment: string | undefined;
  readonly traceId: string;
  readonly atMicros: number;
}

/** Since the start, but for what is waiting now. */
export interface EngineCounts {
  readonly accepted: Readonly<Record<Transport, number>>;
  /** Spans refused one by one, for ids that are none. */
  readonly rejectedSpans: number;
  /** Requests that could not be decoded. */
  readonly decodeErrors: number;
  /** Bytes of bodies and spans that wait to be paired or written, which `take` bounds. */
  readonly queuedBytes: number;
  readonly pairing: PairingCounts;
  readonly store: SegmentStoreCounts;
  readonly forward: ForwardCounts | undefined;
}

/** What came of the spans since the last time. */
export interface Observed {
  readonly calls: readonly Call[];
  /** Calls that were told before, as far as they are remembered, of which a guard's verdict came late. */
  readonly verdicts: readonly Call[];
  /** Which requests and messages the services were working on when they made calls; told, as what follows, about once a second and before a `drain` resolves. */
  readonly causes: readonly CallCause[];
  readonly services: readonly ServiceSighting[];
  readonly operations: readonly OperationMinute[];
  readonly counts: EngineCounts;
}
